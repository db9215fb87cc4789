"""Types of options: times, sizes and rates with their unit, and factors.

Each option says with which unit a bare number is read; whatever it is, the command gets a whole
number of one unit.
"""

from decimal import Decimal
from typing import Any

import click

from quecsim.quantity import RATE, SIZE, TIME, Dimension, QuantityError, parse, shown


class Quantity(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """A value with its unit, as a whole number of `unit`; `low` and `high` are of `bare`, the unit
    of a number that has none.
    """

    def __init__(
        self, dimension: Dimension, unit: str, low: str, high: str, *, bare: str = ""
    ) -> None:
        self.dimension, self.unit, self.bare = dimension, unit, bare or unit
        self.low, self.high = low, high
        self.name = dimension.name
        self.metavar = dimension.name.upper()

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number of units. A default that is a number is one already."""
        if isinstance(value, int):
            return value
        try:
            number, low, high = map(self._number, (str(value), self.low, self.high))
        except QuantityError as error:
            self.fail(str(error), param, ctx)
        if not low <= number <= high:
            allowed = f"it can be from {self.low} to {self.high} {self.bare}"
            self.fail(f"{shown(str(value))} is out of range: {allowed}", param, ctx)
        return number

    def _number(self, text: str) -> int:
        return parse(text, self.dimension, self.unit, bare=self.bare)


def milliseconds(low: int, high: int) -> Quantity:
    """A time as whole milliseconds, which are also meant where no unit is written."""
    return Quantity(TIME, "ms", str(low), str(high))


def seconds(low: str, high: str, *, unit: str = "ns") -> Quantity:
    """A time in nanoseconds (or `unit`); where no unit is written, seconds are meant."""
    return Quantity(TIME, unit, low, high, bare="s")


def size(low: int, high: int) -> Quantity:
    """A number of bytes."""
    return Quantity(SIZE, "bytes", str(low), str(high))


def rate(low: int, high: int) -> Quantity:
    """A rate in baud."""
    return Quantity(RATE, "baud", str(low), str(high))


class Factor(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """A plain number from `low` to `high`: no infinity, and nothing that is no number."""

    name = "factor"

    def __init__(self, low: str, high: str) -> None:
        self.low, self.high, self.metavar = low, high, "X"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The factor."""
        text = str(value).strip()
        is_plain = text.isascii() and text.replace(".", "", 1).isdigit() and len(text) < 20
        if not is_plain or not Decimal(self.low) <= Decimal(text) <= Decimal(self.high):
            wanted = f"it can be a number from {self.low} to {self.high}"
            self.fail(f"{shown(str(value))}: {wanted}", param, ctx)
        return float(text)


class SinceType(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """`start`, `now`, or the number of an event."""

    name = "since"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> str | int:
        """Parse --since."""
        if value in ("start", "now"):
            return str(value)
        if not str(value).isdecimal():
            self.fail(f"{value!r}: write start, now, or the number of an event", param, ctx)
        return int(value)
