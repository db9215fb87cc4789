"""The device's own transmitter: nobody refuses its bytes, so what has been sent is gone for good.

The far end's transmitter is stepped byte time by byte time. This one is put to and held at the
device's times, long before anybody looks at what came out of it. So before anything changes, the
bytes that have left by then are set aside with their times.
"""

from collections import deque

from quecsim.uart.rate import Rate
from quecsim.uart.run import ByteRun
from quecsim.uart.transmitter import Transmitter

NO_OFFSET = -1  # an XON or XOFF is not part of the device's stream


class Sender(Transmitter):
    """A `Transmitter` whose bytes are taken with `take_sent`, as late as one likes."""

    __slots__ = ("_left",)

    def __init__(self, rate: Rate) -> None:
        super().__init__(rate)
        self._left: deque[ByteRun] = deque()  # in the order of their times

    def put(self, now_ns: int, data: bytes, offset: int) -> None:
        """Queue `data` behind what is still here."""
        self._settle(now_ns)
        super().put(now_ns, data, offset)

    def put_control(self, now_ns: int, byte: bytes) -> int:
        """XON or XOFF goes ahead of the queue, behind a byte that has begun. Returns its time."""
        self._settle(now_ns)
        if self.has_begun(now_ns):
            self._leave(self._next_byte())
        run = ByteRun(max(now_ns, self.end_ns), 0, self.rate, byte, NO_OFFSET)
        at_ns = self.put_urgent(now_ns)
        self._left.append(run)
        return at_ns

    def set_rate(self, now_ns: int, rate: Rate) -> None:
        """From the next byte on, another rate."""
        self._settle(now_ns)
        super().set_rate(now_ns, rate)

    def hold(self, now_ns: int) -> None:
        """Stop, but never in the middle of a byte."""
        self._settle(now_ns)
        super().hold(now_ns)

    def release(self, now_ns: int) -> None:
        """Go on sending."""
        self._settle(now_ns)
        super().release(now_ns)

    def discard(self, now_ns: int) -> int:
        """Throw away what has not left by now; returns how many bytes that were."""
        self._settle(now_ns)
        return self.clear()

    def take_sent(self, now_ns: int) -> list[ByteRun]:
        """What has arrived at the host by `now_ns`."""
        self._settle(now_ns)
        sent = []
        while self._left and (count := self._left[0].arrived(now_ns)):
            run = self._left.popleft()
            if count < len(run.data):
                self._left.appendleft(run.tail(count))
                run = run.head(count)
            sent.append(run)
        return sent

    def next_arrival_ns(self, count: int = 1) -> int | None:
        """When `take_sent` has something to give; for bytes still queued: `count` of them."""
        return self._left[0].edge_ns(0) if self._left else self.next_edge_ns(count)

    def _settle(self, now_ns: int) -> None:
        while (run := self.peek(now_ns)) is not None:
            self._leave(run)

    def _next_byte(self) -> ByteRun:
        edge_ns = self.next_edge_ns(1)
        assert edge_ns is not None
        run = self.peek(edge_ns, 1)
        assert run is not None
        return run

    def _leave(self, run: ByteRun) -> None:
        self.advance(len(run.data))
        self._left.append(run)
