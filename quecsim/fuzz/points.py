"""Fault points: what of a run faults could hit, which of it was hit, and one case for each.

A point is a place in a run that a fault can be aimed at: byte 17 of the host's stream, the second
`A`, the fortieth operation of the flash. `Rig.fault_points()` counts those of a run.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from quecsim.faults.spec import Fault
from quecsim.fuzz.finding import Run


@dataclass(frozen=True, slots=True)
class Aim:
    """How a fault is aimed at a point: the key with its number, and values that go with it."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)

    def number(self, fault: Fault) -> int | None:
        """The number of the point that `fault` is aimed at in this way, if it is."""
        fits = all(getattr(fault, key) == value for key, value in self.values.items())
        number: int | None = getattr(fault, self.key) if fits else None
        return number


_LINE = {
    "byte": Aim("at_byte", {"direction": "to_device"}),
    "byte_to_host": Aim("at_byte", {"direction": "to_host"}),
}

# kind -> point -> how; the first is meant where none is named
AIMS: dict[str, dict[str, Aim]] = {
    "bit_error": _LINE,
    "drop_bytes": _LINE,
    "insert_bytes": _LINE,
    "break": _LINE,
    "ack_late": {"ack": Aim("ack")},
    "ack_lost": {"ack": Aim("ack")},
    "connect_late": {"connect": Aim("connect")},
    "error_reply": {"command": Aim("call")},
    "split_reply": {"reply": Aim("reply")},
    "power_cut": {"flash_op": Aim("at_flash_op"), "data_byte": Aim("at_byte")},
    "reset": {"data_byte": Aim("at_byte")},
    "urc": {
        "result": Aim("nth", {"moment": "before_result"}),
        "connect": Aim("nth", {"moment": "before_connect"}),
        "ack": Aim("nth", {"moment": "before_ack"}),
        "info": Aim("nth", {"moment": "inside_reply"}),
        "data_byte": Aim("at_byte"),
    },
}

POINT_WORDS = {
    "byte": "bytes",
    "byte_to_host": "bytes to the host",
    "data_byte": "bytes of data",
    "ack": "acknowledgements",
    "connect": "CONNECTs",
    "command": "commands",
    "reply": "replies",
    "info": "lines of information",
    "result": "results",
    "flash_op": "flash operations",
}


@dataclass(slots=True)
class Coverage:
    """What has been hit so far: fault kinds, and points of each."""

    fired: Counter[str] = field(default_factory=Counter)
    points: dict[str, int] = field(default_factory=dict)
    hit: dict[tuple[str, str], set[int]] = field(default_factory=dict)

    def note(self, run: Run) -> None:
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
    aims = AIMS.get(fault.kind, {})
    numbers = {point: aim.number(fault) for point, aim in aims.items()}
    return [(point, number) for point, number in numbers.items() if number is not None]
