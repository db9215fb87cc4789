"""From findings to a profile of one's own: TOML that extends the nearest shipped one, with every
measured value as `measured`, its source and its interval; the rest is inherited, and listed with
the reason.
"""

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from msgspec import to_builtins

from quecsim.probe.applied import applied, misfit
from quecsim.probe.finding import Finding, not_measured
from quecsim.profiles.finding import finding as how_to_find_out
from quecsim.profiles.rules import broken_rules
from quecsim.profiles.schema import Profile
from quecsim.profiles.starting import toml_value

_WIDTH = 118
_SEEN = "seen."
_PARTS_BEYOND = ("radio", "tcpip", "link", "sockets", "tls", "mqtt", "http", "questions", "ftp",
                 "wireless", "ble", "wifi", "fota")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Occasion:
    """When and on what it was measured: `date` (2026-05-01), the port, the module's firmware, and
    the file with the log, if there is one. `stopped` says why the probe ended early.
    """

    date: str
    port: str
    firmware: str
    log: str = ""
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """The text of the profile, and what of the findings is in it, or not, and why."""

    text: str
    measured: tuple[Finding, ...]
    missing: tuple[Finding, ...]


def profile_text(
    base: Profile, findings: Iterable[Finding], notes: Iterable[str], occasion: Occasion
) -> Written:
    """The profile. What a profile cannot hold, or what breaks its rules, is among `missing`."""
    findings = tuple(findings)
    seen = [each for each in findings if each.key.startswith(_SEEN) and each.is_measured]
    good, missing = _sorted_out(base, tuple(e for e in findings if not e.key.startswith(_SEEN)))
    lines = [
        *_head(base, occasion, good),
        f"extends = {toml_value(base.name)}",
        f"title = {toml_value(_title(base, good, occasion))}",
        *_tables(good, occasion),
        *_comments("Seen besides, which a profile has no key for:", (*map(_shown, seen), *notes)),
        *_comments(
            f"Not measured, and as {base.name} has it:",
            (f"{each.key}: {each.why_not}" for each in missing),
        ),
        *_unprobed(base, [*good, *missing]),
    ]
    return Written("\n".join(lines) + "\n", good, missing)


def _sorted_out(
    base: Profile, findings: tuple[Finding, ...]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """(those that go into a profile, the others)"""
    good, missing = {}, {each.key: each for each in findings if not each.is_measured}
    for each in findings:
        if each.is_measured:
            if why_not := misfit(base, each):
                missing[each.key] = not_measured(each.key, why_not)
            else:
                good[each.key] = each
    while broken := _broken(base, good):
        key, why_not = broken
        missing[key] = not_measured(key, f"{good.pop(key).value!r} was measured, but {why_not}")
    here = (each for each in missing.values() if _has_part(base, each))
    return tuple(good.values()), tuple(here)


def _has_part(base: Profile, finding: Finding) -> bool:
    """What is of no use to the nearest profile is not missed: it is a device without that."""
    return finding.is_measured or getattr(base, finding.key.partition(".")[0]) is not None


def _broken(base: Profile, good: dict[str, Finding]) -> tuple[str, str] | None:
    """A finding that breaks a rule together with the rest, and which rule that is."""
    for keys, message, hint in broken_rules(applied(base, good.values())):
        names = [f"{part}.{key}" for part, key in keys if f"{part}.{key}" in good]
        if names:
            return names[0], f"{message} ({hint})"
    return None


def _head(base: Profile, occasion: Occasion, good: tuple[Finding, ...]) -> Iterator[str]:
    port, log = _plain(occasion.port), _plain(occasion.log)
    count = sum(not each.is_in_part for each in good)
    yield f"# Measured by `quecsim probe {port}` on {occasion.date}: {count} values."
    yield "#"
    if occasion.stopped:
        yield f"# The probe did not come to its end: {_plain(occasion.stopped)}."
    if log:
        yield f"# Every exchange with its time: {log}"
        yield f"#   quecsim report {log} --dialogue"
    yield f"# What is not here is as {base.name} has it: `quecsim devices show {base.name}`."
    yield ""


def _title(base: Profile, good: tuple[Finding, ...], occasion: Occasion) -> str:
    known = {each.key: each.value for each in good}
    model = known.get("identity.model", base.title)
    return f"{model}, measured on {occasion.date}"[:80]


def _tables(good: tuple[Finding, ...], occasion: Occasion) -> Iterator[str]:
    for part in dict.fromkeys(each.key.partition(".")[0] for each in good):
        yield ""
        yield f"[{part}]"
        for each in good:
            if each.key.startswith(f"{part}."):
                yield f"{each.key.partition('.')[2]} = {toml_value(_known(each, occasion))}"


def _known(finding: Finding, occasion: Occasion) -> dict[str, Any]:
    where = f"probe of {occasion.date}, firmware {occasion.firmware}"
    part = "in part by a " if finding.is_in_part else ""
    source = _plain(f"{part}{where}: {finding.method}, {_runs(finding)}")
    how = "assumed" if finding.is_in_part else "measured"  # no more than the least of it
    return {"value": to_builtins(finding.value), "how": how, "source": source}


def _runs(finding: Finding) -> str:
    """`3 runs, from 950 to 1050`."""
    runs = f"{finding.runs} run{'' if finding.runs == 1 else 's'}"
    if finding.low is None:
        return runs
    if finding.low == finding.high:
        return f"{runs}, exact"
    return f"{runs}, from {finding.low} to {finding.high}"


def _shown(finding: Finding) -> str:
    name = finding.key.removeprefix(_SEEN)
    return f"{name}: {finding.value} ({finding.method}, {_runs(finding)})"


def _comments(head: str, texts: Iterable[str]) -> Iterator[str]:
    texts = list(texts)
    if not texts:
        return
    yield ""
    yield f"# {head}"
    for text in texts:
        yield from _wrapped(text)


def _wrapped(text: str) -> list[str]:
    """A text as lines of a comment."""
    return textwrap.wrap(_plain(text), _WIDTH, initial_indent="#   ", subsequent_indent="#     ")


def _plain(text: str) -> str:
    """On one line; what is no plain text in it is shown as escapes."""
    return "".join(c if c.isprintable() and c.isascii() else ascii(c)[1:-1] for c in text)


def _unprobed(base: Profile, findings: list[Finding]) -> Iterator[str]:
    """The values that no step asks for, and how to find them out."""
    asked = {each.key for each in findings}
    keys = [key for key in base.provenance if key not in asked]
    here = [key for key in keys if key.partition(".")[0] not in _PARTS_BEYOND]
    yield from _comments(
        "Not asked for, and how to find it out:",
        (f"{key}: {how_to_find_out(key)}" for key in here),
    )
    parts = dict.fromkeys(key.partition(".")[0] for key in keys if key not in here)
    if parts:
        why = "these are of the network, the SIM or the radio, which a probe leaves alone"
        yield from _comments(f"Not asked for: {why}:", [", ".join(f"[{part}]" for part in parts)])
