"""A host on a connection: its bytes, settings and lines, in the order in which they came.

It is read only while the far UART's queue has room: what it writes beyond that waits in the
connection, as in a driver's queue, and so does what it sets behind it. Answers it gets at once.
"""

from collections.abc import Callable, Iterable
from typing import Any

from quecsim.live.backlog import Backlog
from quecsim.live.host import LEAST_BYTES
from quecsim.live.ports.deed import Deed, ModemLines, Purge, Switch, Talk
from quecsim.live.ports.host_termios import HostLineSettings
from quecsim.live.ports.socket_port import SocketPort
from quecsim.rig import Rig
from quecsim.rig.host_reading import HostReading
from quecsim.uart.run import ByteRun
from quecsim.units import s

_ANSWER_NS = s(1)  # for whoever has sent all, and still waits for what the device says to it
_HELD_NS = s(5)  # for bytes of a host that has hung up, and that flow control holds back
_AS_THE_DEVICE = HostLineSettings(0, "", "none")  # for whoever sets nothing


class NetworkHost:
    """The host of `rig` while it is connected. `until_ns` bounds its farewell."""

    def __init__(self, rig: Rig, client: SocketPort, talk: Talk, reading: HostReading) -> None:
        self.client = client
        self.until_ns: int | None = None
        self._rig = rig
        self._talk = talk
        self._backlog = Backlog(rig, client, reading)
        self._wanted = _AS_THE_DEVICE
        self._told: HostLineSettings | None = None
        self._has_break = False
        self._queued = -1  # when it was last looked at, while it may not be read

    @property
    def wants_read(self) -> bool:
        """A look at what it has sent is worth while."""
        return self._rig.input_room >= LEAST_BYTES and self.client.wants_read

    @property
    def wants_write(self) -> bool:
        """Something waits for it, and it has not asked for a pause."""
        return self.client.wants_write or (bool(self._backlog) and self._talk.takes_output)

    @property
    def has_backlog(self) -> bool:
        """See `quecsim.live.host.Host`."""
        return bool(self._backlog) or self.client.wants_write

    def has_left(self, now_ns: int) -> bool:
        """It has gone, or will hear no more of the device."""
        client = self.client
        if client.is_gone or (self.until_ns is not None and now_ns >= self.until_ns):
            return True
        return client.has_ended and self._rig.is_quiet and not self.has_backlog

    def has_said_all(self, at_ns: int) -> bool:
        """It sends no more, and nothing of what it has sent waits here."""
        while self.wants_read and self.client.has_hung_up:
            self.take(at_ns)
        return self.client.has_ended

    def come(self, now_ns: int) -> None:
        """It opens the port: DTR and RTS go on, as they do with a driver."""
        rig = self._rig
        rig.host_port(now_ns, is_open=True)
        rig.host_dtr(now_ns, is_on=True)
        rig.host_rts(now_ns, is_on=True)
        self._backlog.take_line(now_ns)
        self.say()

    def leave(self, now_ns: int) -> None:
        """It closes the port: a break ends, and DTR goes off."""
        rig = self._rig
        self.client.flush()
        self.note_unread(now_ns, is_last=True)
        if self.until_ns is not None and not self.client.has_ended:  # held back for too long
            rig.host_discard(now_ns)
        if self._has_break:
            self._switch(now_ns, Switch("break", is_on=False))
        rig.host_dtr(now_ns, is_on=False)
        rig.host_port(now_ns, is_open=False)
        self.client.close()

    def take(self, at_ns: int) -> bool:
        """See `quecsim.live.host.Host`."""
        client = self.client
        client.flush()
        if not self.wants_read:
            self._look_after_gone(at_ns)
            return False
        data = client.read(self._rig.input_room)
        self.until_ns = at_ns + _ANSWER_NS if client.has_ended else None
        for deed in self._talk.feed(data, self._lines()) if data else ():
            self._do(at_ns, deed)
        self.say()
        return bool(data) or client.has_ended

    def follow(self, now_ns: int) -> None:
        """See `quecsim.live.host.Host`."""
        if self._backlog or not self._rig.is_quiet:
            self._set_line(now_ns)
        self.say()

    def send(self, now_ns: int, runs: Iterable[ByteRun]) -> None:
        """See `quecsim.live.host.Host`."""
        self._backlog.send(now_ns, runs)

    def note_unread(self, now_ns: int, *, is_last: bool = False) -> None:
        """See `quecsim.live.host.Host`."""
        self._backlog.note_unread(now_ns, is_last=is_last)

    def say(self) -> None:
        """Answers, and what has become of the device's lines."""
        if said := self._talk.take_said(self._lines()):
            self.client.say(said)

    def _do(self, at_ns: int, deed: Deed) -> None:
        _DEEDS[type(deed)](self, at_ns, deed)

    def _write(self, at_ns: int, data: bytes) -> None:
        self.note_unread(at_ns)
        self._set_line(at_ns)
        self._rig.host_write(at_ns, data)

    def _want(self, at_ns: int, settings: HostLineSettings) -> None:  # noqa: ARG002 - told later
        """Told when bytes move: ports are set up step by step."""
        self._wanted = settings

    def _set_line(self, now_ns: int) -> None:
        wanted = self._wanted
        if wanted != self._told:
            self._told = wanted
            self._rig.host_line(now_ns, wanted.baud, wanted.frame, wanted.flow)

    def _switch(self, at_ns: int, deed: Switch) -> None:
        rig = self._rig
        if deed.what == "break":
            self._has_break = deed.is_on
            self._set_line(at_ns)
        act = {"dtr": rig.host_dtr, "rts": rig.host_rts, "break": rig.host_break}[deed.what]
        act(at_ns, is_on=deed.is_on)

    def _purge(self, at_ns: int, deed: Purge) -> None:
        if deed.received:
            self._backlog.flush(at_ns)
        if deed.unsent:
            self._rig.host_discard(at_ns)

    def _lines(self) -> ModemLines:
        rig = self._rig
        return ModemLines(rig.cts, rig.dsr, rig.dcd, ri=False, idle=not rig.host_queued)

    def _look_after_gone(self, at_ns: int) -> None:
        """It may not be read, and has perhaps hung up: it is waited for as a driver does that
        closes its port, while bytes still move and for some time after.
        """
        queued = self._rig.host_queued
        if self.client.has_ended:
            return
        if queued != self._queued or not self.client.has_hung_up:
            self._queued, self.until_ns = queued, None
        elif self.until_ns is None:
            self.until_ns = at_ns + _HELD_NS


_DEEDS: dict[type, Callable[[NetworkHost, int, Any], None]] = {
    bytes: NetworkHost._write,
    HostLineSettings: NetworkHost._want,
    Switch: NetworkHost._switch,
    Purge: NetworkHost._purge,
}
