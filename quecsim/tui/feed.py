"""The control socket, in threads: one follows the events, one asks.

Nobody waits for them: the screen takes what has come. A screen that is slow takes less at once, and
the simulator keeps what is left, within its bounds.
"""

import contextlib
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import msgspec

from quecsim.errors import QuecsimError
from quecsim.live.control.client import ControlClient
from quecsim.trace.event import Event

_MOST_WAITING = 20_000
_EVENTS = msgspec.json.Decoder(Event)


Ask = Callable[[ControlClient], Any]
Then = Callable[[Any], None]


class _Missed(msgspec.Struct, frozen=True):
    missed: int


class Events(Protocol):
    """Where the events come from."""

    trouble: str

    def start(self) -> None:
        """Begin."""

    def take(self, most: int) -> list[Event | int]:
        """What has come, at most so much at once; a number stands for so many events that were not
        to be had any more.
        """

    @property
    def has_ended(self) -> bool:
        """There will be no more, and all were taken."""

    def close(self) -> None:
        """Let go of it."""


class Questions(Protocol):
    """Whom to ask."""

    def start(self) -> None:
        """Begin."""

    def ask(self, what: Ask, then: Then) -> None:
        """Ask; `then` gets the answer, or the QuecsimError, in `deliver`."""

    def deliver(self) -> None:
        """Hand over the answers that have come."""

    def close(self) -> None:
        """Let go of it."""


class Follower:
    """All events of the simulator at `path`, from the first that it keeps. Raises QuecsimError
    where nobody answers.
    """

    def __init__(self, path: str | Path) -> None:
        self._client = ControlClient(path)
        self._queue: queue.Queue[Event | int] = queue.Queue(_MOST_WAITING)
        self._thread = threading.Thread(target=self._follow, name="events", daemon=True)
        self._is_closed = False
        self.trouble = ""  # what ended it before the simulator's own end

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def take(self, most: int) -> list[Event | int]:
        """See `Events`."""
        taken: list[Event | int] = []
        with contextlib.suppress(queue.Empty):
            while len(taken) < most:
                taken.append(self._queue.get_nowait())
        return taken

    @property
    def has_ended(self) -> bool:
        """The simulator has gone, and all that it said was taken."""
        return not self._thread.is_alive() and self._queue.empty()

    def close(self) -> None:
        """Hang up; the thread ends by itself."""
        self._is_closed = True
        self._client.hang_up()
        while self._thread.is_alive():
            self.take(_MOST_WAITING)  # it may wait for room
            self._thread.join(0.01)
        self._client.close()

    def _follow(self) -> None:
        try:
            for line in self._client.events(since="start", follow=True):
                self._queue.put(_read(line))
                if self._is_closed:
                    return
        except QuecsimError:  # it has ended, as all do
            return
        except Exception as error:
            self.trouble = f"{type(error).__name__}: {error}"


def _read(line: bytes) -> Event | int:
    if line.startswith(b'{"missed"'):
        return msgspec.json.decode(line, type=_Missed).missed
    event: Event = _EVENTS.decode(line)
    return event


class Desk:
    """Asks the simulator, one question after the other; answers are taken by who asked."""

    def __init__(self, path: str | Path) -> None:
        self._client = ControlClient(path)
        self._asked: queue.Queue[tuple[Ask, Then] | None] = queue.Queue()
        self._answered: queue.Queue[tuple[Then, Any]] = queue.Queue()
        self._thread = threading.Thread(target=self._work, name="questions", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def ask(self, what: Ask, then: Then) -> None:
        """Ask; `then` gets the answer, or the QuecsimError, in `deliver`."""
        self._asked.put((what, then))

    def deliver(self) -> None:
        """Hand over the answers that have come."""
        with contextlib.suppress(queue.Empty):
            while True:
                then, answer = self._answered.get_nowait()
                then(answer)

    def close(self) -> None:
        """Hang up; what was asked is not waited for."""
        self._asked.put(None)
        self._client.hang_up()
        self._thread.join()
        self._client.close()

    def _work(self) -> None:
        while (asked := self._asked.get()) is not None:
            what, then = asked
            try:
                answer = what(self._client)
            except QuecsimError as error:
                answer = error
            self._answered.put((then, answer))
