"""What the faults of the line have in common: a direction, and bytes that they hit."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar

from msgspec import Meta

from quecsim.faults.armed import Armed
from quecsim.faults.fault import Count, Fault, Number, Options, Problem
from quecsim.faults.places import Direction, Places
from quecsim.faults.places.wire import Hit
from quecsim.faults.points import Aim
from quecsim.rng import Stream

PerMillion = Annotated[int, Meta(ge=1, le=1_000_000)]

STREAM_BYTES: Options = (1, 10, 100, 1000, range(1, 3001))
ANSWER_BYTES: Options = (1, 10, 20, 50, 100, range(1, 201))
RATES: Options = (1000, 10_000)

WIRE_AIMS = {
    "byte": Aim("at_byte", {"direction": "to_device"}),
    "byte_to_host": Aim("at_byte", {"direction": "to_host"}),
}


def drawn(**more: Options) -> tuple[Mapping[str, Options], ...]:
    """How a fault of bytes is drawn, with `more` keys."""
    return (
        {"at_byte": STREAM_BYTES, **more},
        {"direction": ("to_host",), "at_byte": ANSWER_BYTES, **more},
        {"per_million": RATES},
    )


class WireFault(Fault, frozen=True, kw_only=True, tag=""):
    """A fault of one direction of the line."""

    NEEDS_UART: ClassVar[bool] = True
    MISLEADS: ClassVar[bool] = True
    EXPLAINS: ClassVar[frozenset[str]] = frozenset(("noise",))
    AIMS: ClassVar[Mapping[str, Aim]] = WIRE_AIMS

    direction: Direction = "to_device"

    def words(self) -> str:
        """As `what`, with the direction where it is the rarer one."""
        return f"{self.what()}{self.where()}"

    def what(self) -> str:
        """The words without the direction."""
        raise NotImplementedError

    def where(self) -> str:
        """The direction, where it is the rarer one."""
        return " to the host" if self.direction == "to_host" else ""


class ByteFault(WireFault, frozen=True, kw_only=True, tag=""):
    """A fault that hits bytes: at one place, or now and then."""

    ONE_OF: ClassVar[tuple[str, ...]] = ("at_byte", "per_million")

    at_byte: Number | None = None
    per_million: PerMillion | None = None

    def count_hit(self) -> int:
        """How many bytes it hits in a row."""
        return 1

    def strike(self, hit: Hit, stream: Stream, /) -> str:
        """What it adds to a byte that it hits; returns the words before `byte 7`."""
        raise NotImplementedError

    def arm(self, armed: Armed, places: Places) -> None:
        """From the next byte on."""
        wire = places.wires[self.direction]
        if self.at_byte is not None:
            first = wire.passed + self.at_byte - 1
            wire.faults.at_bytes(armed, first, self.count_hit(), self.strike)
        else:
            assert self.per_million is not None
            wire.faults.now_and_then(armed, wire.passed, self.per_million, self.strike)

    def bytes_text(self) -> str:
        """The bytes that it hits, in words."""
        if self.at_byte is None:
            return f"{self.per_million} bytes of a million"
        count = self.count_hit()
        return f"byte {self.at_byte}" if count == 1 else f"{count} bytes from byte {self.at_byte}"


class CountedFault(ByteFault, frozen=True, kw_only=True, tag=""):
    """A fault that hits `count` bytes in a row, or single ones now and then."""

    count: Count = 1

    def count_hit(self) -> int:
        """How many bytes it hits in a row."""
        return self.count

    def problems(self) -> Iterator[Problem]:
        """A count means nothing where single bytes are hit."""
        yield from super().problems()
        if self.per_million and self.count != 1:
            yield "count", f"{self.kind} with per_million hits single bytes", "Leave count out."
