"""The control socket of a running simulator, served by the simulator's own loop.

Its one descriptor is that of a selector, which the loop watches beside the port: no thread, no
lock, and nobody is waited for, so that what the device does does not depend on who looks on.
"""

import contextlib
import os
import selectors
import socket
import time
from pathlib import Path

from quecsim import __version__
from quecsim.live.control import protocol as say
from quecsim.live.control.place import SocketPlace, is_ours
from quecsim.live.control.session import Session
from quecsim.live.simulator import Simulator

_MOST_SESSIONS = 16
_ACCEPTS_A_TURN = 4
_PATIENCE_S = 2.0  # at the end, with clients who are behind


def open_control(simulator: Simulator, link: str | Path | None = None) -> "ControlServer":
    """Let the owner look into a started `simulator`; the socket goes with it.

    `link` is a name of the user's own for it. Raises QuecsimError where there can be no socket.
    """
    server = ControlServer(simulator, link)
    simulator.take_in(server, server.close)
    return server


class ControlServer:
    """Serves the clients of one simulator."""

    def __init__(self, simulator: Simulator, link: str | Path | None = None) -> None:
        self._simulator = simulator
        self._place = SocketPlace(Path(simulator.scenario.device).stem, link)
        self._selector = selectors.DefaultSelector()
        self._listener = self._place.listener
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._sessions: dict[Session, int] = {}  # with the readiness that each waits for
        self._seen = 0  # events of the log that all sessions know

    @property
    def path(self) -> str:
        """The socket, by the user's name for it where there is one."""
        return str(self._place.link or self._place.path)

    @property
    def descriptor(self) -> int:
        """Readable when a client wants something."""
        return self._selector.fileno()

    def serve(self, *, is_called: bool = True) -> None:
        """Do what is to be done for the clients, without waiting for any."""
        ready = [key.data for key, _ in self._selector.select(0)] if is_called else []
        if None in ready:
            self._accept()
        due = {session for session in ready if session is not None}
        if self._sessions and self._seen != self._simulator.log.next_number:
            due |= {session for session in self._sessions if session.is_waiting}
            self._seen = self._simulator.log.next_number
        for session in due:
            session.serve()
            self._follow(session)

    def close(self) -> None:
        """The end: the clients are told what is left to tell, and the socket is gone."""
        end_s = time.monotonic() + _PATIENCE_S  # for all of them together
        for session in list(self._sessions):
            session.end(end_s)
        self._sessions.clear()
        self._selector.close()
        self._place.remove()

    def _accept(self) -> None:
        for _ in range(_ACCEPTS_A_TURN):
            try:
                client, _ = self._listener.accept()
            except BlockingIOError:
                return
            except OSError:  # it has gone again, or we have no descriptors left: not the run's end
                self._rest()
                return
            client.setblocking(False)
            if not is_ours(client):
                client.close()
            elif len(self._sessions) >= _MOST_SESSIONS:
                _turn_away(client)
            else:
                self._welcome(client)

    def _welcome(self, client: socket.socket) -> None:
        session = Session(client, self._simulator, self._simulator.log, self._greeting)
        self._sessions[session] = 0
        self._follow(session)

    def _follow(self, session: Session) -> None:
        """Wait for what the session waits for; forget one that is over."""
        before = self._sessions.get(session, 0)
        wanted = selectors.EVENT_READ * session.wants_read
        wanted |= selectors.EVENT_WRITE * session.wants_write
        if session.is_over:
            wanted = 0
        if wanted != before:
            self._register(session, before, wanted)
        if session.is_over:
            del self._sessions[session]
            session.socket.close()
            self._resume()
        else:
            self._sessions[session] = wanted

    def _register(self, session: Session, before: int, wanted: int) -> None:
        if not before:
            self._selector.register(session.socket, wanted, session)
        elif not wanted:
            self._selector.unregister(session.socket)
        else:
            self._selector.modify(session.socket, wanted, session)

    def _rest(self) -> None:
        """Accept nobody until a session has ended: asking again at once would be a busy loop."""
        if self._sessions:
            self._selector.unregister(self._listener)

    def _resume(self) -> None:
        if self._listener not in self._selector.get_map():
            self._selector.register(self._listener, selectors.EVENT_READ)

    def _greeting(self) -> say.Greeting:
        simulator = self._simulator
        return say.Greeting(
            quecsim=__version__,
            device=simulator.scenario.device,
            scenario=simulator.scenario.name,
            port=str(Path(simulator.path).absolute()),
            pid=os.getpid(),
            power=simulator.rig.device.power.value,
        )


def _turn_away(client: socket.socket) -> None:
    failure = say.Failure("busy", f"{_MOST_SESSIONS} connections are open already")
    with contextlib.suppress(OSError):
        client.send(say.bad(None, failure))
    client.close()
