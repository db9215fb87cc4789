"""Which of the points that faults could hit (`quecsim.faults.points`) a search has hit."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from quecsim.faults.fault import Fault
from quecsim.faults.points import POINT_WORDS
from quecsim.fuzz.finding import CaseRun


@dataclass(slots=True)
class Coverage:
    """What has been hit so far: fault kinds, and points of each."""

    fired: Counter[str] = field(default_factory=Counter)
    points: dict[str, int] = field(default_factory=dict)
    hit: dict[tuple[str, str], set[int]] = field(default_factory=dict)

    def note(self, run: CaseRun) -> None:
        """Count what a run has hit. How much there is, runs without a fault tell: a host that
        tries again has more of everything.
        """
        if not run.fired:
            for point, count in (run.points or {}).items():
                self.points[point] = max(self.points.get(point, 0), count)
        for fault in run.fired:
            self.fired[fault.kind] += 1
            for point, number in aimed_at(fault):
                self.hit.setdefault((fault.kind, point), set()).add(number)

    @property
    def connects(self) -> bool:
        """The host has asked for a connection, as far as is known: faults of the network matter."""
        return not self.points or bool(self.points.get("connection"))

    @property
    def joins(self) -> bool:
        """The device had a connection over Bluetooth LE, or wanted one, as far as is known."""
        wanted = (self.points.get(point) for point in ("ble_connection", "ble_join"))
        return not self.points or any(wanted)

    def lines(self) -> list[str]:
        """For people: `power_cut: 41 of 212 flash operations`."""
        told = [
            f"{kind}: {len(numbers)} of {max(self.points.get(point, 0), max(numbers))}"
            f" {POINT_WORDS.get(point, point)}"
            for (kind, point), numbers in sorted(self.hit.items())
        ]
        with_points = {kind for kind, _ in self.hit}
        others = sorted(kind for kind in self.fired if kind not in with_points)
        return [*told, *(f"{kind}: {times_text(self.fired[kind])}" for kind in others)]

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        aims: list[Mapping[str, object]] = [
            {"kind": kind, "point": point, "hit": len(numbers), "of": self.points.get(point, 0)}
            for (kind, point), numbers in sorted(self.hit.items())
        ]
        return {"fired": dict(sorted(self.fired.items())), "points": self.points, "hit": aims}


def times_text(count: int) -> str:
    """`once`, `2 times`."""
    return "once" if count == 1 else f"{count} times"


def aimed_at(fault: Fault) -> list[tuple[str, int]]:
    """(point, number) of a fault that is aimed at one."""
    numbers = {point: aim.number(fault) for point, aim in fault.AIMS.items()}
    return [(point, number) for point, number in numbers.items() if number is not None]
