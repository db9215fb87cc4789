"""The receive ring: where bytes wait while the device is busy, and where they are lost.

A byte that finds the ring full is gone: the newest are lost, as in the EC200U's UART driver.
The ring holds runs, not single bytes, so that filling and emptying it is arithmetic.
"""

from collections import deque

from quecsim.uart.run import ByteRun


class RxRing:
    """A bounded queue of received bytes that remembers where in the stream each came from."""

    __slots__ = ("_runs", "capacity", "level")

    def __init__(self, capacity: int) -> None:
        assert capacity > 0
        self.capacity = capacity
        self.level = 0
        self._runs: deque[ByteRun] = deque()

    @property
    def room(self) -> int:
        """How many more bytes fit."""
        return self.capacity - self.level

    def push(self, run: ByteRun) -> int:
        """Take what fits of `run`, the first bytes first; returns how many that were."""
        count = min(self.room, len(run.data))
        if count:
            self._runs.append(run if count == len(run.data) else run.head(count))
            self.level += count
        return count

    def peek(self) -> ByteRun | None:
        """The oldest run, still in the ring: all of it, in however many pieces it came."""
        self._gather()
        return self._runs[0] if self._runs else None

    def first_offset(self, default: int) -> int:
        """Where the oldest byte that the host sent is in its stream; `default` if there is none."""
        return next((run.offset for run in self._runs if run.offset >= 0), default)

    def pop(self, most: int) -> ByteRun:
        """Remove up to `most` of the oldest bytes: one run, perhaps shorter than asked."""
        self._gather()
        run = self._runs[0]
        if len(run.data) <= most:
            self._runs.popleft()
        else:
            self._runs[0] = run.tail(most)
            run = run.head(most)
        self.level -= len(run.data)
        return run

    def unpop(self, runs: list[ByteRun]) -> None:
        """Put popped runs back in front: they were taken by someone who had no use for them."""
        for run in reversed(runs):
            self._runs.appendleft(run)
            self.level += len(run.data)

    def clear(self) -> int:
        """Empty the ring; returns how many bytes were in it."""
        dropped = self.level
        self._runs.clear()
        self.level = 0
        return dropped

    def _gather(self) -> None:
        """Make one run of those at the front that follow one another without a gap."""
        count = 1
        while count < len(self._runs) and self._runs[count - 1].goes_on(self._runs[count]):
            count += 1
        if count > 1:
            pieces = [self._runs.popleft() for _ in range(count)]
            self._runs.appendleft(pieces[0].with_data(b"".join([run.data for run in pieces])))
