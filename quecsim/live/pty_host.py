"""The host behind a pty: what it writes, and what it has set, found by looking.

A change of the host's settings is found when we look, with the bytes that have come since the last
look. Nobody knows which of them were written before it: they count as written with the settings
that do the host more good, all those that still wait in the port included.
"""

from collections.abc import Iterable

from quecsim.live.backlog import Backlog
from quecsim.live.host import LEAST_BYTES
from quecsim.live.ports.host_termios import HostLineSettings
from quecsim.live.ports.pty_port import PtyPort
from quecsim.live.readiness import wait_ready
from quecsim.rig import Rig
from quecsim.rig.host_reading import HostReading
from quecsim.uart.run import ByteRun

_FLOWS = ("none", "xonxoff", "rtscts")  # by the value of AT+IFC


class PtyHost:
    """A `quecsim.live.host.Host`. `reading` is shared with those who have the line in turn."""

    def __init__(self, rig: Rig, port: PtyPort) -> None:
        self.reading = HostReading(rig)
        self._rig = rig
        self._port = port
        self._settings: HostLineSettings | None = None  # nothing is told before bytes move
        self._shown: HostLineSettings | None = None  # what `_settings` was made from, with:
        self._frame = ""
        self._backlog = Backlog(rig, port, self.reading)

    @property
    def readers(self) -> list[int]:
        """See `Host`. Without room the bytes wait in the kernel, as in a driver's queue."""
        return [self._port.descriptor] if self._rig.input_room >= LEAST_BYTES else []

    @property
    def writers(self) -> list[int]:
        """See `Host`."""
        return [self._port.descriptor] if self._backlog else []

    @property
    def is_readable(self) -> bool:
        """See `Host`."""
        return bool(wait_ready([self._port.descriptor], (), 0))

    @property
    def has_backlog(self) -> bool:
        """See `Host`."""
        return bool(self._backlog)

    @property
    def due_ns(self) -> int | None:
        """See `Host`."""
        return None

    def take(self, at_ns: int) -> bool:
        """See `Host`."""
        room = self._rig.input_room
        data = self._port.read(room) if room >= LEAST_BYTES else b""
        if not data:
            return False
        self._backlog.note_unread(at_ns)
        self._follow(at_ns, data)
        return True

    def follow(self, now_ns: int) -> None:
        """See `Host`."""
        if self._backlog or not self._rig.is_quiet:  # bytes go to the host, or wait with it
            self._follow(now_ns)

    def send(self, now_ns: int, runs: Iterable[ByteRun]) -> None:
        """See `Host`."""
        self._backlog.send(now_ns, runs)

    def note_unread(self, now_ns: int, *, is_last: bool = False) -> None:
        """See `Host`."""
        self._backlog.note_unread(now_ns, is_last=is_last)

    def take_line(self, now_ns: int) -> None:
        """Somebody else had the line, and it is this host's again."""
        self._settings = self._shown = None
        self._backlog.take_line(now_ns)

    def _follow(self, now_ns: int, data: bytes = b"") -> None:
        """Take over the host's settings, and `data` that was read before we looked at them."""
        rig = self._rig
        shown, frame = self._port.settings(), rig.device.settings.frame
        if shown is not self._shown or frame != self._frame:
            self._shown, self._frame = shown, frame
            before, settings = self._settings, shown.on_a_pty(frame)
            if settings != before:
                self._settings = settings
                data += self._port.read_all() if before is not None else b""
                if before is not None and self._does_better(before, settings):
                    self._write(now_ns, data)
                    data = b""
                rig.host_line(now_ns, settings.baud, settings.frame, settings.flow)
        self._write(now_ns, data)

    def _write(self, now_ns: int, data: bytes) -> None:
        if data:
            self._rig.host_write(now_ns, data)

    def _does_better(self, one: HostLineSettings, other: HostLineSettings) -> bool:
        """With `one` the device understands the bytes, or holds them back, and not with `other`."""
        device = self._rig.device
        flow = _FLOWS[device.settings.ifc[1]]

        def merits(settings: HostLineSettings) -> tuple[bool, bool]:
            is_alike = (settings.baud, settings.frame) == (device.line_baud, device.settings.frame)
            return is_alike, settings.flow == flow

        return merits(one) > merits(other)
