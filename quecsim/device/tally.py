"""The faults of a run and how often each has fired; what else there was that one could hit."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from quecsim.faults.spec import Fault
from quecsim.trace.event import FaultFired
from quecsim.trace.recorder import Recorder

# What a run counts for itself; the rig adds bytes and flash operations.
POINTS = ("command", "connect", "ack", "info", "result", "reply", "data_byte")


@dataclass(slots=True)
class Armed:
    """Fault number `index` of the run, ready to fire; `seen` counts what it could have hit."""

    index: int
    fault: Fault
    seen: int = 0


class Tally:
    """Numbers the faults and puts each firing on record."""

    def __init__(self, record: Recorder) -> None:
        self.faults: list[Fault] = []
        self.points: Counter[str] = Counter(dict.fromkeys(POINTS, 0))
        self.fired: Counter[int] = Counter()
        self._record = record

    def add(self, fault: Fault) -> int:
        """The fault's number."""
        self.faults.append(fault)
        return len(self.faults) - 1

    def fire(self, index: int, at_ns: int, what: str) -> None:
        """It happened; `what` it hit, in words."""
        self.fired[index] += 1
        self._record.add(FaultFired(at_ns, index, self.faults[index].kind, what))


def of_kinds(armed: Sequence[Armed], *kinds: type) -> list[Armed]:
    """Those of the given kinds, in their order."""
    return [one for one in armed if isinstance(one.fault, kinds)]
