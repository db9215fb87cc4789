"""Where a device can be called over TCP: calls wait in a bounded queue until it takes them up.

What is beyond that waits in the system's own, which is bounded, too: whoever calls then hears
nothing, as of a module that is busy.
"""

import errno
import selectors
import socket

from quecsim.border import MOST_CALLS, Incoming, Listen, Listening
from quecsim.live.network.link import Limits, Link, Say, Stage, reset
from quecsim.units import s

_PAUSE_NS = s(1)  # before the next try, where the system has nothing left to accept a call with
CALLER_IS_GONE = (errno.ECONNABORTED, errno.EPROTO, errno.EINTR, errno.ETIMEDOUT)


class TcpListener(Link):
    """See above. `at` is where it listens in reality; None: nobody can call it there."""

    def __init__(self, wish: Listen, limits: Limits, say: Say, at: socket.socket | None) -> None:
        super().__init__(wish, limits, say)
        self.socket = at
        self._calls: dict[int, socket.socket] = {}
        self._count = 0
        self._enter(Stage.OPEN)
        if at is not None:
            self.reached, self.port = at.getsockname()[:2]
        self._say(Listening(self.number, wish.port))

    @property
    def events(self) -> int:
        """It accepts while calls may wait."""
        is_free = len(self._calls) < MOST_CALLS and self.deadline_ns is None
        return selectors.EVENT_READ if self.stage is Stage.OPEN and is_free else 0

    def take(self, caller: int) -> socket.socket | None:
        """The connection of a call that waits, which is somebody else's from now on."""
        return self._calls.pop(caller, None)

    def refuse(self, caller: int) -> None:
        """A call that waits is not taken up."""
        call = self.take(caller)
        if call is not None:
            reset(call)

    def expire(self, now_ns: int) -> None:
        """The pause is over."""
        self._now_ns = now_ns
        if self.deadline_ns is not None and now_ns >= self.deadline_ns:
            self._enter(Stage.OPEN)

    def close(self) -> None:
        """Whoever waits is not taken up."""
        super().close()
        for caller in list(self._calls):
            self.refuse(caller)

    def _move(self, events: int) -> None:  # noqa: ARG002 - it is never written to
        while self.events and self.socket is not None:
            try:
                call, (address, port, *_) = self.socket.accept()
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno in CALLER_IS_GONE:
                    continue
                self._enter(Stage.OPEN, _PAUSE_NS)
                return
            self._count += 1
            self._calls[self._count] = call
            self._say(Incoming(self.number, self._count, address, port))
