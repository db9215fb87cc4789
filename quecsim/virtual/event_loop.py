"""asyncio in virtual time: a loop waits for simulated ports and for the model's clock alone.

The selector of a loop that runs in virtual time is replaced: where it waited in the operating
system it now waits here, and waiting moves the clock. So the loop may be any of asyncio's own, made
before or within, and pyserial-asyncio works as it is: the number that `fileno()` of a simulated
port gives is known to this selector, and to nobody else. Sockets, pipes and child processes live in
real time, which does not go along: they are refused.
"""

import asyncio
import selectors
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from math import ceil
from typing import Any
from weakref import WeakValueDictionary

from quecsim.units import S
from quecsim.virtual.clock import NEVER_NS, first_due_ns, run_side_by_side
from quecsim.virtual.host_end import HostEnd
from quecsim.virtual.host_time import current_clock

_FIRST_NUMBER = 1 << 30  # no file descriptor is as large
_WRITABLE_BYTES = 256  # as a driver's queue: who waits for it is not woken for each byte
_ON_A_PTY = "run the host on a pty: quecsim.open(...), in pytest the fixture quecsim_device"

_ends: "WeakValueDictionary[int, HostEnd]" = WeakValueDictionary()
_Key = selectors.SelectorKey


def number_of(end: HostEnd) -> int:
    """What stands for the file descriptor of a port in a loop that runs in virtual time."""
    for number, known in _ends.items():
        if known is end:
            return number
    number = max(_ends, default=_FIRST_NUMBER - 1) + 1
    _ends[number] = end
    return number


def has_number(end: HostEnd) -> bool:
    """Whether somebody may ask for it: a task of such a loop, or who is known to have been one."""
    is_task = current_clock() is not None and asyncio._get_running_loop() is not None
    return is_task or end in _ends.values()


def take_over(loop: Any) -> None:
    """From now on `loop` waits in virtual time where it runs in one. Raises RuntimeError where it
    cannot.
    """
    if not isinstance(loop, asyncio.SelectorEventLoop):
        raise RuntimeError(
            f"{type(loop).__module__}.{type(loop).__name__} does not run in virtual time, only "
            f"asyncio's own SelectorEventLoop does. Take that, or {_ON_A_PTY}"
        )
    known: Any = loop
    if not isinstance(known._selector, _Selector):
        known._selector = _Selector(known._selector)


def move_timers(loop: Any, by_s: float) -> None:
    """What `loop` has to do later is as far off as before, on a clock that differs by so much."""
    for timer in loop._scheduled:
        timer._when += by_s


class _Selector(selectors.BaseSelector):
    """In virtual time it waits for ports, by their numbers, and only looks at what `real` has: the
    pipe by which other threads and signals wake the loop. In real time it is `real`.
    """

    def __init__(self, real: selectors.BaseSelector) -> None:
        self._real = real
        self._keys: dict[Any, _Key] = {}

    def register(self, fileobj: Any, events: int, data: Any = None) -> _Key:
        """Wait for a port, too. Raises RuntimeError for anything that lives in real time."""
        if current_clock() is None:
            return self._real.register(fileobj, events, data)
        number = fileobj if isinstance(fileobj, int) else fileobj.fileno()
        if number not in _ends:
            raise RuntimeError(
                "in virtual time asyncio waits for quecsim:// ports and for time alone: sockets, "
                f"pipes and processes live in real time. For those {_ON_A_PTY}"
            )
        self._keys[fileobj] = key = _Key(fileobj, number, events, data)
        return key

    def unregister(self, fileobj: Any) -> _Key:
        """Wait for it no more."""
        if fileobj not in self._keys:
            return self._real.unregister(fileobj)
        return self._keys.pop(fileobj)

    def get_map(self) -> Mapping[Any, _Key]:
        """All that is waited for."""
        return {**self._real.get_map(), **self._keys}

    def close(self) -> None:
        """With the loop, which is not closed while it runs."""
        self._real.close()

    def select(self, timeout: float | None = None) -> list[tuple[_Key, int]]:
        """What is ready by now, or within `timeout` seconds of the model's."""
        clock = current_clock()
        if clock is None:
            return self._real.select(timeout)
        waits = [(end, key.events) for key in self._keys.values() if (end := _ends.get(key.fd))]
        source = _Ports([end for end, _events in waits])
        if timeout is None or timeout > 0:
            end_ns = NEVER_NS if timeout is None else clock.now_ns + ceil(timeout * S)
            with ExitStack() as stack:
                for end, events in waits:
                    stack.enter_context(_awaited(end, events))
                clock.wait(source, self._is_ready, end_ns)
        else:
            clock.look()
        source.settle()
        return self._ready()

    def _is_ready(self) -> bool:
        return bool(self._ready())

    def _ready(self) -> list[tuple[_Key, int]]:
        ready = [(key, now) for key in self._keys.values() if (now := _state(key))]
        return ready + self._real.select(0)


def _state(key: _Key) -> int:
    """Which of the events of `key` would not wait. A port whose device is gone is ready for
    anything; one that the host itself has closed, for nothing, as the system forgets it.
    """
    end = _ends.get(key.fd)
    if end is None or not end.is_running:
        return key.events
    if not end.is_open:
        return 0
    events = selectors.EVENT_READ if end.has_received else 0
    events |= selectors.EVENT_WRITE if end.rig.host_queued <= _writable_level(end) else 0
    return key.events & events


def _writable_level(end: HostEnd) -> int:
    """The most bytes that may still wait in the far UART's queue where a loop is told to write."""
    size = end.rig.host_queued + end.rig.input_room
    return size - min(size, _WRITABLE_BYTES)


@contextmanager
def _awaited(end: HostEnd, events: int) -> Iterator[None]:
    """The rig stops where this is true, as for a thread that waits in a read or a write."""
    with ExitStack() as stack:
        if events & selectors.EVENT_READ:
            stack.enter_context(end.awaited.byte())
        if events & selectors.EVENT_WRITE and end.rig.host_queued > _writable_level(end):
            stack.enter_context(end.awaited.queued(_writable_level(end)))
        yield


class _Ports:
    """Several ports, as one source of what is waited for."""

    def __init__(self, ends: list[HostEnd]) -> None:
        self._ends = list(dict.fromkeys(ends))

    def due_ns(self) -> int | None:
        """When something happens next at one of them."""
        return first_due_ns(self._ends)

    def run(self, limit_ns: int) -> int:
        """To a time, or to the first moment at which something may have changed."""
        now_ns = self._ends[0].clock.now_ns if self._ends else 0
        return run_side_by_side(self._ends, now_ns, limit_ns)

    def settle(self) -> None:
        """What is due by now happens."""
        for end in self._ends:
            end.settle()


def run_forever(original: Callable[[Any], None]) -> Callable[[Any], None]:
    """`BaseEventLoop.run_forever`, which everything that runs a loop comes through."""

    def run(loop: Any) -> None:
        if current_clock() is not None:
            take_over(loop)
        original(loop)

    return run
