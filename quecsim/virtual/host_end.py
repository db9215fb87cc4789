"""The host's end of a rig's line in virtual time: what a serial driver does for its program.

Bytes that have arrived wait here until they are read; a program that waits moves the clock. The
rig is only brought up to date when somebody looks, which changes nothing: everything happens at
its own time. All times are nanoseconds of the clock, which several rigs may share; `None` as a
time-out waits for ever, and 0 does not wait.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from quecsim.rig import Rig
from quecsim.rig.host_reading import HostReading
from quecsim.uart.rate import BYTES_UNBOUNDED
from quecsim.uart.run import ByteRun
from quecsim.virtual.awaited import Awaited
from quecsim.virtual.clock import BYTE_WORK, NEVER_NS, Clock
from quecsim.virtual.host_lines import HostLines
from quecsim.virtual.openers import Openers
from quecsim.virtual.token import length_to

_WRITE_BYTES = 4096
_BUFFER_BYTES = 1 << 20
_DRAIN_STEPS = 1024


class WriteTimeoutError(OSError):
    """The line was held back for longer than the write may wait."""


class HostEnd(HostLines):
    """The far end of `rig`, whose run begins now."""

    def __init__(self, rig: Rig, clock: Clock | None = None) -> None:
        self.rig = rig
        self.clock = clock if clock is not None else Clock()
        self.is_open = False  # nobody listens at a closed port: what arrives is dropped
        self.dropped = 0
        self._origin_ns = self.clock.now_ns
        self._received = bytearray()
        self._reading = HostReading(rig)
        is_lossless = rig.config.port_kind.is_lossless
        self._buffer_bytes = BYTES_UNBOUNDED if is_lossless else _BUFFER_BYTES
        self.has_read = False  # the host has taken a byte at least
        self.openers = Openers()
        self._is_read_cancelled = False
        self._is_write_cancelled = False
        self._ahead: ByteRun | None = None  # bytes that will come if the host only waits,
        self._ahead_count = 0  # and how many of them have been read already
        self._settled_ns = -1
        self._is_stepping = False
        self._is_over = False
        self.awaited = Awaited()
        self.drain: Callable[[], None] | None = None  # takes the rig's events, so that it has few
        self._steps = 0

    @property
    def now_ns(self) -> int:
        """Model time: since the start of the run.

        A wait that was broken off (Ctrl-C) leaves the rig ahead of the clock.
        """
        now_ns, reached_ns = self.clock.now_ns - self._origin_ns, self.rig.moment.now_ns
        return now_ns if now_ns > reached_ns else reached_ns

    def settle(self, at_ns: int | None = None) -> int:
        """Everything that is due by now happens, or by a later time of the clock.

        Returns the model's time.
        """
        now_ns = self.now_ns
        if at_ns is not None:
            now_ns = max(now_ns, at_ns - self._origin_ns)
        if self._is_stepping:
            return now_ns
        self._is_stepping = True
        self.rig.advance(now_ns)
        self._settled_ns = now_ns
        self._collect()
        self._is_stepping = False
        return now_ns

    @property
    def is_broken(self) -> bool:
        """Something has cut a step of the rig short, Ctrl-C or a fault in the simulator: nobody
        knows what it is in the middle of, and it takes no more steps.
        """
        return self._is_stepping

    @property
    def is_running(self) -> bool:
        """Neither over nor broken."""
        return not self._is_over and not self._is_stepping

    # who has it open

    def open(self, opener: object) -> None:
        """A program opens the port. What has arrived before is dropped, as by a closed terminal."""
        self.settle()
        if not self.openers:
            self.is_open = True
            self._received.clear()
            self._act(partial(self.rig.host_port, is_open=True))
        self.openers.add(opener)

    def close(self, opener: object) -> None:
        """A program closes the port; what it has not read goes with the last one."""
        self.settle()
        self.openers.remove(opener)
        if self.is_open and not self.openers:
            self.is_open = False
            self._act(self._reading.note, len(self._received), True)
            self._received.clear()
            self._act(partial(self.rig.host_port, is_open=False))

    def end(self) -> None:
        """The run is over: nobody has the port open any more, and who waits there goes on."""
        self.openers.clear()
        self.is_open, self._is_over = False, True

    # bytes

    @property
    def in_waiting(self) -> int:
        """Bytes that a read would return at once. To ask takes a moment."""
        self.clock.look()
        self.settle()
        return len(self._received)

    @property
    def has_received(self) -> bool:
        """A read would not wait, as things stand."""
        return bool(self._received)

    @property
    def out_waiting(self) -> int:
        """Bytes that are not on the wire yet. To ask takes a moment."""
        self.clock.look()
        self.settle()
        return self.rig.host_queued

    def read(self, size: int, timeout_ns: int | None, gap_ns: int | None = None) -> bytes:
        """Up to `size` bytes; fewer after `timeout_ns`, or `gap_ns` of silence within them."""
        received, run, place = self._received, self._ahead, self._ahead_count
        if (  # a byte that is known to come: hosts that read byte by byte come here for each
            run is not None
            and size == 1
            and place < len(run.data)
            and not received
            and timeout_ns != 0
            and not self._is_read_cancelled
        ):
            clock, at_ns = self.clock, run.edge_ns(place) + self._origin_ns
            if timeout_ns is None or at_ns <= clock.now_ns + timeout_ns:
                if at_ns > clock.now_ns:
                    clock.move_to(at_ns)
                self._ahead_count = place + 1
                self.has_read = True
                clock.touch()
                return run.data[place : place + 1]
        if len(received) < size or self._is_read_cancelled:
            self._await(size, timeout_ns, gap_ns)
        data = bytes(received[:size])
        if data:
            self.has_read = True
            del received[:size]
            self.clock.touch()
        return data

    def read_known(
        self, token: bytes, had: bytearray, most: int, timeout_ns: int | None, end_ns: int
    ) -> bytes:
        """The same as `read(1, timeout_ns)` again and again until `token` has come, which may have
        begun in the bytes `had`; or `most` are read, or it is `end_ns`. But only as far as it is
        known what comes: at worst nothing. An empty `token` never comes.
        """
        received, clock = self._received, self.clock
        if self._is_read_cancelled or clock.now_ns >= end_ns:
            return b""
        if received:
            data = bytes(received[: length_to(token, had, received, 0, most)])
            del received[: len(data)]
            self.has_read = True
            clock.touch()
            return data
        if (run := self._ahead) is None or timeout_ns == 0:
            return b""
        place = self._ahead_count
        if place == len(run.data):
            return b""
        until_ns = end_ns - 1
        if timeout_ns is not None and clock.now_ns + timeout_ns < until_ns:
            until_ns = clock.now_ns + timeout_ns
        known = run.arrived(until_ns - self._origin_ns) - place
        if known <= 0:
            return b""
        count = length_to(token, had, run.data, place, min(most, known))
        self._ahead_count = place + count
        self.has_read = True
        at_ns = run.edge_ns(place + count - 1) + self._origin_ns
        if at_ns > clock.now_ns:
            clock.move_to(at_ns)
        clock.touch()
        return run.data[place : place + count]

    def write(self, data: bytes, timeout_ns: int | None) -> int:
        """Hand `data` to the UART; waits while its queue is full. Returns how many it took: all,
        but where `timeout_ns` is 0 or the write was cancelled. Raises WriteTimeoutError.
        """
        clock, rig = self.clock, self.rig
        end_ns = NEVER_NS if timeout_ns is None else clock.now_ns + timeout_ns
        self.settle()
        clock.spend(BYTE_WORK * len(data))
        self._act(self._reading.note, len(self._received))
        sent = 0
        self._is_write_cancelled = False
        while sent < len(data) and (
            rig.wants_input or self._has_room(end_ns, is_patient=timeout_ns != 0)
        ):
            size = _WRITE_BYTES if timeout_ns != 0 else rig.input_room
            piece = data[sent : sent + size]
            self._act(rig.host_write, piece)
            sent += len(piece)
        clock.touch()
        return sent

    def flush(self) -> None:
        """Wait until all bytes are on the wire."""
        self.settle()
        self._is_write_cancelled = False
        self._wait_for_level(0, NEVER_NS)

    def discard_input(self) -> None:
        """Forget what has arrived."""
        self.settle()
        self._act(self._reading.flush, len(self._received))
        self._received.clear()
        self.clock.touch()

    def discard_output(self) -> None:
        """Forget what is not on the wire yet."""
        self.settle()
        self._act(self.rig.host_discard)
        self.clock.touch()

    def cancel_read(self) -> None:
        """The read that waits, or the next one, returns at once."""
        self._is_read_cancelled = True

    def cancel_write(self) -> None:
        """The write that waits returns at once."""
        self._is_write_cancelled = True

    def _act(self, act: Callable[..., None], *arguments: Any) -> None:
        """The host does something to the rig, now."""
        if self._is_stepping:
            return
        self._is_stepping = True
        act(self.now_ns, *arguments)
        self._is_stepping = False

    # waiting

    def run(self, limit_ns: int) -> int:
        """Let things happen up to a time, or up to the first that is waited for: the time."""
        if self._is_stepping:
            return limit_ns
        rig = self.rig
        limit_ns = max(limit_ns - self._origin_ns, rig.moment.now_ns)
        if self._ahead is not None:
            self.settle()
        self._is_stepping = True
        level = self.awaited.level
        if level is not None:
            at_ns = rig.run_to_queued(limit_ns, level, or_output=self.awaited.readers > 0)
        else:
            at_ns = rig.run_to_output(limit_ns)
        self._settled_ns = at_ns
        self._collect()
        self._is_stepping = False
        return at_ns + self._origin_ns

    def due_ns(self) -> int | None:
        """When something happens next; None: never, unless the host does something."""
        due_ns = None if self._is_stepping else self.rig.deadline_ns()
        return None if due_ns is None else due_ns + self._origin_ns

    def _await(self, size: int, timeout_ns: int | None, gap_ns: int | None) -> None:
        clock = self.clock
        if timeout_ns == 0:
            clock.look()
            self.settle()
            self._is_read_cancelled = False
            return
        if clock.now_ns - self._origin_ns != self._settled_ns:
            self.settle()
        end_ns = NEVER_NS if timeout_ns is None else clock.now_ns + timeout_ns
        with self.awaited.byte():
            while (
                self.is_open
                and not self._is_read_cancelled
                and not self._is_stepping
                and (had := len(self._received)) < size
            ):
                is_gap = gap_ns is not None and had > 0
                stop_ns = min(end_ns, clock.now_ns + (gap_ns or 0)) if is_gap else end_ns
                if not clock.wait(self, partial(self._has_more, had), stop_ns):
                    return
            if clock.is_alone and not self.rig.driver_keeps:
                self._ahead = self.rig.foreseen_output()
        self._is_read_cancelled = False

    @property
    def _is_there(self) -> bool:
        return self.is_open and not self._is_stepping

    def _has_more(self, had: int) -> bool:
        return (
            len(self._received) > had
            or not self.is_open
            or self._is_read_cancelled
            or self._is_stepping
        )

    def _has_room(self, end_ns: int, *, is_patient: bool) -> bool:
        """True when there is room to write; False where the write was cancelled, or will not wait.

        Raises WriteTimeoutError at `end_ns`.
        """
        rig = self.rig
        if rig.wants_input:
            return True
        if not is_patient:
            return False
        if not self._wait_for_level(rig.host_queued + rig.input_room - 1, end_ns):
            raise WriteTimeoutError("the device holds the line back")
        return not self._is_write_cancelled and self._is_there

    def _wait_for_level(self, level: int, end_ns: int) -> bool:
        """Wait until no more than `level` bytes are to be sent. False at `end_ns`."""
        with self.awaited.queued(level):
            return self.clock.wait(self, lambda: self._is_down_to(level), end_ns)

    def _is_down_to(self, level: int) -> bool:
        return self.rig.host_queued <= level or self._is_write_cancelled or not self._is_there

    def _collect(self) -> None:
        runs = self.rig.take_output()
        kept = self.rig.driver_keeps if runs else b""
        for run in runs:
            data = self._reading.arrived(run, kept)
            if self._ahead_count:
                known = min(self._ahead_count, len(data))
                self._ahead_count -= known
                data = data[known:]
                if not data:
                    continue
            if self.is_open and len(self._received) < self._buffer_bytes:
                self._received += data
            else:
                self.dropped += len(data)
        self._ahead = None
        assert not self._ahead_count
        self._steps += 1
        if self._steps % _DRAIN_STEPS == 0 and self.drain is not None:
            self.drain()
