"""The faults of a run for the report: what was asked for, and how often each has fired."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from quecsim.faults.catalogue import table_words
from quecsim.report.model import FaultCount
from quecsim.trace.event import FaultFired, FaultInjected, Start

MOST_FAULTS = 1000


@dataclass(slots=True)
class _Entry:
    kind: str
    text: str
    fired: int = 0
    first_ns: int | None = None
    first: str = ""


class FaultCounts:
    """Counts firings by the number of the fault; of those that are put in later, the newest."""

    def __init__(self) -> None:
        self._entries: dict[int, _Entry] = {}
        self.handlers: dict[type, Callable[[Any], None]] = {
            Start: self.start,
            FaultInjected: self.injected,
            FaultFired: self.fired,
        }

    def start(self, event: Start) -> None:
        """The faults of the scenario."""
        self._entries = {index: _entry(table) for index, table in enumerate(event.faults)}

    def injected(self, event: FaultInjected) -> None:
        """One more."""
        if len(self._entries) >= MOST_FAULTS:
            del self._entries[next(iter(self._entries))]
        self._entries[event.index] = _entry(event.fault)

    def fired(self, event: FaultFired) -> None:
        """One of them happened."""
        entry = self._entries.get(event.index)
        if entry is None:
            return
        entry.fired += 1
        if entry.first_ns is None:
            entry.first_ns, entry.first = event.at_ns, event.what

    def counts(self) -> list[FaultCount]:
        """For the report, in the order of their numbers."""
        return [
            FaultCount(
                index,
                entry.kind,
                entry.text,
                entry.fired,
                entry.first_ns,
                entry.first,
            )
            for index, entry in sorted(self._entries.items())
        ]


def _entry(table: Mapping[str, Any]) -> _Entry:
    return _Entry(str(table.get("kind")), table_words(table))
