"""A connection of TCP as packets: made up around the bytes of both directions.

What is known are the bytes, when each side said them, and how it began and ended. Sequence numbers,
windows and acknowledgements follow; each side acknowledges at once what has come.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from quecsim.packets.ip import ACK, FIN, PSH, RST, SYN, Place, segment
from quecsim.packets.pcapng import Interface, Packet

Emit = Callable[[Packet], None]

SEGMENT_BYTES = 1360
_MSS_OPTION = b"\x02\x04"
_APART = 1 << 20  # of the first sequence numbers


class Way(Enum):
    """Who sends."""

    UP = "up"  # the device
    DOWN = "down"  # the other side

    @property
    def back(self) -> "Way":
        """The other direction."""
        return Way.DOWN if self is Way.UP else Way.UP


@dataclass(slots=True)
class _Side:
    place: Place
    seq: int  # of its next byte
    has_ended: bool = False


@dataclass(slots=True)
class Flow:
    """One connection between `device` and `peer`; `number` tells it from others."""

    device: Place
    peer: Place
    number: int
    emit: Emit
    interface: Interface = Interface.NETWORK
    segment_bytes: int = SEGMENT_BYTES
    is_over: bool = False
    _sides: dict[Way, _Side] = field(init=False)

    def __post_init__(self) -> None:
        first = self.number * _APART  # modulo 2**32, as all of them
        self._sides = {
            Way.UP: _Side(self.device, first),
            Way.DOWN: _Side(self.peer, first + _APART // 2),
        }

    @property
    def _options(self) -> bytes:
        """Of the segments with which it begins."""
        return _MSS_OPTION + self.segment_bytes.to_bytes(2, "big")

    def call(self, at_ns: int, way: Way, comment: str = "") -> None:
        """SYN: `way` wants a connection."""
        self._tell(at_ns, way, SYN, comment=comment, options=self._options)
        self._sides[way].seq += 1

    def take_up(self, at_ns: int, way: Way, comment: str = "") -> None:
        """`way` takes the call up, and the caller hears it."""
        self._tell(at_ns, way, SYN | ACK, options=self._options)
        self._sides[way].seq += 1
        self._tell(at_ns, way.back, ACK, comment=comment)

    def send(self, at_ns: int, way: Way, data: bytes, comment: str = "") -> None:
        """Bytes, in segments, and the other side's acknowledgement."""
        for start in range(0, len(data), self.segment_bytes):
            piece = data[start : start + self.segment_bytes]
            is_last = start + self.segment_bytes >= len(data)
            self._tell(at_ns, way, ACK | PSH if is_last else ACK, piece, comment=comment)
            self._sides[way].seq += len(piece)
            comment = ""
        self._tell(at_ns, way.back, ACK)

    def miss(self, at_ns: int, way: Way, count: int, comment: str) -> None:
        """`count` bytes of which nobody knows what they were: packets without their content."""
        for start in range(0, count, self.segment_bytes):
            size = min(self.segment_bytes, count - start)
            self._tell(at_ns, way, ACK, bytes(size), comment=comment, is_known=False)
            self._sides[way].seq += size
        self._tell(at_ns, way.back, ACK)

    def end(self, at_ns: int, way: Way, comment: str = "") -> None:
        """FIN: `way` says nothing more. Once."""
        side = self._sides[way]
        if side.has_ended or self.is_over:
            return
        side.has_ended = True
        self._tell(at_ns, way, FIN | ACK, comment=comment)
        side.seq += 1
        self._tell(at_ns, way.back, ACK)
        self.is_over = self._sides[way.back].has_ended

    def reset(self, at_ns: int, way: Way, comment: str = "") -> None:
        """RST: there is nothing here, or nothing any more."""
        if not self.is_over:
            self.is_over = True
            self._tell(at_ns, way, RST | ACK, comment=comment)

    def _tell(
        self,
        at_ns: int,
        way: Way,
        flags: int,
        data: bytes = b"",
        *,
        comment: str = "",
        options: bytes = b"",
        is_known: bool = True,
    ) -> None:
        here, there = self._sides[way], self._sides[way.back]
        made = segment(here.place, there.place, flags, here.seq, there.seq, data, options)
        kept = made if is_known else made[: len(made) - len(data)]
        self.emit(Packet(at_ns, kept, self.interface, comment, len(made)))
