"""The loop that drives a rig in real time: sleep until something is due, then let it happen.

It reads the port only while the far UART's queue has room: a byte that flow control holds back
waits with the host, as in a driver's transmit queue. Bytes that the host does not read wait here,
up to a bound.
"""

import contextlib
import os
import select
import time
from collections.abc import Callable, Iterable
from typing import Protocol

from quecsim.live.clock import WallClock
from quecsim.live.ports.host_termios import HostLineSettings
from quecsim.live.ports.pty_port import PtyPort
from quecsim.rig import Rig
from quecsim.trace.event import Event

_BACKLOG_BYTES = 1 << 20
_BACKLOG_FULL_BYTES = 8192  # more than this, and a host with flow control has taken RTS away
_BACKLOG_LOW_BYTES = 1024
_WRITE_BYTES = 65536
_HELD_POLL_S = 0.05  # a host that is held may change its flow control without writing a byte
_LOOK_OUT_S = 100e-6 if (os.cpu_count() or 1) > 1 else 0.0  # alone, it would keep the host waiting

EventSink = Callable[[Iterable[Event]], None]


class Guest(Protocol):
    """Somebody else who is served by the loop, between two turns of the device."""

    @property
    def descriptor(self) -> int:
        """Readable when there is something to do."""

    def serve(self) -> None:
        """Do it, without waiting for anybody."""


class LiveLoop:
    """One rig on one pty. Not thread-safe: whoever shares it holds a lock around `turn`."""

    def __init__(self, rig: Rig, port: PtyPort, clock: WallClock, sink: EventSink) -> None:
        self._rig = rig
        self._port = port
        self._clock = clock
        self._sink = sink
        self._settings: HostLineSettings | None = None  # nothing is told before bytes move
        self._shown: HostLineSettings | None = None  # what `_settings` was made from, with:
        self._frame = ""
        self._backlog = bytearray()
        self._was_busy = False
        self.guest: Guest | None = None
        self._wake_read, self._wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    @property
    def wake_descriptor(self) -> int:
        """Write a byte here (from a signal or another thread) to end a `wait`."""
        return self._wake_write

    def wake(self) -> None:
        """End a `wait`, from wherever."""
        with contextlib.suppress(BlockingIOError):  # so full that it wakes anyhow
            os.write(self._wake_write, b"x")

    def now_ns(self) -> int:
        """Model time."""
        return self._clock.now_ns()

    @property
    def is_quiet(self) -> bool:
        """Nothing is under way: the host has written nothing more, the device has no work left."""
        return not self._is_readable and self._rig.is_quiet and not self._backlog

    @property
    def is_settled(self) -> bool:
        """Without a host nothing more will happen: nobody reads the backlog or frees the line."""
        rig = self._rig
        if rig.wants_input and self._is_readable:
            return False
        return rig.is_quiet or rig.deadline_ns() is None

    def wait(self, limit_s: float | None = None) -> None:
        """Sleep until the host does something, something is due, or somebody wakes us.

        Or until `limit_s` real seconds have passed.
        """
        timeout_s = self._timeout_s(limit_s)
        descriptor = self._port.descriptor
        readers = [self._wake_read]
        if self._rig.wants_input:
            readers.append(descriptor)
        if self.guest is not None:
            readers.append(self.guest.descriptor)
        writers = [descriptor] if self._backlog else []
        ready = self._look(readers) if self._was_busy and timeout_s is None else []
        if not ready:
            ready = select.select(readers, writers, [], timeout_s)[0]
        if self._wake_read in ready:
            self._clear_wake()

    def turn(self) -> None:
        """Let everything happen that is due, both ways; hand the events to the sink."""
        rig = self._rig
        now_ns = self._clock.now_ns()
        self._catch_up(now_ns)
        if rig.wants_input:
            data = self._port.read(rig.input_room)
            self._was_busy = bool(data)
            if data:
                self._follow_host(now_ns)
                rig.host_write(now_ns, data)
                rig.advance(now_ns)
        self._follow_busy_host(now_ns)
        self._send(now_ns)
        events = rig.take_events()
        if events:
            self._sink(events)
        if self.guest is not None:
            self.guest.serve()

    def close(self) -> None:
        """Let go of the loop's own descriptors."""
        os.close(self._wake_read)
        os.close(self._wake_write)

    @property
    def _is_readable(self) -> bool:
        return bool(select.select([self._port.descriptor], [], [], 0)[0])

    def _timeout_s(self, limit_s: float | None) -> float | None:
        rig = self._rig
        deadline_ns = rig.deadline_ns()
        limits_s = [] if limit_s is None else [max(limit_s, 0.0)]
        if deadline_ns is not None:
            limits_s.append(self._clock.seconds_until(deadline_ns))
        if rig.is_host_held or not rig.wants_input:
            limits_s.append(_HELD_POLL_S)
        return min(limits_s, default=None)

    def _catch_up(self, now_ns: int) -> None:
        deadline_ns = self._rig.deadline_ns()
        if deadline_ns is not None and deadline_ns < now_ns:
            # A late turn would miss a short text's whole way to the host: look when it sets off.
            self._rig.advance(deadline_ns)
            self._follow_busy_host(deadline_ns)
        self._rig.advance(now_ns)

    def _follow_busy_host(self, now_ns: int) -> None:
        if self._backlog or not self._rig.is_quiet:  # bytes go to the host, or wait with it
            self._follow_host(now_ns)

    def _look(self, readers: list[int]) -> list[int]:
        """Look out for a while before going to sleep: a host that is at it answers at once, and
        waking up would cost more than the wait. Only after input, and only with nothing due.
        """
        end_s = time.perf_counter() + _LOOK_OUT_S
        while time.perf_counter() < end_s:
            ready = select.select(readers, [], [], 0)[0]
            if ready:
                return ready
        return []

    def _clear_wake(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._wake_read, 4096)

    def _follow_host(self, now_ns: int) -> None:
        shown, frame = self._port.settings(), self._rig.device.settings.frame
        if shown is self._shown and frame == self._frame:
            return
        self._shown, self._frame = shown, frame
        settings = shown.on_a_pty(frame)
        if settings != self._settings:
            self._settings = settings
            self._rig.host_line(now_ns, settings.baud, settings.frame, settings.flow)

    def _send(self, now_ns: int) -> None:
        for run in self._rig.take_output():
            self._backlog += run.data
        if not self._backlog:
            return
        written = self._port.write(self._backlog[:_WRITE_BYTES])
        del self._backlog[:written]
        self._bound_backlog(now_ns)

    def _bound_backlog(self, now_ns: int) -> None:
        surplus = len(self._backlog) - _BACKLOG_BYTES
        if surplus > 0:
            del self._backlog[-surplus:]
            self._rig.host_missed(now_ns, surplus)
        if len(self._backlog) > _BACKLOG_FULL_BYTES:
            self._rig.host_ready(now_ns, ready=False)
        elif len(self._backlog) < _BACKLOG_LOW_BYTES:
            self._rig.host_ready(now_ns, ready=True)
