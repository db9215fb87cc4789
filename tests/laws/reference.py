"""The receive path, one byte at a time: slow, obvious, and written from the rules alone.

A host sends command lines, the last of which asks for data, and then the data. Byte k of an
unbroken train has arrived (k + 1) * bits / baud after the train began, rounded down to a
nanosecond. The device reads it at once when it has time, else it goes into the ring; a ring that is
full loses it. The device has no time while it works on a command, while the flash works, and
during a stall.

RTS: at `off_level` bytes in the ring the device asks the host to stop, at `on_level` it lets go,
but only in data mode. The host's UART stops after `lag_bytes` more bytes, and always finishes the
byte that it has begun.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

S = 1_000_000_000


@dataclass(frozen=True)
class Rules:
    """What is given. `lines_ns` are the works on each command line, one after the other: what the
    device thinks, what the flash does before the data. Then come the flash's times for each store,
    and for closing the file.
    """

    baud: int
    bits: int
    ring_bytes: int
    off_level: int
    on_level: int
    obeys_rts: bool
    lag_bytes: int
    lines_ns: Sequence[Sequence[int]]
    size: int
    block_bytes: int
    stalls: Sequence[tuple[int, int]]  # (after so many bytes of data, for so long)
    store_ns: Sequence[int]
    close_ns: int


@dataclass
class Outcome:
    """What follows from the rules."""

    lost: list[int] = field(default_factory=list)  # offsets in the stream
    arrived_ns: list[int] = field(default_factory=list)  # one for each byte of the stream
    file: bytearray = field(default_factory=bytearray)
    stored: list[tuple[int, int]] = field(default_factory=list)  # (time, total)
    rts: list[tuple[int, bool]] = field(default_factory=list)
    highest: int = 0  # the ring's level


class FarUart:
    """The host's UART: it has a queue, a shifter, and an eye on RTS."""

    def __init__(self, rules: Rules, writes: Sequence[tuple[int, bytes]]) -> None:
        self.rules = rules
        self.queue = deque((at_ns, byte) for at_ns, data in writes for byte in data)
        self.train_ns = 0  # when the train began
        self.in_train = 0  # bytes of it that are over
        self.may_send: int | None = None  # None: as many as it likes

    def over_ns(self, count: int) -> int:
        return self.train_ns + count * self.rules.bits * S // self.rules.baud

    def next_ns(self) -> int | None:
        """When the next byte will have arrived."""
        if not self.queue:
            return None
        ready_ns = self.queue[0][0]
        idle_from_ns = self.over_ns(self.in_train)
        if ready_ns > idle_from_ns + 1:  # a pause: a new train
            if self.may_send is not None:
                return None  # held, and nothing was under way
            self.train_ns, self.in_train = ready_ns, 0
        return None if self.may_send == 0 else self.over_ns(self.in_train + 1)

    def send(self) -> int:
        self.in_train += 1
        if self.may_send is not None:
            self.may_send -= 1
        return self.queue.popleft()[1]

    def stop(self, now_ns: int) -> None:
        ready = bool(self.queue) and self.queue[0][0] <= now_ns
        has_begun = ready and now_ns > self.over_ns(self.in_train)
        self.may_send = max(self.rules.lag_bytes, int(has_begun))

    def go(self, now_ns: int) -> None:
        if self.may_send == 0 and now_ns > self.over_ns(self.in_train):
            self.train_ns, self.in_train = now_ns, 0
        self.may_send = None


class SlowDevice:
    """Reads command lines and works on them, takes data block by block, closes."""

    def __init__(self, rules: Rules, uart: FarUart) -> None:
        self.rules = rules
        self.uart = uart
        self.outcome = Outcome()
        self.ring: deque[int] = deque()
        self.doing = "command"
        self.lines = [deque(works) for works in rules.lines_ns]
        self.wake_ns: int | None = None
        self.in_data_mode = False
        self.asks_to_stop = False
        self.taken = 0
        self.block = bytearray()
        self.stalled_at: set[int] = set()

    def arrive(self, now_ns: int, byte: int) -> None:
        offset = len(self.outcome.arrived_ns)
        self.outcome.arrived_ns.append(now_ns)
        if self.wake_ns is None:
            self.read(now_ns, byte)
        elif len(self.ring) == self.rules.ring_bytes:
            self.outcome.lost.append(offset)
        else:
            self.ring.append(byte)
            self.outcome.highest = max(self.outcome.highest, len(self.ring))
            self.look_at_level(now_ns)

    def read(self, now_ns: int, byte: int) -> None:
        if self.doing == "command" and byte == 13:
            self.be_busy(now_ns, "line", self.lines[0].popleft())
        elif self.doing == "data":
            self.take(now_ns, byte)

    def take(self, now_ns: int, byte: int) -> None:
        self.block.append(byte)
        self.taken += 1
        for at_byte, duration_ns in self.rules.stalls:
            if at_byte == self.taken and at_byte not in self.stalled_at:
                self.stalled_at.add(at_byte)
                self.be_busy(now_ns, "stalling", duration_ns)
                return
        self.store_full_block(now_ns)

    def store_full_block(self, now_ns: int) -> None:
        missing = self.rules.size - self.taken
        if len(self.block) == self.rules.block_bytes or not missing:
            self.store(now_ns)

    def store(self, now_ns: int) -> None:
        """Put the block into the file; the flash takes its time."""
        self.outcome.file += self.block
        self.block.clear()
        times = self.rules.store_ns
        duration_ns = (
            times[len(self.outcome.stored)] if len(self.outcome.stored) < len(times) else 0
        )
        self.outcome.stored.append((now_ns + duration_ns, self.taken))
        self.be_busy(now_ns, "storing", duration_ns)

    def be_busy(self, now_ns: int, doing: str, duration_ns: int) -> None:
        self.doing = doing
        self.wake_ns = now_ns + duration_ns

    def wake(self, now_ns: int) -> None:
        self.wake_ns = None
        if self.doing == "line" and self.lines[0]:
            self.be_busy(now_ns, "line", self.lines[0].popleft())
        elif self.doing == "line":
            self.lines.pop(0)
            self.in_data_mode = not self.lines
            self.doing = "data" if self.in_data_mode else "command"
            self.look_at_level(now_ns)
        elif self.doing == "stalling":
            self.doing = "data"
            self.store_full_block(now_ns)
        elif self.doing == "storing" and self.taken == self.rules.size:
            self.be_busy(now_ns, "closing", self.rules.close_ns)
        elif self.doing == "storing":
            self.doing = "data"
        elif self.doing == "closing":
            self.doing = "finished"
            self.in_data_mode = False
            self.look_at_level(now_ns)
        while self.ring and self.wake_ns is None:
            self.read(now_ns, self.ring.popleft())
            self.look_at_level(now_ns)

    def look_at_level(self, now_ns: int) -> None:
        """RTS follows the ring's level."""
        rules, level = self.rules, len(self.ring)
        if not self.asks_to_stop and self.in_data_mode and level >= rules.off_level:
            self.signal(now_ns, stop=True)
        elif self.asks_to_stop and (not self.in_data_mode or level <= rules.on_level):
            self.signal(now_ns, stop=False)

    def signal(self, now_ns: int, *, stop: bool) -> None:
        self.asks_to_stop = stop
        self.outcome.rts.append((now_ns, not stop))
        if self.rules.obeys_rts:
            self.uart.stop(now_ns) if stop else self.uart.go(now_ns)


def simulate(rules: Rules, writes: Sequence[tuple[int, bytes]]) -> Outcome:
    """Byte for byte until all is quiet. A byte comes before the device's own doings."""
    uart = FarUart(rules, writes)
    device = SlowDevice(rules, uart)
    while True:
        byte_ns, wake_ns = uart.next_ns(), device.wake_ns
        if byte_ns is not None and (wake_ns is None or byte_ns <= wake_ns):
            device.arrive(byte_ns, uart.send())
        elif wake_ns is not None:
            device.wake(wake_ns)
        else:
            break
    device.outcome.file += device.block  # the time-out stores what came of the last block
    return device.outcome
