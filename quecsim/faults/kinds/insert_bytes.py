"""`insert_bytes`: bytes arrive that nobody sent."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from quecsim.faults.fault import Options
from quecsim.faults.places.wire import Hit
from quecsim.faults.wire_fault import ByteFault, drawn
from quecsim.rng import Stream

ByteValue = Annotated[int, Meta(ge=0, le=255)]
ByteValues = Annotated[tuple[ByteValue, ...], Meta(min_length=1, max_length=256)]


class InsertBytes(ByteFault, frozen=True, kw_only=True, tag="insert_bytes"):
    """Bytes that nobody sent arrive right before `at_byte`, or before `per_million` of all bytes.

    They have no place in the host's stream, and are counted apart.
    """

    CAN_RECUR: ClassVar[bool] = False
    ORDER: ClassVar[int] = 110
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = (
        {"at_byte": 100},
        {"direction": "to_host", "at_byte": 20},
    )
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = drawn()

    bytes: ByteValues = (0xFF,)

    def what(self) -> str:
        """As in `b'\\xff' inserted before byte 7`."""
        return f"{bytes(self.bytes)!r} inserted before {self.bytes_text()}"

    def strike(self, hit: Hit, _stream: Stream, /) -> str:
        """They come ahead of the byte."""
        hit.inserts.append(bytes(self.bytes))
        return f"{bytes(self.bytes)!r} came before"
