"""The functions of `time` and `datetime` that virtual time takes the place of.

Each stand-in asks for the clock of its thread, and without one calls the original: threads that
have nothing to do with the host under test never notice. The places where modules keep the
originals under names of their own are looked up once for each module.
"""

import asyncio
import datetime
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any

from serial import serialutil

from quecsim.units import S
from quecsim.virtual import locks
from quecsim.virtual.compiled import look_at_dates
from quecsim.virtual.event_loop import run_forever
from quecsim.virtual.host_time import VirtualClock, current_clock
from quecsim.virtual.scheduler import ENDED

EPOCH_NS = 1_767_225_600 * S  # 2026-01-01T00:00:00Z: what time.time() says at the start
UPTIME_NS = 100_000 * S  # what time.monotonic() says then: the machine has run for a day

_REAL_TIME = ModuleType("time")
vars(_REAL_TIME).update(vars(time))
_real_sleep = time.sleep
_real_monotonic = time.monotonic
_real_datetime = datetime.datetime


def uptime_s(clock: VirtualClock | None = None) -> float:
    """What time.monotonic() says by `clock`, or by that of this thread. To ask takes no time."""
    clock = clock or current_clock()
    return _real_monotonic() if clock is None else (UPTIME_NS + clock.now_ns) / S


def _sleep(seconds: float, /) -> None:
    clock = current_clock()
    if clock is None:
        _real_sleep(seconds)
        return
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    clock.sleep(round(seconds * S))


def _in_seconds(original: Callable[[], float], origin_ns: int) -> Callable[[], float]:
    def read() -> float:
        clock = current_clock()
        return original() if clock is None else (origin_ns + clock.look()) / S

    return read


def _monotonic_with_lock() -> float:
    clock = current_clock()
    return _real_monotonic() if clock is None else (UPTIME_NS + clock.tick()) / S


def _in_ns(original: Callable[[], int], origin_ns: int) -> Callable[[], int]:
    def read() -> int:
        clock = current_clock()
        return original() if clock is None else origin_ns + clock.look()

    return read


class _DatetimeMeta(type):
    """The stand-in is the original in all but its own methods."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _real_datetime)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, _real_datetime)


class _Datetime(_real_datetime, metaclass=_DatetimeMeta):
    """datetime with the clock of virtual time; its values are plain datetimes."""

    def __new__(cls, *arguments: Any, **options: Any) -> Any:
        return _real_datetime(*arguments, **options)

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> Any:
        return _real_datetime.fromtimestamp(time.time(), tz)

    @classmethod
    def today(cls) -> Any:
        return _real_datetime.fromtimestamp(time.time())

    @classmethod
    def utcnow(cls) -> Any:
        return _real_datetime.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None)


def _hook(original: Callable[[Any], object], details: Any) -> None:
    """Python says nothing of a SystemExit in a thread; others, such as pytest, do."""
    if getattr(details.exc_value, "code", None) is not ENDED:
        original(details)


_STANDINS: dict[int, Any] = {
    id(original): standin
    for original, standin in (
        (time.sleep, _sleep),
        (time.time, _in_seconds(time.time, EPOCH_NS)),
        (time.monotonic, _in_seconds(time.monotonic, UPTIME_NS)),
        (time.perf_counter, _in_seconds(time.perf_counter, UPTIME_NS)),
        (time.time_ns, _in_ns(time.time_ns, EPOCH_NS)),
        (time.monotonic_ns, _in_ns(time.monotonic_ns, UPTIME_NS)),
        (time.perf_counter_ns, _in_ns(time.perf_counter_ns, UPTIME_NS)),
        (datetime.datetime, _Datetime),
        *locks.STANDINS.items(),
    )
}

# Where a class keeps one.
_IN_CLASSES: tuple[tuple[Any, str, Any], ...] = (
    (threading.Condition, "wait", locks.wait),
    (threading.Thread, "join", locks.join),
    (threading.Thread, "is_alive", locks.is_alive),
    (serialutil.Timeout, "TIME", staticmethod(_STANDINS[id(time.monotonic)])),
    (asyncio.BaseEventLoop, "run_forever", run_forever(asyncio.BaseEventLoop.run_forever)),
)

# Who watches the host, and so lives outside; some of it looks at the clock whenever Python likes.
_OUTSIDE = ("_thread", "quecsim.virtual.")
_WATCHERS = ("_pytest.", "pytest", "pluggy.", "xdist.", "execnet.", "hypothesis.", "coverage.")


def _standin(names: dict[str, Any], original: Any) -> Any:
    """These look at the time while they hold a lock, which may be a real one: nobody else runs."""
    if original is time:
        return _REAL_TIME
    if original is _real_monotonic and names.get("__name__") in ("threading", "queue"):
        return _monotonic_with_lock
    return _STANDINS[id(original)]


class _Places:
    """Where the originals are kept: looked up once for each module, and put back in the end."""

    def __init__(self) -> None:
        self._known: dict[str, ModuleType] = {}
        self._places: list[tuple[dict[str, Any], str, Any]] = []
        self._undo: list[tuple[dict[str, Any], str, Any]] = []
        self._undo_classes: list[tuple[Any, str, Any]] = []
        self._is_installed = False

    def install(self) -> None:
        """Put the stand-ins into place, if they are not."""
        if self._is_installed:
            return
        self._is_installed = True
        look_at_dates()
        self._look_around()
        for names, name, original in self._places:
            if names.get(name) is original:
                self._undo.append((names, name, original))
                names[name] = _standin(names, original)
        hook = partial(_hook, threading.excepthook)
        for owner, name, standin in (*_IN_CLASSES, (threading, "excepthook", hook)):
            self._undo_classes.append((owner, name, vars(owner)[name]))
            setattr(owner, name, standin)

    def remove(self) -> None:
        """Put the originals back. It may be interrupted, and so may `install`: all that stands in
        the lists is put back once more, and leaves them only then.
        """
        for names, name, original in self._undo:
            if names.get(name) is _standin(names, original):
                names[name] = original
        for owner, name, original in reversed(self._undo_classes):
            setattr(owner, name, original)
        self._undo.clear()
        self._undo_classes.clear()
        self._is_installed = False

    def _look_around(self) -> None:
        for module_name, module in list(sys.modules.items()):
            if self._known.get(module_name) is module:
                continue
            self._known[module_name] = module
            names = getattr(module, "__dict__", None)
            if isinstance(names, dict) and module_name.startswith(_WATCHERS):
                if names.get("time") is time:  # they look through the module
                    self._places.append((names, "time", time))
            elif isinstance(names, dict) and not module_name.startswith(_OUTSIDE):
                self._places += [
                    (names, name, value)
                    for name, value in list(names.items())
                    if id(value) in _STANDINS
                ]


_places = _Places()
install = _places.install
remove = _places.remove
