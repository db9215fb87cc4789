"""What the report of a real device says besides: how its host went about it.

A run of our own is judged by whoever knows what was to arrive (`quecsim.judge`). Of a real device
nobody does, but which rules its host broke is on record, and belongs to the answer.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from quecsim.judge.conduct import ConductWatch
from quecsim.report.model import Advice, Report
from quecsim.trace.event import Event

_ELSEWHERE = "`quecsim check` judges it, with a simulated device"


def with_conduct(report: Report, events: Sequence[Event]) -> Report:
    """The report of a real device with the host's breaches as advice; any other as it is."""
    if not report.origin.heard_from:
        return report
    watch = ConductWatch()
    watch.feed(events)
    watch.until(report.at_ns)
    broken = [
        Advice(
            kind=each.rule,
            seen=each.text,
            advice=each.advice,
            at_ns=each.at_ns,
            offset=each.offset,
        )
        for each in watch.breaches()
    ]
    notes = [
        Advice(kind="not-judged", seen=note, advice=_ELSEWHERE, at_ns=report.at_ns, is_note=True)
        for note in watch.notes()
    ]
    return replace(report, advice=[*broken, *report.advice, *notes])
