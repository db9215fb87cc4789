"""One sentence that joins what happened to the bytes with what the host did: the why of a check."""

from collections.abc import Sequence

from quecsim.judge.conduct_rules import Breach
from quecsim.judge.file import FileVerdict
from quecsim.report.model import Loss, Upload, Verdict
from quecsim.trace.kinds import opening


def because(told: FileVerdict, breaches: Sequence[Breach]) -> str:
    """Why the upload is not intact; empty where it is, or where nothing more is known."""
    upload = told.upload
    if upload is None or told.verdict is Verdict.INTACT:
        return ""
    by_rule: dict[str, Breach] = {}
    for each in breaches:
        by_rule.setdefault(each.rule, each)
    if "line-mismatch" in by_rule:
        return by_rule["line-mismatch"].text
    if upload.losses:
        return _lost(upload, upload.losses[0], by_rule)
    for rule, text in _SPOILED.items():
        if rule in by_rule:
            return text
    return ""


def _lost(upload: Upload, loss: Loss, by_rule: dict[str, Breach]) -> str:
    place = f"byte {loss.offset} of the stream" if loss.at_byte is None else f"byte {loss.at_byte}"
    if "data-before-connect" in by_rule and loss.first_ns < upload.begin_ns:
        return f"{place} was lost because you sent it before {opening(upload.command)}"
    hasty = by_rule.get("no-wait-for-ack")
    if hasty is not None and loss.cause == "ring" and (hasty.offset or 0) <= loss.offset:
        return f"{place} was lost because you did not wait for `A`: {loss.why}"
    if loss.cause == "ring":
        return f"{place} was lost because nothing held you back ({_help(upload)}): {loss.why}"
    return f"{place} was lost: {loss.why}"


def _help(upload: Upload) -> str:
    """What would have; ACK mode is QFUPL's alone."""
    flow = "RTS/CTS on both ends, or pauses"
    return f"use ACK mode, {flow}" if upload.command == "+QFUPL" else f"use {flow}"


_SPOILED = {
    "existing-file": "the upload was refused because you did not delete the old file",
    "command-in-data-mode": "the file is spoiled because you sent a command into data mode",
    "data-before-connect": "the file is spoiled because you sent data before CONNECT",
}
