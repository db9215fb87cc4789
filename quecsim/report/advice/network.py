"""What to do about connections that failed, one entry for each cause."""

from collections.abc import Iterator

from msgspec.structs import replace

from quecsim.border import Why
from quecsim.flash.labels import label_of
from quecsim.report.answer import is_question, reason_of, where_of, words
from quecsim.report.codes import DOWNLOADS
from quecsim.report.connection import Came, Connection, NetworkReport, Outcome
from quecsim.report.model import Advice
from quecsim.report.reasons import (
    DAMAGED_ADVICE,
    DOWNLOAD_ADVICE,
    DROPPED_ADVICE,
    REFUSED_ADVICE,
    SILENT_ADVICE,
    SILENT_DEVICE,
)

_OF_OUTCOMES = {
    Outcome.REFUSED: ("client-refused", REFUSED_ADVICE),
    Outcome.DROPPED: ("dropped", DROPPED_ADVICE),
}
_SEEN = {
    Outcome.FAILED: "{owner} could not connect to {where} ({why})",
    Outcome.REFUSED: "{where} did not take {owner}",
    Outcome.DROPPED: "{owner} lost its connection to {where} ({why})",
}
_UNANSWERED = "{owner} had no answer about {where} ({why})"


def network_advice(network: NetworkReport) -> list[Advice]:
    """In the order in which the connections were asked for."""
    found: dict[tuple[str, str], Advice] = {}
    for each in network.connections:
        if (advice := _advice(each)) is not None:
            key = advice.kind, advice.advice
            known = found.get(key)
            found[key] = advice if known is None else replace(known, count=known.count + 1)
    return list(found.values())


def _advice(made: Connection) -> Advice | None:
    seen = _SEEN.get(made.outcome)
    if seen is None:
        return None
    if is_question(made):
        seen = _UNANSWERED
    kind, text = _OF_OUTCOMES.get(made.outcome) or (
        made.why.replace(":", "-"),
        reason_of(made).advice.format(**words(made)),
    )
    if made.outcome is Outcome.REFUSED and made.command in DOWNLOADS:
        text = DOWNLOAD_ADVICE
    elif made.outcome is Outcome.REFUSED and made.why != Why.REFUSED:
        text = SILENT_ADVICE
    if made.outcome is Outcome.DROPPED and reason_of(made) is SILENT_DEVICE:
        text = SILENT_DEVICE.advice
    if damaged := next(iter(_damaged(made)), ""):
        text = DAMAGED_ADVICE.format(file=damaged)
    return Advice(
        kind=f"network-{kind or 'unknown'}",
        seen=seen.format(owner=made.owner, where=where_of(made), why=made.why),
        advice=text,
        at_ns=made.over_ns or made.asked_ns,
        name=label_of(made.file) if made.file else "",
    )


def _damaged(made: Connection) -> Iterator[str]:
    """The file at fault, where it did not arrive whole; of TLS any file may be."""
    if made.outcome is Outcome.FAILED and made.why.startswith("tls:"):
        wanted = label_of(made.file) if made.file else ""
        for file in made.files:
            if file.came is Came.DAMAGED and wanted in ("", label_of(file.name)):
                yield file.name
