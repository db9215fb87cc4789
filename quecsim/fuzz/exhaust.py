"""Every point of an upload: one case for each place that a kind of fault can be aimed at.

    power_cut:flash_op                 the power cut at every flash operation
    drop_bytes:byte                    every byte dropped, one at a time
    connect_late:connect,delay_ms=500  with values of the fault's own

An upload without any fault counts the points first. Several kinds together give every combination.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from msgspec.structs import replace

from quecsim.errors import QuecsimError
from quecsim.faults.catalogue import KINDS, read_fault
from quecsim.faults.fault import Fault
from quecsim.faults.points import POINT_WORDS
from quecsim.profiles.toml_check import did_you_mean
from quecsim.scenario.schema import Scenario

# The kinds that can be aimed.
_AIMED = {kind: fault for kind, fault in KINDS.items() if fault.AIMS}


@dataclass(frozen=True, slots=True)
class Every:
    """One kind of fault at every number of one kind of point, `values` being the same for all."""

    kind: str
    point: str
    values: Mapping[str, Any]

    def fault(self, number: int) -> Fault:
        """The fault at point `number` (from 1)."""
        aim = KINDS[self.kind].AIMS[self.point]
        table = {**aim.values, **self.values, aim.key: number, "kind": self.kind}
        try:
            return read_fault(table)
        except QuecsimError as error:
            raise QuecsimError(
                error.message, hint=error.hint, where=f"--every {self.kind}"
            ) from None

    def numbers(self, points: Mapping[str, int], step: int) -> range:
        """The numbers to try: 1, 1 + step, ... up to as many points as the upload has."""
        return range(1, points.get(self.point, 0) + 1, step)


def parse_every(text: str) -> Every:
    """`KIND[:POINT][,key=value...]`. Raises QuecsimError that says what there is."""
    head, *settings = text.split(",")
    kind, _, point = head.partition(":")
    if kind not in _AIMED:
        raise QuecsimError(
            f"--every {kind}: there is no such fault with places to aim at",
            hint=did_you_mean(kind, _AIMED),
        )
    points = _AIMED[kind].AIMS
    if point and point not in points:
        raise QuecsimError(
            f"--every {kind}:{point}: no such point", hint=f"points are: {', '.join(points)}"
        )
    values = dict(_AIMED[kind].AIMED_WITH)
    values.update(_setting(text, setting) for setting in settings)
    return Every(kind, point or next(iter(points)), values)


def _setting(text: str, setting: str) -> tuple[str, Any]:
    key, equals, value = setting.partition("=")
    if not equals:
        raise QuecsimError(
            f"--every {text}: {setting!r} is no key=value", hint="for instance off_ms=100"
        )
    return key, int(value) if value.isdigit() else value


@dataclass(frozen=True, slots=True)
class Plan:
    """All combinations of `everies` on `case`, whose upload has `points`."""

    case: Scenario
    everies: Sequence[Every]
    points: Mapping[str, int]
    step: int = 1

    def __len__(self) -> int:
        count = 1
        for every in self.everies:
            count *= len(every.numbers(self.points, self.step))
        return count

    def cases(self) -> Iterator[Scenario]:
        """One case for each combination."""
        numbers = (every.numbers(self.points, self.step) for every in self.everies)
        for combination in product(*numbers):
            faults = [
                every.fault(number) for every, number in zip(self.everies, combination, strict=True)
            ]
            yield replace(self.case, faults=(*self.case.faults, *faults))

    def text(self) -> str:
        """What will be run, for people."""
        parts = [
            f"{each.kind} at {len(each.numbers(self.points, self.step))} of "
            f"{self.points.get(each.point, 0)} {POINT_WORDS.get(each.point, each.point)}"
            for each in self.everies
        ]
        return f"{' x '.join(parts)}: {len(self)} cases"
