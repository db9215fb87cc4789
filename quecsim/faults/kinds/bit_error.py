"""`bit_error`: bits turn over on the line."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from quecsim.faults.fault import Options
from quecsim.faults.places.wire import Hit
from quecsim.faults.wire_fault import CountedFault, drawn
from quecsim.rng import Stream

Bit = Annotated[int, Meta(ge=0, le=7)]


class BitError(CountedFault, frozen=True, kw_only=True, tag="bit_error"):
    """Bits flip on the line: in `count` bytes from `at_byte` of the direction's stream on, or in
    `per_million` of all bytes (drawn by the seed; fires again and again).

    `bit` is which one, 0 the lowest; None: drawn by the seed.
    """

    ORDER: ClassVar[int] = 100
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = (
        {"at_byte": 100, "bit": 0},
        {"at_byte": 500, "bit": 0},
        {"direction": "to_host", "at_byte": 20, "bit": 0},
    )
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = drawn(bit=(0, 7, None))

    bit: Bit | None = None

    def what(self) -> str:
        """As in `bit 5 turned over in byte 7`."""
        bit = "a bit" if self.bit is None else f"bit {self.bit}"
        return f"{bit} turned over in {self.bytes_text()}"

    def strike(self, hit: Hit, stream: Stream, /) -> str:
        """One bit more turns over."""
        bit = stream.below(8) if self.bit is None else self.bit
        hit.masks.append(1 << bit)
        return f"bit {bit} turned over in" if self.count == 1 else "bits turned over from"
