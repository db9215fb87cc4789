"""A UART transmitter: a queue of bytes, sent back to back at the line's rate, that can be held.

Both ends have one. The far end's is held by the device's RTS (or an XOFF) and reacts some bytes
late, as real drivers do; the device's is held by CTS or an XOFF from the host.
"""

from collections import deque

from quecsim.uart.rate import BYTES_UNBOUNDED, Rate
from quecsim.uart.run import ByteRun

_JOINED_BYTES = 64  # pieces of a reply, which are cheaper as one


class Transmitter:
    """Paces bytes onto a line; times never go back.

    `is_held`: from `hold` to `release`, also while the last bytes still go out. `rate` is that of
    the bytes that are sent from now on.
    """

    __slots__ = (
        "_allowance",
        "_gone",
        "_origin_ns",
        "_pieces",
        "_sent",
        "is_held",
        "lag_bytes",
        "queued",
        "rate",
    )

    def __init__(self, rate: Rate, *, lag_bytes: int = 0) -> None:
        self.rate = rate
        self.lag_bytes = lag_bytes
        self.queued = 0
        self._pieces: deque[tuple[int, bytes]] = deque()
        self._gone = 0  # bytes of the first piece that are gone: cutting it would copy it
        self._origin_ns = 0
        self._sent = 0
        self._allowance = BYTES_UNBOUNDED
        self.is_held = False

    @property
    def end_ns(self) -> int:
        """When the last byte that was taken is over."""
        return self._origin_ns + self.rate.span_ns(self._sent)

    def has_begun(self, now_ns: int) -> bool:
        """The next byte is on the line already: its start bit cannot be called back."""
        return self.queued > 0 and self._allowance > 0 and now_ns > self.end_ns

    def put(self, now_ns: int, data: bytes, offset: int) -> None:
        """Queue `data`; its first byte starts now, or when the byte before it is over."""
        if not self.queued and now_ns > self._origin_ns + self.rate.span_ns(self._sent):
            self._begin_after(now_ns)
        if not data:
            return
        pieces = self._pieces
        if pieces and len(data) <= _JOINED_BYTES and len(pieces[-1][1]) <= _JOINED_BYTES:
            before, early = pieces[-1]
            if before + len(early) == offset:
                pieces[-1] = before, early + data
                self.queued += len(data)
                return
        pieces.append((offset, data))
        self.queued += len(data)

    def put_urgent(self, now_ns: int) -> int:
        """One byte goes ahead of the queue (XON, XOFF). Returns when it has arrived."""
        self._begin_train(max(now_ns, self.end_ns))
        self._sent += 1
        return self.end_ns

    def set_rate(self, now_ns: int, rate: Rate) -> None:
        """From the next byte on, another rate."""
        if rate != self.rate:
            self._begin_train(max(now_ns, self.end_ns))
            self.rate = rate

    def hold(self, now_ns: int) -> None:
        """Stop after `lag_bytes` more bytes, and never in the middle of one."""
        if not self.is_held:
            self.is_held = True
            self._allowance = max(self.lag_bytes, 1 if self.has_begun(now_ns) else 0)

    def release(self, now_ns: int) -> None:
        """Go on sending."""
        if self._allowance == 0 and now_ns > self.end_ns:
            self._begin_train(now_ns)
        self._allowance, self.is_held = BYTES_UNBOUNDED, False

    def restart(self, now_ns: int) -> None:
        """The bytes that are queued start now: until now the other end took nothing (USB NAK)."""
        self._begin_train(max(now_ns, self.end_ns))

    def next_edge_ns(self, count: int = 1) -> int | None:
        """When the next `count` bytes, or as many as may go, have been sent; None: none may."""
        sendable = self.queued
        if not sendable:
            return None
        if count < sendable:
            sendable = count
        if self._allowance < sendable:
            sendable = self._allowance
        if not sendable:
            return None
        return self._origin_ns + self.rate.span_ns(self._sent + sendable)

    def peek(self, now_ns: int, most: int = BYTES_UNBOUNDED) -> ByteRun | None:
        """The next bytes that have arrived by `now_ns`, as one run; nothing is taken yet."""
        if not self._pieces or now_ns < self._origin_ns:
            return None
        offset, data = self._pieces[0]
        gone = self._gone
        count = self.rate.arrived(now_ns - self._origin_ns) - self._sent
        rest, allowance = len(data) - gone, self._allowance
        if rest < count:
            count = rest
        if allowance < count:
            count = allowance
        if most < count:
            count = most
        if count <= 0:
            return None
        piece = data if count == len(data) else data[gone : gone + count]
        return ByteRun(self._origin_ns, self._sent, self.rate, piece, offset + gone)

    def outlook(self) -> ByteRun | None:
        """All bytes that may go as things stand, with the times at which they will arrive."""
        if not self._pieces or not self._allowance:
            return None
        offset, data = self._pieces[0]
        if len(self._pieces) > 1:
            data = b"".join(piece for _, piece in self._pieces)
        gone = self._gone
        data = data[gone : gone + self._allowance]
        return ByteRun(self._origin_ns, self._sent, self.rate, data, offset + gone)

    def advance(self, count: int) -> None:
        """The first `count` peeked bytes are gone."""
        self._gone += count
        if self._gone == len(self._pieces[0][1]):
            self._pieces.popleft()
            self._gone = 0
        self.queued -= count
        self._sent += count
        if self.is_held:
            self._allowance -= count

    def cut(self, now_ns: int) -> list[tuple[int, bytes]]:
        """Throw away all but a byte that has begun; returns what it was: (offset, bytes)."""
        pieces = [(offset, data) for offset, data in self._pieces]
        if not pieces:
            return []
        offset, data = pieces[0]
        pieces[0] = (offset + self._gone, data[self._gone :])
        kept = b""
        if self.has_begun(now_ns):
            offset, data = pieces[0]
            kept, pieces[0] = data[:1], (offset + 1, data[1:])
        self.clear()
        if kept:
            self._pieces.append((offset, kept))
            self.queued = 1
        return [piece for piece in pieces if piece[1]]

    def clear(self) -> int:
        """Throw the queue away; returns how many bytes that were."""
        dropped = self.queued
        self._pieces.clear()
        self._gone = 0
        self.queued = 0
        return dropped

    def _begin_after(self, now_ns: int) -> None:
        """The line has fallen silent before now. A byte that is ready within the rounding of one
        nanosecond follows without a gap, where it has still its way to go: on a line without a
        rate, or in a packet that is over, it would arrive before it was sent.
        """
        if now_ns <= self.end_ns + 1 and now_ns <= self._origin_ns + self.rate.span_ns(
            self._sent + 1
        ):
            return
        self._begin_train(now_ns)
        if self.is_held:
            self._allowance = 0  # the lag is over: a held driver starts nothing new

    def _begin_train(self, now_ns: int) -> None:
        self._origin_ns = now_ns
        self._sent = 0
