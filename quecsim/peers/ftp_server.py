"""An FTP server, with or without TLS, in this process: bytes and times in, bytes out.

Sources: RFC 959, 2228 and 4217 (TLS), 2389, 2428, 3659. Where these leave a choice it does as
vsftpd: a transfer is told to begin (150) once its data connection is there, and only then TLS
begins on that; a place for a data connection holds for one transfer, a failed one too.
"""

from collections.abc import Collection, Mapping

from quecsim.border import Why
from quecsim.peers.ftp_data import DataSide
from quecsim.peers.ftp_premises import Premises
from quecsim.peers.ftp_session import Session
from quecsim.peers.ftp_settings import FtpSettings
from quecsim.peers.service import Dial, Output

FIRST_PORT = 50_000
START_S = 1_780_272_000  # 2026-06-01


class FtpServer:
    """A `quecsim.peers.service.Service` for FTP clients, with ports for data, which also calls the
    device at its own (active mode), and whose connections can get TLS in the middle.

    `address` is its own, `start_s` the time at 0 ns, in seconds since 1970 (UTC). `has_tls`: TLS
    can be had. Its ports for data are the `ftp_premises.PORTS` from `first_port` on.
    """

    kind = "ftp"

    def __init__(
        self,
        settings: FtpSettings | None = None,
        *,
        address: str = "192.0.2.10",
        has_tls: bool = False,
        start_s: int = START_S,
        first_port: int = FIRST_PORT,
    ) -> None:
        self._settings = settings or FtpSettings()
        assert has_tls or not (self._settings.implicit or self._settings.requires_tls)
        self._premises = Premises(self._settings, address, has_tls, start_s, first_port)
        self._sessions: dict[int, Session] = {}
        self._lines: dict[int, DataSide] = {}  # data connections

    @property
    def files(self) -> dict[str, bytes]:
        """What it has, by the whole names: `/fw/new.bin`."""
        return dict(self._premises.tree.walk())

    # quecsim.peers.service.Service

    def connect(self, now_ns: int, connection: int) -> None:
        """Somebody has opened a control connection."""
        assert connection not in self._sessions, connection
        self._catch_up(now_ns)
        is_full = len(self._sessions) >= self._settings.connections
        self._sessions[connection] = Session(self._premises, is_full=is_full)

    def receive(self, now_ns: int, connection: int, data: bytes) -> None:
        """Bytes from a client, over either kind of connection."""
        self._catch_up(now_ns)
        if connection in self._sessions:
            self._sessions[connection].receive(data)
        elif (line := self._line(connection)) is not None:
            line.receive(data)

    def gone(self, now_ns: int, connection: int) -> None:
        """The client has closed a connection, or broken it off."""
        self._catch_up(now_ns)
        session = self._sessions.pop(connection, None)
        if session is not None:
            session.end()
        line = self._line(connection)
        self._lines.pop(connection, None)
        endings = self._premises.endings
        self._premises.endings = [one for one in endings if one[0] != connection]
        if line is not None:
            line.gone()

    def deadline_ns(self) -> int | None:
        """When it has something to do by itself."""
        times = (session.deadline_ns() for session in self._sessions.values())
        return min((at_ns for at_ns in times if at_ns is not None), default=None)

    def advance(self, now_ns: int) -> None:
        """What is due up to now happens, each at its own time."""
        self._let_happen(now_ns)
        self._premises.now_ns = now_ns

    def take_output(self, room: Mapping[int, int] | None = None) -> list[Output]:
        """What goes to each connection, as in `Service`; without `room`, all that there is."""
        left = None if room is None else dict(room)
        for session in self._sessions.values():
            session.data.ring()
        output = self._take_endings() + self._say(left)
        for session in list(self._sessions.values()):
            number = session.data.number
            if number is not None:
                output += session.data.take_output(None if left is None else left.get(number, 0))
        output += self._take_endings() + self._say(left)
        for number, session in list(self._sessions.items()):
            if session.ends and not session.unsent:
                del self._sessions[number]
                output.append((number, session.ends))
        return output

    # quecsim.peers.service.SlowReader, ManyPorts, Caller, Securable

    def unread(self, connection: int) -> int:
        """How many bytes it has got there and not taken yet."""
        line = self._line(connection)
        return 0 if line is None else line.unread

    @property
    def ports(self) -> Collection[int]:
        """Where a data connection is awaited now."""
        return self._premises.ports.keys()

    def connect_at(self, now_ns: int, connection: int, port: int) -> None:
        """Somebody has opened a data connection there."""
        self._catch_up(now_ns)
        side = self._premises.ports.pop(port)
        self._connected(connection, side)

    def listening(self, now_ns: int, port: int, protocol: str) -> None:
        """It waits for PORT to say so."""

    def take_dials(self, now_ns: int) -> list[Dial]:
        """The data connections that it opens itself."""
        self._catch_up(now_ns)
        return self._premises.take_dials()

    def answered(self, now_ns: int, key: int, connection: int | None) -> None:
        """One of them has come about, or not."""
        self._catch_up(now_ns)
        side = self._premises.calls.pop(key, None)
        if connection is not None and side is not None:
            self._connected(connection, side)
        elif connection is not None:
            self._premises.endings.append((connection, Why.RESET))
        elif side is not None:
            side.not_connected()

    def awaits_tls(self, connection: int) -> bool:
        """Whether a handshake is what comes next there."""
        if connection in self._sessions:
            return self._sessions[connection].awaits_tls
        line = self._line(connection)
        return line is not None and line.awaits_tls

    def secured(self, now_ns: int, connection: int) -> None:
        """A handshake has gone well."""
        self._catch_up(now_ns)
        if connection in self._sessions:
            self._sessions[connection].secured()
        elif (line := self._line(connection)) is not None:
            line.secured()

    def _connected(self, connection: int, side: DataSide) -> None:
        self._lines[connection] = side
        side.connected(connection)

    def _line(self, connection: int) -> DataSide | None:
        """The data connection of that number, if it has not been ended."""
        side = self._lines.get(connection)
        return side if side is not None and side.number == connection else None

    def _say(self, left: dict[int, int] | None) -> list[Output]:
        """What the sessions have to say, and there is room for."""
        output: list[Output] = []
        for number, session in self._sessions.items():
            count = len(session.unsent) if left is None else left.get(number, 0)
            data = bytes(session.unsent[:count])
            del session.unsent[:count]
            if left is not None:
                left[number] = count - len(data)
            if data:
                output.append((number, data))
        return output

    def _take_endings(self) -> list[Output]:
        endings, self._premises.endings = self._premises.endings, []
        for number, _ in endings:
            self._lines.pop(number, None)
        return list(endings)

    def _catch_up(self, now_ns: int) -> None:
        """What is due before now happens, each at its own time."""
        self._let_happen(now_ns - 1)
        assert now_ns >= self._premises.now_ns, (now_ns, self._premises.now_ns)
        self._premises.now_ns = now_ns

    def _let_happen(self, until_ns: int) -> None:
        while (due_ns := self.deadline_ns()) is not None and due_ns <= until_ns:
            due = [each for each in self._sessions.values() if each.deadline_ns() == due_ns]
            self._premises.now_ns = max(due_ns, self._premises.now_ns)
            for session in due:
                session.advance()
