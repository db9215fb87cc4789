"""Who has the line: the host on the pty, or the one that has come in from elsewhere.

One host at a time. Who comes in has the line until he leaves; meanwhile what is written into the
pty waits there, and the device's bytes are not for the pty. Who comes second is told so, and sent
away.
"""

import contextlib
import selectors
import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from quecsim.live.network_host import NetworkHost
from quecsim.live.ports.entrance import Entrance
from quecsim.live.ports.host_termios import HostLineSettings
from quecsim.live.ports.socket_port import SocketPort
from quecsim.live.pty_host import PtyHost
from quecsim.rig import Rig
from quecsim.uart.run import ByteRun
from quecsim.units import s

_MOST_SENT_AWAY = 8
_ACCEPTS_A_LOOK = 4
_READ_BYTES = 4096
_REST_NS = s(1)


@dataclass(eq=False, slots=True)
class _SentAway:
    """Who was told that there is no room for him, and has not hung up yet."""

    socket: socket.socket


class Hosts:
    """A `quecsim.live.host.Host`. `tell` gets a sentence when somebody comes, leaves or is sent
    away.
    """

    def __init__(
        self,
        rig: Rig,
        pty: PtyHost,
        entrances: Sequence[Entrance],
        tell: Callable[[str], None],
    ) -> None:
        self._rig = rig
        self._pty = pty
        self._entrances = entrances
        self._tell = tell
        self._visitor: NetworkHost | None = None
        self._at: Entrance | None = None  # where the visitor came in
        self._sent_away: list[_SentAway] = []
        self._watched = 0  # what the visitor's socket is watched for
        self._selector = selectors.DefaultSelector()
        self._rest_ns: int | None = None  # until then nobody is let in
        self._open_up()

    @property
    def visitor(self) -> tuple[str, str] | None:
        """Who has the line in place of the pty: where, and his address and port."""
        if self._visitor is None or self._at is None:
            return None
        return self._at.url, self._visitor.client.name

    @property
    def readers(self) -> list[int]:
        """See `Host`."""
        self._watch()
        readers = [self._selector.fileno()]
        return readers if self._visitor is not None else [*self._pty.readers, *readers]

    @property
    def writers(self) -> list[int]:
        """See `Host`: the visitor is among the readers."""
        return self._pty.writers if self._visitor is None else []

    @property
    def is_readable(self) -> bool:
        """See `Host`."""
        self._watch()
        if self._visitor is None and self._pty.is_readable:
            return True
        return bool(self._selector.select(0))

    @property
    def has_backlog(self) -> bool:
        """See `Host`."""
        return self._now.has_backlog

    @property
    def due_ns(self) -> int | None:
        """See `Host`."""
        until_ns = None if self._visitor is None else self._visitor.until_ns
        return min((due for due in (until_ns, self._rest_ns) if due is not None), default=None)

    def take(self, at_ns: int) -> bool:
        """See `Host`."""
        if self._rest_ns is not None and at_ns >= self._rest_ns:
            self._open_up()
        for key, _ in self._selector.select(0):
            if isinstance(key.data, Entrance):
                self._answer(at_ns, key.data)
            elif isinstance(key.data, _SentAway):
                self._hear_out(key.data)
        is_busy = self._now.take(at_ns)
        self._look_after_gone(at_ns)
        return is_busy

    def follow(self, now_ns: int) -> None:
        """See `Host`."""
        self._now.follow(now_ns)

    def send(self, now_ns: int, runs: Iterable[ByteRun]) -> None:
        """See `Host`."""
        self._now.send(now_ns, runs)
        self._look_after_gone(now_ns)

    def note_unread(self, now_ns: int, *, is_last: bool = False) -> None:
        """See `Host`."""
        self._now.note_unread(now_ns, is_last=is_last)

    def close(self) -> None:
        """Nobody comes in any more, and who is there is cut off."""
        if self._visitor is not None:
            self._visitor.client.flush()
            self._visitor.client.close()
        for one in self._sent_away:
            one.socket.close()
        for entrance in self._entrances:
            entrance.close()
        self._selector.close()

    @property
    def _now(self) -> PtyHost | NetworkHost:
        return self._pty if self._visitor is None else self._visitor

    def _answer(self, at_ns: int, entrance: Entrance) -> None:
        for _ in range(_ACCEPTS_A_LOOK):
            try:
                call = entrance.accept()
            except OSError:  # the system has no descriptors left
                self._rest(at_ns)
                return
            if call is None:
                return
            if self._visitor is not None and self._visitor.has_said_all(at_ns):
                self._see_off(at_ns)  # he may have gone long ago
            if self._visitor is None:
                self._let_in(at_ns, entrance, *call)
            else:
                self._send_away(*call)

    def _open_up(self) -> None:
        self._rest_ns = None
        for entrance in self._entrances:
            self._selector.register(entrance.socket, selectors.EVENT_READ, entrance)

    def _rest(self, at_ns: int) -> None:
        """To ask again at once would be a busy loop."""
        self._rest_ns = at_ns + _REST_NS
        for entrance in self._entrances:
            self._selector.unregister(entrance.socket)

    def _let_in(self, at_ns: int, entrance: Entrance, call: socket.socket, name: str) -> None:
        device = self._rig.device
        settings = HostLineSettings(device.line_baud, device.settings.frame, "none")
        talk = entrance.kind.new_talk(settings, f"quecsim {device.profile.title}")
        try:
            client = SocketPort(call, name, talk)
        except OSError:  # he has gone again
            call.close()
            return
        self._at = entrance
        self._visitor = NetworkHost(self._rig, client, talk, self._pty.reading)
        self._visitor.come(at_ns)
        self._tell(f"{name} is the host now, at {entrance.url}")

    def _look_after_gone(self, now_ns: int) -> None:
        if self._visitor is not None and self._visitor.has_left(now_ns):
            self._see_off(now_ns)

    def _see_off(self, at_ns: int) -> None:
        visitor = self._visitor
        assert visitor is not None
        self._forget(visitor)
        visitor.leave(at_ns)
        self._visitor = self._at = None
        self._rig.host_dtr(at_ns, is_on=True)  # those of the pty, which has none to switch
        self._rig.host_rts(at_ns, is_on=True)
        self._pty.take_line(at_ns)
        self._tell(f"{visitor.client.name} has left")

    def _send_away(self, call: socket.socket, name: str) -> None:
        assert self._visitor is not None
        other = self._visitor.client
        why = f"{other.name} has the line, and there is one host at a time"
        if other.has_hung_up:
            why = f"what {other.name} has sent is still on its way to the device"
        self._tell(f"{name} was sent away: {why}")
        call.setblocking(False)
        with contextlib.suppress(OSError):
            call.send(f"quecsim: {why}\r\n".encode())
            call.shutdown(socket.SHUT_WR)
        # closed at once, with bytes of his unread, it would be reset, and he would not read why
        self._sent_away.append(away := _SentAway(call))
        self._selector.register(call, selectors.EVENT_READ, away)
        if len(self._sent_away) > _MOST_SENT_AWAY:
            self._drop(self._sent_away[0])

    def _hear_out(self, away: "_SentAway") -> None:
        if away not in self._sent_away:  # dropped for another one, just now
            return
        try:
            if away.socket.recv(_READ_BYTES):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._drop(away)

    def _drop(self, away: "_SentAway") -> None:
        self._selector.unregister(away.socket)
        self._sent_away.remove(away)
        away.socket.close()

    def _watch(self) -> None:
        """Wait for what the visitor waits for now."""
        visitor = self._visitor
        if visitor is None:
            return
        wanted = selectors.EVENT_READ * visitor.wants_read
        wanted |= selectors.EVENT_WRITE * visitor.wants_write
        if wanted == self._watched:
            return
        call = visitor.client.socket
        if not self._watched:
            self._selector.register(call, wanted, visitor)
        elif not wanted:
            self._selector.unregister(call)
        else:
            self._selector.modify(call, wanted, visitor)
        self._watched = wanted

    def _forget(self, visitor: NetworkHost) -> None:
        if self._watched:
            self._selector.unregister(visitor.client.socket)
            self._watched = 0
