"""The faults of a run, numbered, and on record each time that one of them fires."""

from collections import Counter
from dataclasses import dataclass

from quecsim.faults.fault import Fault
from quecsim.faults.points import COUNTED_POINTS
from quecsim.trace.event import FaultFired
from quecsim.trace.recorder import Recorder


class Firings:
    """Numbers the faults, puts each firing on record, and counts the points of the run."""

    def __init__(self, record: Recorder) -> None:
        self.points: Counter[str] = Counter(dict.fromkeys(COUNTED_POINTS, 0))
        self.count = 0
        self._record = record

    def add(self, fault: Fault, from_ns: int) -> "Armed":
        """One more fault of the run, which counts from `from_ns` on."""
        self.count += 1
        return Armed(self.count - 1, fault.kind, from_ns, self._record)


@dataclass(slots=True, eq=False)
class Armed:
    """Fault number `index` of the run, ready to fire; `seen` counts what it could have hit."""

    index: int
    kind: str
    from_ns: int
    _record: Recorder
    seen: int = 0

    def fire(self, at_ns: int, what: str) -> None:
        """It has taken effect; `what` it hit, in words."""
        self._record.add(FaultFired(at_ns, self.index, self.kind, what))
