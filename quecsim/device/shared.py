"""What the components of a device share: its time, timers, line, ledger and record."""

from dataclasses import dataclass, field
from enum import Enum, IntEnum, auto

from quecsim.at.settings import Settings
from quecsim.device.ledger import Ledger
from quecsim.device.receiver import Receiver
from quecsim.profiles.schema import Profile
from quecsim.trace.event import Eaten
from quecsim.trace.recorder import Recorder
from quecsim.uart.port_kind import PortKind
from quecsim.uart.run import ByteRun
from quecsim.uart.sender import Sender
from quecsim.units import ms


class Phase(Enum):
    """What the device does with bytes that arrive: it follows from sink, jobs and busy."""

    DEAF = auto()  # off, booting or stopping: they are lost
    COMMAND = auto()  # the line editor reads them
    LINE_FEED = auto()  # a line is complete: an LF that follows its CR belongs to it
    BUSY = auto()  # the ring collects them until the device has time
    DATA = auto()  # data mode takes them
    SURPLUS = auto()  # after data mode: thrown away until the host pauses


class Timer(IntEnum):
    """The device's timers; earlier ones win a tie."""

    POWER = 0  # the power state changes
    REGISTRATION = 1  # the registration goes on
    STATION = 2  # the Wi-Fi station goes on
    SOFT_AP = 3  # somebody joins the device's own access point
    BUSY = 4  # the processor is free again: command latency, flash work, stall
    LINE = 5  # no LF has come behind a CR, or the host has paused after its surplus bytes
    JOB = 6  # the command line's job has waited long enough
    GUARD = 7  # the escape's guard time
    IDLE = 8  # the time-out of data mode
    URC = 9  # the gap after a final result is over, or a URC is due
    DROP = 10  # a held transmitter gives up its bytes
    CLIENTS = 11  # a client of the network has waited long enough
    BLE = 12  # Bluetooth LE has
    BACKGROUND = 13  # the same as JOB for the background jobs: this one, and one for each slot


@dataclass(slots=True)
class Shared:
    """One device's common ground. `now_ns` is the time of what is happening in it."""

    profile: Profile
    settings: Settings
    port: PortKind
    record: Recorder
    ledger: Ledger
    tx: Sender
    receiver: Receiver
    now_ns: int = 0
    next_offset: int = 0  # the stream offset of the byte that arrives next
    found_baud: int = 0  # by auto-bauding, where AT+IPR is 0
    line_changed: bool = False  # and whoever runs the device has not seen it yet
    timers: dict[int, int] = field(default_factory=dict)

    @property
    def line_baud(self) -> int:
        """The baud rate in use; 0 while it is still to be found."""
        return self.settings.baud or self.found_baud

    @property
    def has_room(self) -> bool:
        """The transmitter's ring takes more."""
        most_bytes = self.profile.uart.tx_ring_bytes
        if self.tx.queued <= most_bytes:
            return True
        self.tx.settle(self.now_ns)  # what has left by now is gone, though nobody has looked yet
        return self.tx.queued <= most_bytes

    def follow_settings(self) -> None:
        """The line's settings take effect: a rate that was found gives way to one that is set."""
        self.line_changed = True
        if self.settings.baud:
            self.found_baud = 0

    def sending_ns(self) -> int:
        """How long the transmitter takes for what it holds; if it is held: until it gives up."""
        gone_ns = self.tx.next_edge_ns(self.tx.queued)
        if gone_ns is None:
            return ms(self.profile.uart.tx_drop_ms) if self.tx.queued else 0
        return max(0, gone_ns - self.now_ns)

    def set_timer(self, timer: Timer, delay_ns: int) -> None:
        """Fire `timer` in `delay_ns`."""
        self.timers[timer] = self.now_ns + delay_ns

    def stop_timer(self, timer: int) -> None:
        """Do not fire it."""
        self.timers.pop(timer, None)

    def next_timer(self) -> int:
        """The timer that is due first."""
        timers = self.timers
        if len(timers) == 1:  # as nearly always
            return next(iter(timers))
        return min(zip(timers.values(), timers, strict=True))[1]

    def move_to(self, at_ns: int) -> int:
        """Time goes on, never back; returns it."""
        assert at_ns >= self.now_ns, f"{at_ns} ns is before {self.now_ns} ns"
        self.now_ns = at_ns
        return at_ns

    def taken_at(self, run: ByteRun, index: int, taken_ns: int | None) -> int:
        """Move to when byte `index` was taken: at `taken_ns`, or as it arrived."""
        return self.move_to(run.edge_ns(index) if taken_ns is None else taken_ns)

    def passed(self, run: ByteRun, count: int) -> None:
        """The device has dealt with `count` bytes of `run`. What nobody sent has no place."""
        if run.offset >= 0:
            self.next_offset = run.offset + count

    def eat(
        self, offset: int, data: bytes, why: str, span_ns: tuple[int, int] | None = None
    ) -> None:
        """Bytes that are neither command nor data go away: now, or over `span_ns`."""
        self.ledger.eaten += len(data)
        first_ns, last_ns = span_ns or (self.now_ns, self.now_ns)
        self.record.add(
            Eaten(first_ns, last_ns, offset, len(data), why, data, self.ledger.transfer)
        )

    def eat_runs(self, runs: list[ByteRun], why: str) -> None:
        """The same for runs; those that follow one another go away in one piece."""
        begin = 0
        for index, run in enumerate(runs):
            end = run.offset + len(run.data)
            if index + 1 == len(runs) or runs[index + 1].offset != end:
                data = b"".join(piece.data for piece in runs[begin : index + 1])
                self.eat(runs[begin].offset, data, why)
                begin = index + 1
