"""A run of bytes, back to back on a line, each with its exact time."""

from dataclasses import dataclass

from quecsim.uart.rate import Rate


@dataclass(slots=True, eq=False)
class ByteRun:
    """Bytes `first`, `first + 1`, ... of an unbroken train that began at `origin_ns`.

    `offset` is the place of `data[0]` in the whole stream. Times come from the train's origin,
    never from adding byte times, so however a train is cut into runs, a byte keeps its time.
    """

    origin_ns: int
    first: int
    rate: Rate
    data: bytes
    offset: int

    def edge_ns(self, index: int) -> int:
        """When byte `index` of this run has arrived whole (its stop bit is over)."""
        return self.origin_ns + self.rate.span_ns(self.first + index + 1)

    def arrived(self, now_ns: int) -> int:
        """How many bytes of this run have arrived whole by `now_ns`."""
        if now_ns < self.origin_ns:
            return 0
        count, most = self.rate.arrived(now_ns - self.origin_ns) - self.first, len(self.data)
        return count if 0 <= count <= most else most if count > 0 else 0

    def goes_on(self, after: "ByteRun") -> bool:
        """`after` is the rest of the same train, right behind this run."""
        count = len(self.data)
        return (
            after.offset == self.offset + count
            and after.first == self.first + count
            and after.origin_ns == self.origin_ns
            and (after.rate is self.rate or after.rate == self.rate)
        )

    def with_data(self, data: bytes) -> "ByteRun":
        """The same run with other bytes, or more of them, or fewer."""
        return ByteRun(self.origin_ns, self.first, self.rate, data, self.offset)

    def head(self, count: int) -> "ByteRun":
        """The first `count` bytes."""
        return ByteRun(self.origin_ns, self.first, self.rate, self.data[:count], self.offset)

    def part(self, start: int, count: int) -> "ByteRun":
        """`count` bytes from `start` on."""
        data = self.data[start : start + count]
        return ByteRun(self.origin_ns, self.first + start, self.rate, data, self.offset + start)

    def tail(self, count: int) -> "ByteRun":
        """All but the first `count` bytes."""
        return ByteRun(
            self.origin_ns,
            self.first + count,
            self.rate,
            self.data[count:],
            self.offset + count,
        )
