"""`drop_bytes`: the line swallows bytes."""

from collections.abc import Mapping
from typing import Any, ClassVar

from quecsim.faults.fault import Options
from quecsim.faults.places.wire import Hit
from quecsim.faults.wire_fault import CountedFault, drawn
from quecsim.rng import Stream


class DropBytes(CountedFault, frozen=True, kw_only=True, tag="drop_bytes"):
    """The line swallows `count` bytes from `at_byte` on, or `per_million` of all bytes."""

    ORDER: ClassVar[int] = 90
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = (
        {"at_byte": 100},
        {"direction": "to_host", "at_byte": 20},
    )
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = drawn(count=(1, 2, 10, 100))

    def what(self) -> str:
        """As in `byte 7 lost on the line`."""
        return f"{self.bytes_text()} lost on the line"

    def strike(self, hit: Hit, _stream: Stream, /) -> str:
        """The byte is gone."""
        hit.drops += 1
        return "lost" if self.count == 1 else f"lost {self.count} bytes from"
