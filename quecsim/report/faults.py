"""The faults of a run for the report: what was asked for, and how often each has fired."""

from dataclasses import dataclass

from quecsim.faults.spec import Fault
from quecsim.faults.words import fault_text
from quecsim.report.model import FaultCount
from quecsim.trace.event import FaultFired, FaultInjected, Start


@dataclass(slots=True)
class _Entry:
    fault: Fault
    fired: int = 0
    first_ns: int | None = None
    first: str = ""


class FaultCounts:
    """Counts firings by the number of the fault."""

    def __init__(self) -> None:
        self._entries: dict[int, _Entry] = {}

    def start(self, event: Start) -> None:
        """The faults of the scenario."""
        self._entries = {index: _Entry(fault) for index, fault in enumerate(event.faults)}

    def injected(self, event: FaultInjected) -> None:
        """One more."""
        self._entries[event.index] = _Entry(event.fault)

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
                entry.fault.kind,
                fault_text(entry.fault),
                entry.fired,
                entry.first_ns,
                entry.first,
            )
            for index, entry in sorted(self._entries.items())
        ]
