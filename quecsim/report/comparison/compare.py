"""The comparison as a whole, and its sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

from quecsim.report.comparison.host import host_differences
from quecsim.report.comparison.model import Comparison, Difference, Kind
from quecsim.report.comparison.outcome import outcome_differences, uploads_of
from quecsim.report.comparison.setup import MOST_LISTED, setup_differences
from quecsim.report.model import Report
from quecsim.trace.event import Event, Start

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Run:
    """A whole record (it begins with `Start`), its report, and what people call it."""

    name: str
    events: Sequence[Event]
    report: Report

    @property
    def start(self) -> Start:
        """How it began."""
        start = self.events[0]
        assert isinstance(start, Start)
        return start


def compare(before: Run, after: Run) -> Comparison:
    """What differs between the two, causes first."""
    setup = list(setup_differences(before.start, after.start))
    found = [
        *setup[:MOST_LISTED],
        *host_differences(before.events, after.events),
        *outcome_differences(before.report, after.report),
    ]
    order = list(Kind)
    found.sort(key=lambda difference: order.index(difference.kind))
    sentence = _sentence(before.report, after.report, found)
    unlisted = max(0, len(setup) - MOST_LISTED)
    return Comparison(before.name, after.name, sentence, found, unlisted)


def _sentence(before: Report, after: Report, found: Sequence[Difference]) -> str:
    return f"{_came(before, after, found)}. {_reasons(found)}."


def _came(before: Report, after: Report, found: Sequence[Difference]) -> str:
    """What came of it, in one clause for each file that came out otherwise."""
    a, b = uploads_of(before), uploads_of(after)
    told = []
    for name in a:
        if name in b and (a[name].verdict, a[name].lost) != (b[name].verdict, b[name].lost):
            was, now = (_short(each[name].verdict.value, each[name].lost) for each in (a, b))
            told.append(f"{name} was {was} before, and is {now} after")
    told += [f"{name} was uploaded before only" for name in a if name not in b]
    told += [f"{name} was uploaded after only" for name in b if name not in a]
    if not told and any(each.kind is Kind.OUTCOME for each in found):
        return "The files came out alike, but not everything about them"
    if not told:
        return "Both came out alike"
    more = len(told) - _MOST_NAMED
    others = f", and {more} more file{'s' if more > 1 else ''}" if more > 0 else ""
    return "; ".join(told[:_MOST_NAMED]) + others


def _short(word: str, lost: int) -> str:
    return f"{word} ({lost} bytes)" if lost else word


def _reasons(found: Sequence[Difference]) -> str:
    """The causes there can be."""
    told = [
        f"{begin}: {_named(causes)}"
        for kind, begin in _CAUSES
        if (causes := [each for each in found if each.kind is kind])
    ]
    return ". ".join(told) or "Set-up and host were the same"


_CAUSES = ((Kind.SETUP, "Set otherwise"), (Kind.HOST, "The host did otherwise"))


def _named(causes: Sequence[Difference]) -> str:
    named = [f"{each.what} ({each.before} -> {each.after})" for each in causes[:_MOST_NAMED]]
    more = [f"and {len(causes) - _MOST_NAMED} more"] if len(causes) > _MOST_NAMED else []
    return ", ".join([*named, *more])
