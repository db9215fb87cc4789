"""The loop that drives a rig in real time: sleep until something is due, then let it happen.

It reads the port only while the far UART's queue has room: a byte that flow control holds back
waits with the host, as in a driver's transmit queue. Bytes that the host does not read wait in
`quecsim.live.backlog`.

A turn may be late, because the machine had no processor for us. What the host wrote meanwhile waits
in the port, and nobody knows since when: it gets the benefit of the doubt, and counts as written
just before what was due. And no turn lets more than `_LATE_NS` pass beyond that: what it is later,
the model's clock has stood still, and the record says for how long.

Whose bytes they are, and how they come, is the `quecsim.live.host.Host`'s business.
"""

import os
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Protocol

from quecsim.border import News
from quecsim.live.clock import WallClock
from quecsim.live.host import LEAST_BYTES, Host
from quecsim.live.readiness import Waker, Wakes, wait_ready
from quecsim.rig import Rig
from quecsim.trace.event import Event
from quecsim.units import ms

_HELD_POLL_S = 0.05  # a host that is held may change its flow control without writing a byte
_LOOK_OUT_S = 100e-6 if (os.cpu_count() or 1) > 1 else 0.0  # alone, it would keep the host waiting
_LATE_NS = ms(1000)
_WORTH_TELLING_NS = ms(50)  # by the wall's clock: less is told together with what follows

EventSink = Callable[[Iterable[Event]], None]


class Guest(Protocol):
    """Somebody else who is served by the loop, between two turns of the device."""

    @property
    def descriptor(self) -> int:
        """Readable when there is something to do."""

    def serve(self, *, is_called: bool) -> None:
        """Do it, without waiting for anybody. Not `is_called`: the descriptor is not readable, and
        there is news of the device at most.
        """


class Outside(Protocol):
    """The part of a device's network that is real (`quecsim.live.network.beyond`)."""

    @property
    def descriptor(self) -> int | None:
        """Readable when there is something to look at."""

    def outside_ns(self) -> int | None:
        """When it wants to be looked at."""

    def look(self, now_ns: int) -> list[News]:
        """What has come, without waiting for it."""


class LiveLoop:
    """One rig and its host. Not thread-safe: whoever shares it holds a lock around `turn`.

    It is waited for with `wait`, and then `waker` is a `Waker`; or by a reactor.
    """

    def __init__(
        self, rig: Rig, host: Host, clock: WallClock, sink: EventSink, waker: Wakes
    ) -> None:
        self._rig = rig
        self._host = host
        self._clock = clock
        self._sink = sink
        self._told_ns = 0  # nobody was given a later time: the rig has not gone beyond it
        self.stopped_ns = 0  # how long the model's clock has stood still, by the wall's
        self._told_stopped_ns = 0
        self.is_busy = False  # the last turn has brought bytes from the host
        self.guests: list[Guest] = []
        self.outside: Outside | None = None
        self._ready: Collection[int] | None = None  # None: not known, a reactor does not tell
        self._waker = waker

    @property
    def turn_ns(self) -> int:
        """Model time of the turn that runs, or ran last."""
        return self._told_ns

    def wake(self) -> None:
        """End a `wait`, from wherever."""
        self._waker.wake()

    def now_ns(self) -> int:
        """Model time."""
        return self._look_at_clock(self._rig.deadline_ns())

    @property
    def is_quiet(self) -> bool:
        """Nothing is under way: the host has written nothing more, the device has no work left."""
        host = self._host
        return not host.is_readable and self._rig.is_quiet and not host.has_backlog

    @property
    def is_settled(self) -> bool:
        """Without a host nothing more will happen: nobody reads the backlog or frees the line."""
        rig = self._rig
        if rig.input_room >= LEAST_BYTES and self._host.is_readable:
            return False
        return rig.is_quiet or rig.deadline_ns() is None

    @property
    def readers(self) -> list[int]:
        """The descriptors that make a turn worth while as soon as they are readable."""
        readers = self._host.readers
        readers += (guest.descriptor for guest in self.guests)
        if self.outside is not None and (outside := self.outside.descriptor) is not None:
            readers.append(outside)
        return readers

    @property
    def writers(self) -> list[int]:
        """The same, of those that can be written."""
        return self._host.writers

    def timeout_s(self) -> float | None:
        """After so many real seconds a turn is due; None: only others can make it so."""
        rig = self._rig
        outside_ns = None if self.outside is None else self.outside.outside_ns()
        dues = (rig.deadline_ns(), outside_ns, self._host.due_ns)
        deadline_ns = min((due for due in dues if due is not None), default=None)
        timeout_s = None if deadline_ns is None else self._clock.seconds_until(deadline_ns)
        if rig.is_host_held or rig.input_room < LEAST_BYTES:
            return _HELD_POLL_S if timeout_s is None else min(timeout_s, _HELD_POLL_S)
        return timeout_s

    def wait(self, limit_s: float | None = None) -> None:
        """Sleep until the host does something, something is due, or somebody wakes us.

        Or until `limit_s` real seconds have passed.
        """
        waker = self._waker
        assert isinstance(waker, Waker)
        timeout_s, is_due = self.timeout_s(), True
        may_look_out = self.is_busy and timeout_s is None
        if limit_s is not None:
            limit_s = max(limit_s, 0.0)
            is_due = timeout_s is not None
            timeout_s = limit_s if timeout_s is None else min(timeout_s, limit_s)
        end_ns = time.monotonic_ns() + round((timeout_s or 0.0) * 1e9)
        readers = [waker.descriptor, *self.readers]
        ready = look_out(readers) if may_look_out else ()
        if not ready:
            ready = wait_ready(readers, self.writers, timeout_s)
        if waker.descriptor in ready:
            waker.clear()
        self._ready = ready
        late_ns = time.monotonic_ns() - end_ns
        if not is_due and late_ns > _LATE_NS:  # else the next turn finds out
            self.stopped_ns += late_ns

    def turn(self) -> None:
        """Let everything happen that is due, both ways; hand the events to the sink."""
        rig = self._rig
        since_ns, due_ns = self._told_ns, rig.deadline_ns()
        now_ns = self._look_at_clock(due_ns)
        if due_ns is None or due_ns >= now_ns:
            self.is_busy = self._host.take(now_ns)
        else:
            written_ns = max(since_ns, due_ns - rig.line_byte_ns)
            self._catch_up(self._take_as_it_goes(written_ns, now_ns), now_ns)
        if not rig.moment.is_settled or (due_ns is not None and due_ns <= now_ns):
            rig.advance(now_ns)  # else the past stays open for bytes that a driver holds back
        self._look_outside(now_ns)
        if self.stopped_ns - self._told_stopped_ns > _WORTH_TELLING_NS:
            rig.clock_stopped(now_ns, self.stopped_ns - self._told_stopped_ns)
            self._told_stopped_ns = self.stopped_ns
        self._host.follow(now_ns)
        self._host.send(now_ns, rig.take_output())
        events = rig.take_events()
        if events:
            self._sink(events)
        ready, self._ready = self._ready, None
        for guest in self.guests:
            guest.serve(is_called=ready is None or guest.descriptor in ready)

    def _look_outside(self, now_ns: int) -> None:
        """What the real part of the network has to say is an input, as the host's bytes are."""
        if self.outside is not None and (said := self.outside.look(now_ns)):
            for news in said:
                self._rig.hear_news(now_ns, news)
            self._rig.advance(now_ns)

    def close(self) -> None:
        """Let go of the loop's own descriptors."""
        self._waker.close()

    def _look_at_clock(self, due_ns: int | None) -> int:
        now_ns = self._clock.now_ns()
        if due_ns is not None and now_ns - due_ns > _LATE_NS:
            now_ns = max(due_ns + _LATE_NS, self._told_ns)
            self.stopped_ns += self._clock.set_back(now_ns)
        self._told_ns = max(self._told_ns, now_ns)
        return self._told_ns

    def host_left(self) -> int:
        """Whoever was the host has ended: note what it has not read. Returns when that was."""
        now_ns = self.now_ns()
        self._rig.advance(now_ns)
        self._host.note_unread(now_ns, is_last=True)
        return now_ns

    def _take_as_it_goes(self, at_ns: int, now_ns: int) -> int:
        """What waits in the port goes to the host's UART as that has room, from `at_ns` to now: so
        a late turn leaves no gap in a stream. Returns when it came to an end.
        """
        rig = self._rig
        self.is_busy = self._host.take(at_ns)
        while at_ns < now_ns and (missing := LEAST_BYTES - rig.input_room) > 0:
            at_ns = rig.run_to_queued(now_ns, rig.host_queued - missing)
            self._host.take(at_ns)
        return at_ns

    def _catch_up(self, since_ns: int, now_ns: int) -> None:
        deadline_ns = self._rig.deadline_ns()
        if deadline_ns is not None and deadline_ns < now_ns:
            # A late turn would miss a short text's whole way to the host: look when it sets off.
            first_ns = max(deadline_ns, since_ns)  # a line without a rate has sent it already
            self._rig.advance(first_ns)
            self._host.follow(first_ns)


def look_out(readers: Sequence[int]) -> Sequence[int]:
    """Look for a while before going to sleep: a host that is at it answers at once, and waking up
    would cost more than the wait. Only after input, and only with nothing due.
    """
    end_s = time.perf_counter() + _LOOK_OUT_S
    while time.perf_counter() < end_s:
        if ready := wait_ready(readers, (), 0):
            return ready
    return ()
