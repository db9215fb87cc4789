"""The live line of `quecsim run`: two lines at the bottom of a terminal that say how it stands.

It is no screen: what else is said scrolls above it. The cursor rests at the begin of the first
line, so whatever somebody else writes begins there, and the next picture overwrites what is left; a
terminal that folds its lines anew when it is resized takes the cursor along.

Nothing waits for the terminal. It is written to through a descriptor of our own that does not block
(the flag would be everybody's on the one that is there); what it does not take is kept, within
bounds, and tried again.
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from quecsim.cli import screen
from quecsim.cli.face import Face
from quecsim.live.simulator import Simulator
from quecsim.render.status import Status
from quecsim.render.status_line import status_lines
from quecsim.trace.event import Event

_EVERY_S = 0.2  # between two pictures
_LEAST_COLUMNS = 8  # a narrower terminal is left alone
_MOST_WAITING_BYTES = 64 << 10  # for a terminal that stands still; what is said beyond is left out
_ERASE = b"\r\x1b[J"
_TO_FIRST = "\r\x1b[1A"
_USUAL = 80


class LiveLine(Face):
    """Feed it the events (`watch`), call `tick` after every turn, and sleep no longer than
    `pause_s`; `say` tells something above it. `descriptor` is closed with it.
    """

    draws = True

    def __init__(
        self,
        descriptor: int,
        *,
        colour: bool = False,
        is_unicode: bool = True,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.status = Status()
        self._port = ""
        self._descriptor = descriptor
        self._colour = colour
        self._is_unicode = is_unicode
        self._clock_s = clock_s
        self._waiting = bytearray()  # for the terminal
        self._left_out = 0  # messages that found no room
        self._frame = b""  # what stands there now; empty: nothing
        self._is_due = self._is_stale = False
        self._wants_stop = False
        self._next_s = clock_s()
        self._is_begun = False

    def look_at(self, simulator: Simulator) -> None:
        """See all events of it."""
        simulator.watch(self.watch)

    @contextmanager
    def shown(self, port: str, _socket: str, /) -> Iterator[Callable[[], float | None]]:
        """Within it the line is there, and what is said stands above it."""
        with TerminalSignals(self), screen.drawing(self.say):
            self.begin(port)
            try:
                yield self.pause_s
            finally:
                self.close()

    def watch(self, events: Iterable[Event]) -> None:
        """So much has happened."""
        self.status.feed(events)
        self._is_due = True

    def begin(self, port: str) -> None:
        """From now on it is drawn; `port` is the path that hosts open."""
        self._port = port
        self._is_begun = self._is_due = True

    def pause_s(self) -> float | None:
        """After so many seconds `tick` has something to do; None: only after other events."""
        if not (self._is_begun and (self._is_due or self._waiting)):
            return None
        return max(self._next_s - self._clock_s(), 0.0)

    def tick(self, now_ns: int) -> None:
        """Draw, if there is something new and it is time. `now_ns` is the model's."""
        if self._wants_stop:
            self._stop()
        if not self._is_begun or self._clock_s() < self._next_s:
            return
        if not (self._is_due or self._waiting):
            return
        self._next_s = self._clock_s() + _EVERY_S
        if self._write() and self._is_due:
            self._draw(now_ns)

    def say(self, text: str) -> None:
        """A message of one or more lines, above the live line."""
        if len(self._waiting) > _MOST_WAITING_BYTES:
            self._left_out += 1
            return
        self._waiting += self._above(text)
        self._write()

    def again(self) -> None:
        """Whatever stands on the terminal now: the next picture is drawn anew."""
        self._is_stale = self._is_due = True

    def stop(self) -> None:
        """The user wants the process to stop (Ctrl-Z): the next `tick` sees to it."""
        self._wants_stop = True

    def close(self) -> None:
        """Take it away; what was said and has not got there is waited for."""
        if not self._is_begun:
            os.close(self._descriptor)
            return
        self._is_begun = False
        self._waiting += _ERASE if self._frame else b""
        self._frame = b""
        os.set_blocking(self._descriptor, True)
        self._write()
        os.close(self._descriptor)

    def _stop(self) -> None:
        """Leave the terminal to the shell, and stand still until it says otherwise."""
        self._wants_stop = False
        self._waiting += _ERASE if self._frame else b""
        self._frame = b""
        self._write()
        os.kill(os.getpid(), signal.SIGSTOP)
        self.again()

    def _above(self, text: str) -> bytes:
        told = f"{text}\n".encode(errors="replace")
        return _ERASE + told + self._frame if self._frame else told

    def _draw(self, now_ns: int) -> None:
        columns, self._is_due = self._columns(), False
        if columns < _LEAST_COLUMNS or not self._is_in_front():
            self._frame = b""
            return
        lines = status_lines(
            self.status,
            self._port,
            columns - 1,  # in the last column some terminals begin a new line
            now_ns,
            colour=self._colour,
            is_unicode=self._is_unicode,
        )
        first, second = lines
        frame = f"\r{first}\x1b[K\n{second}\x1b[J{_TO_FIRST}".encode(errors="replace")
        # both end by themselves, without an event
        self._is_due = self.status.settle() or self.status.busy_at(now_ns) is not None
        if frame != self._frame or self._is_stale:
            self._frame, self._is_stale = frame, False
            self._waiting += frame
            self._write()

    def _write(self) -> bool:
        """What waits goes to the terminal; False where it does not take all of it."""
        try:
            while self._waiting:
                count = os.write(self._descriptor, self._waiting)
                del self._waiting[:count]
        except BlockingIOError:
            return False
        except OSError:  # it is gone: the run goes on
            self._waiting.clear()
            self._is_begun = False
            return False
        if self._left_out:
            told, self._left_out = self._left_out, 0
            self.say(f"quecsim: {told} messages found no room while the terminal stood still")
        return True

    def _columns(self) -> int:
        try:
            return os.get_terminal_size(self._descriptor).columns or _USUAL
        except OSError:
            return _USUAL

    def _is_in_front(self) -> bool:
        """Not in the background of a shell, whose terminal is another program's then."""
        try:
            return os.tcgetpgrp(self._descriptor) == os.getpgrp()
        except OSError:  # it is not our terminal: nobody's jobs
            return True


def open_live_line() -> LiveLine | None:
    """The live line on standard error; None where there is no terminal to draw on, or somebody
    else may be writing there: a script whose background job we are has no terminal to read from.
    """
    stderr = sys.stderr
    if screen.is_quiet() or not (stderr.isatty() and sys.stdin is not None and sys.stdin.isatty()):
        return None
    if os.environ.get("TERM", "dumb") == "dumb":
        return None
    descriptor = _own_descriptor(stderr.fileno())
    if descriptor is None:
        return None
    is_unicode = (stderr.encoding or "").lower().replace("-", "") == "utf8"
    return LiveLine(descriptor, colour=screen.wants_colour(stderr), is_unicode=is_unicode)


def _own_descriptor(shared: int) -> int | None:
    """The same terminal, opened once more, so that only we do not wait for it."""
    names = [f"/proc/self/fd/{shared}"]
    with contextlib.suppress(OSError):  # as in a container that has another's terminal
        names.insert(0, os.ttyname(shared))
    for name in names:
        with contextlib.suppress(OSError):
            return os.open(name, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    return None


class TerminalSignals:
    """Within `with`: the line is drawn anew when the terminal has another size, or the process
    was stopped and goes on; it is taken away before it stops.
    """

    def __init__(self, line: LiveLine) -> None:
        self._handlers = {
            signal.SIGWINCH: line.again,
            signal.SIGCONT: line.again,
            signal.SIGTSTP: line.stop,
        }
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "TerminalSignals":
        for number in self._handlers:
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *_details: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._handlers[signal.Signals(number)]()
