"""One thread for all devices of a process: it waits for their ports and clocks, and turns them.

A thread each would do for a few. Hundreds of them hand the interpreter round among themselves, and
come too late to their own devices; one thread turns whoever is due, one after the other, and the
more there are to turn, the more each has to do in one turn.
"""

import os
import selectors
import threading
import time
from collections import deque
from collections.abc import Callable

from quecsim.live.loop import LiveLoop, look_out
from quecsim.live.readiness import Waker, wait_ready


class Seat:
    """A device's place among those that are turned; the `waker` of its loop."""

    def __init__(self) -> None:
        self._reactor = _the_reactor

    def wake(self) -> None:
        """Its device is turned soon."""
        self._reactor.wake(self)

    def take(self, loop: LiveLoop, turn: Callable[[], bool]) -> None:
        """From now on `turn` is called when `loop` has something to do, until it returns False."""
        self._reactor.add(self, loop, turn)

    def leave(self) -> None:
        """It is turned no more; whoever is in the middle of it finishes first."""
        self._reactor.remove(self)

    def close(self) -> None:
        """Nothing to let go of."""


class Reactor:
    """The thread runs while there is anybody to turn."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._waker = Waker()
        self._selector.register(self._waker.descriptor, selectors.EVENT_READ)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._requests: deque[Callable[[], None]] = deque()
        self._woken: deque[Seat] = deque()
        # All below belongs to the thread.
        self._members: dict[Seat, tuple[LiveLoop, Callable[[], bool]]] = {}
        self._wanted: dict[Seat, dict[int, int]] = {}
        self._due_s: dict[Seat, float] = {}
        self._is_busy = False

    def wake(self, seat: Seat) -> None:
        """Turn `seat` soon. From any thread, as the rest."""
        self._woken.append(seat)
        self._waker.wake()

    def add(self, seat: Seat, loop: LiveLoop, turn: Callable[[], bool]) -> None:
        """See `Seat.take`."""

        def take_in() -> None:
            self._members[seat] = (loop, turn)
            self._follow(seat)

        self._ask(take_in)

    def remove(self, seat: Seat) -> None:
        """See `Seat.leave`."""
        is_out = threading.Event()

        def let_go() -> None:
            self._drop(seat)
            is_out.set()

        self._ask(let_go)
        if threading.current_thread() is not self._thread:
            is_out.wait()

    def _ask(self, request: Callable[[], None]) -> None:
        with self._lock:
            self._requests.append(request)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="quecsim", daemon=True)
                self._thread.start()
        self._waker.wake()

    def _run(self) -> None:
        while self._goes_on():
            self._is_busy = False
            for seat in self._wait():
                self._turn(seat)

    def _goes_on(self) -> bool:
        while self._requests:
            self._requests.popleft()()
        with self._lock:
            if not self._members and not self._requests:
                self._thread = None
                return False
        return True

    def _wait(self) -> set[Seat]:
        """Sleep until somebody is to be turned; returns who."""
        due_s = min(self._due_s.values(), default=None)
        timeout_s = None if due_s is None else max(due_s - time.monotonic(), 0.0)
        descriptors = [self._selector.fileno()]
        if not (self._is_busy and timeout_s is None and look_out(descriptors)):
            wait_ready(descriptors, (), timeout_s)
        ready = {key.data for key, _ in self._selector.select(0)}
        if None in ready:
            ready.discard(None)
            self._waker.clear()
        while self._woken:
            ready.add(self._woken.popleft())
        now_s = time.monotonic()
        ready.update(seat for seat, at_s in self._due_s.items() if at_s <= now_s)
        return ready

    def _turn(self, seat: Seat) -> None:
        if seat not in self._members:  # it was woken, and has left
            return
        loop, turn = self._members[seat]
        if turn():
            self._follow(seat)
            self._is_busy |= loop.is_busy
        else:
            self._drop(seat)

    def _follow(self, seat: Seat) -> None:
        """Wait for what the seat's loop waits for now."""
        loop, _ = self._members[seat]
        wanted = dict.fromkeys(loop.readers, selectors.EVENT_READ)
        for descriptor in loop.writers:
            wanted[descriptor] = wanted.get(descriptor, 0) | selectors.EVENT_WRITE
        if wanted != self._wanted.get(seat):
            self._register(seat, wanted)
        timeout_s = loop.timeout_s()
        if timeout_s is None:
            self._due_s.pop(seat, None)
        else:
            self._due_s[seat] = time.monotonic() + timeout_s

    def _register(self, seat: Seat, wanted: dict[int, int]) -> None:
        before = self._wanted.get(seat, {})
        for descriptor in before.keys() - wanted.keys():
            self._selector.unregister(descriptor)
        for descriptor, events in wanted.items():
            if descriptor not in before:
                self._selector.register(descriptor, events, seat)
            elif before[descriptor] != events:
                self._selector.modify(descriptor, events, seat)
        self._wanted[seat] = wanted

    def _drop(self, seat: Seat) -> None:
        if self._members.pop(seat, None) is not None:
            self._register(seat, {})
            del self._wanted[seat]
            self._due_s.pop(seat, None)


_the_reactor = Reactor()


def _start_anew() -> None:
    """A forked process is without the thread, and must not share what it waits for."""
    global _the_reactor
    _the_reactor = Reactor()


os.register_at_fork(after_in_child=_start_anew)
