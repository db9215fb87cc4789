"""The device's own transmitter: nobody refuses its bytes, so what has been sent is gone for good.

The far end's transmitter is stepped byte time by byte time. This one is put to and held at the
device's times, long before anybody looks at what came out of it. So before anything changes, the
bytes that have left by then are set aside with their times.
"""

from collections import deque

from quecsim.uart.rate import Rate, UartRate
from quecsim.uart.run import ByteRun
from quecsim.uart.transmitter import Transmitter

NO_OFFSET = -1  # an XON or XOFF is not part of the device's stream


class Sender(Transmitter):
    """A `Transmitter` whose bytes are taken with `take_sent`, as late as one likes.

    `left` are those that have gone and were not taken, in the order of their times.
    """

    __slots__ = ("_later", "_later_bytes", "left")

    def __init__(self, rate: Rate) -> None:
        super().__init__(rate)
        self.left: deque[ByteRun] = deque()
        self._later: deque[tuple[int, bytes, int]] = deque()  # pause before it, bytes, offset
        self._later_bytes = 0  # they count as queued

    def put(self, now_ns: int, data: bytes, offset: int) -> None:
        """Queue `data` behind what is still here."""
        if self.queued:
            self._leave(now_ns, self.left)
        if self._later:
            self._put_later(0, data, offset)
        else:
            super().put(now_ns, data, offset)

    def put_echo(self, run: ByteRun, taken_ns: int | None, offset: int) -> None:
        """The same as to put each byte of `run` at `taken_ns`, or as it arrives, but faster."""
        first_ns = run.edge_ns(0) if taken_ns is None else taken_ns
        self.put(first_ns, run.data[:1], offset)
        if len(run.data) == 1:
            return
        if self._is_gapless(run.rate, first_ns, at_once=taken_ns is not None):
            super().put(first_ns, run.data[1:], offset + 1)
            self.settle(run.edge_ns(len(run.data) - 1) if taken_ns is None else taken_ns)
            return
        for index in range(1, len(run.data)):
            at_ns = run.edge_ns(index) if taken_ns is None else taken_ns
            self.put(at_ns, run.data[index : index + 1], offset + index)

    def _is_gapless(self, rate: Rate, first_ns: int, *, at_once: bool) -> bool:
        """The byte that was just put, at `first_ns`, is still here when the next one comes.

        So are those after it, where they come at `rate`, which is ours, or all `at_once`.
        """
        if self._later or not isinstance(self.rate, UartRate):
            return False
        begin_ns = self._origin_ns + self.rate.span_ns(self._sent + self.queued - 1)
        return at_once or (rate == self.rate and begin_ns >= first_ns)

    def put_pieces(
        self, now_ns: int, data: bytes, offset: int, piece_bytes: int, pause_ns: int
    ) -> None:
        """Queue `data` in pieces of `piece_bytes`, with `pause_ns` of silence between them."""
        self.put(now_ns, data[:piece_bytes], offset)
        for start in range(piece_bytes, len(data), piece_bytes):
            self._put_later(pause_ns, data[start : start + piece_bytes], offset + start)

    def has_begun(self, now_ns: int) -> bool:
        """The next byte is on the line already, and not behind a pause."""
        return self.queued > self._later_bytes and super().has_begun(now_ns)

    def next_edge_ns(self, count: int = 1) -> int | None:
        """When the next `count` bytes, or as many as may go, have been sent; None: none may."""
        if not self._later:
            return Transmitter.next_edge_ns(self, count)
        ready = self.queued - self._later_bytes
        if self.is_held or count <= ready:
            return super().next_edge_ns(min(count, ready)) if ready else None
        origin_ns, sent, missing = self._origin_ns, self._sent + ready, count - ready
        for pause_ns, data, _ in self._later:
            if pause_ns:
                origin_ns, sent = origin_ns + self.rate.span_ns(sent) + pause_ns, 0
            part = min(missing, len(data))
            sent, missing = sent + part, missing - part
            if not missing:
                break
        return origin_ns + self.rate.span_ns(sent)

    def is_sending(self, now_ns: int) -> bool:
        """Some of its bytes have not left by now, whether or not anybody has taken the others."""
        if self._allowance < self.queued or (self._later and self.is_held):
            return True
        last_ns = self.next_edge_ns(self.queued)
        return last_ns is not None and last_ns > now_ns

    def arrival_ns(self, index: int) -> int | None:
        """When byte `index` (from 0) of those that `take_sent` has not given yet arrives.

        XON and XOFF do not count. None: not as things stand.
        """
        for run in self.left:
            if run.offset != NO_OFFSET:
                if index < len(run.data):
                    return run.edge_ns(index)
                index -= len(run.data)
        ready = self.queued - self._later_bytes
        free = min(self._allowance, ready) if self.is_held else self.queued
        return self.next_edge_ns(index + 1) if index < free else None

    @property
    def untaken(self) -> int:
        """Bytes that `take_sent` has not given yet, without XON and XOFF."""
        left = sum(len(run.data) for run in self.left if run.offset != NO_OFFSET)
        return left + self.queued

    def put_control(self, now_ns: int, byte: bytes) -> int:
        """XON or XOFF goes ahead of the queue, behind a byte that has begun. Returns its time."""
        self.settle(now_ns)
        if self.has_begun(now_ns):
            self.left.append(self._next_byte())
        run = ByteRun(max(now_ns, self.end_ns), 0, self.rate, byte, NO_OFFSET)
        at_ns = self.put_urgent(now_ns)
        self.left.append(run)
        return at_ns

    def set_rate(self, now_ns: int, rate: Rate) -> None:
        """From the next byte on, another rate."""
        self.settle(now_ns)
        super().set_rate(now_ns, rate)

    def hold(self, now_ns: int) -> None:
        """Stop, but never in the middle of a byte."""
        self.settle(now_ns)
        super().hold(now_ns)

    def release(self, now_ns: int) -> None:
        """Go on sending."""
        self.settle(now_ns)
        super().release(now_ns)

    def discard(self, now_ns: int) -> int:
        """Throw away what has not left by now; returns how many bytes that were."""
        self.settle(now_ns)
        self._later.clear()
        self._later_bytes = 0
        return self.clear()

    def take_sent(self, now_ns: int) -> list[ByteRun]:
        """What has arrived at the host by `now_ns`."""
        sent: list[ByteRun] = []
        left = self.left
        while left and (count := left[0].arrived(now_ns)):
            run = left.popleft()
            if count < len(run.data):
                left.appendleft(run.tail(count))
                run = run.head(count)
            sent.append(run)
        if self.queued and not left:
            self._leave(now_ns, sent)
        return sent

    def foresee(self, now_ns: int) -> ByteRun | None:
        """What will have arrived by `now_ns`, as far as it is one run, if nothing changes."""
        train = None
        for run in self.left:
            if train is None:
                train = run
            elif train.goes_on(run):
                train = train.with_data(train.data + run.data)
            else:
                break
        else:
            queued = self.outlook() if self.queued and not self._later else None
            if train is None:
                train = queued
            elif queued is not None and train.goes_on(queued):
                train = train.with_data(train.data + queued.data)
        if train is None:
            return None
        count = train.arrived(now_ns)
        if count == len(train.data):
            return train
        return train.head(count) if count else None

    def next_arrival_ns(self, count: int = 1) -> int | None:
        """When `take_sent` has something to give; for bytes still queued: `count` of them."""
        if self.left:
            return self.left[0].edge_ns(0)
        return self.next_edge_ns(count) if self.queued else None

    def settle(self, now_ns: int) -> None:
        """Set aside what has left by now: what is `queued` then is still here."""
        self._leave(now_ns, self.left)

    def _leave(self, now_ns: int, place: list[ByteRun] | deque[ByteRun]) -> None:
        """What of the queue has arrived by now goes to `place`."""
        while self.queued:
            run = self.peek(now_ns)
            if run is not None:
                self.advance(len(run.data))
                place.append(run)
                if self._gone:  # the rest of this piece has not arrived
                    return
            elif not self._later or not self._begin_piece(now_ns):
                return

    def _put_later(self, pause_ns: int, data: bytes, offset: int) -> None:
        if data:
            self._later.append((pause_ns, data, offset))
            self._later_bytes += len(data)
            self.queued += len(data)

    def _begin_piece(self, now_ns: int) -> bool:
        """The pause before the next piece is over by `now_ns`: it is next to go."""
        pause_ns, data, offset = self._later[0]
        due_ns = self.end_ns + pause_ns
        if self.queued > self._later_bytes or due_ns > now_ns:
            return False
        self._later.popleft()
        self._later_bytes -= len(data)
        if pause_ns:
            self._begin_train(due_ns)
            if self.is_held:
                self._allowance = 0  # a held driver starts nothing new
        self._pieces.append((offset, data))
        return True

    def _next_byte(self) -> ByteRun:
        edge_ns = self.next_edge_ns(1)
        assert edge_ns is not None
        run = self.peek(edge_ns, 1)
        assert run is not None
        self.advance(1)
        return run
