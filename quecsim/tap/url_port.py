"""A serial port that another machine has, as the module's side: over RFC 2217, or as bytes."""

from quecsim.live.ports.deed import ModemLines, Wire
from quecsim.live.ports.host_termios import HostLineSettings
from quecsim.live.ports.url_adapter import UrlAdapter
from quecsim.tap.module_port import NO_LINES, PortGoneError

_READ_BYTES = 4096
_ASSUMED = HostLineSettings(115_200, "8N1", "none")  # nobody tells how it was set


class UrlPort:
    """A `ModulePort`. Raises QuecsimError where nobody is there, or nobody with a serial port.

    How it was set is not to be found out: at the end it stays as the host has set it.
    """

    found = _ASSUMED
    hangs_up = True

    def __init__(self, url: str) -> None:
        self.name = url
        self._adapter = UrlAdapter(url)
        self.descriptor = self._adapter.readers[0]
        self.has_rate = self.has_modem_lines = self._adapter.has_lines
        self._lines = {"dtr": True, "rts": True}
        self._flow = ""

    @property
    def traits(self) -> list[str]:
        """See `ModulePort`."""
        return self._adapter.traits()

    @property
    def wants_write(self) -> bool:
        """See `ModulePort`."""
        return bool(self._adapter.unsent_bytes)

    def read(self) -> bytes:
        """See `ModulePort`. A break has no byte here."""
        items = self._adapter.read(_READ_BYTES)
        data = b"".join(each for each in items if isinstance(each, bytes))
        if not data:
            self._look()
        return data

    def write(self, data: bytes | bytearray) -> int:
        """See `ModulePort`."""
        count = self._adapter.write(data)
        self._adapter.flush()
        self._look()
        return count

    def flush(self) -> None:
        """See `ModulePort`."""
        self._adapter.flush()
        self._look()

    def unsent_bytes(self) -> int:
        """See `ModulePort`. What the other machine holds is not known."""
        return self._adapter.unsent_bytes

    def discard_unsent(self) -> None:
        """What was given to the connection cannot be taken back."""

    def set_line(self, line: HostLineSettings) -> str:
        """See `ModulePort`. What it could not do is known later."""
        if line.baud:
            self._adapter.set_line(line.baud, line.frame)
        if line.flow != self._flow:
            self._flow = line.flow
            self._adapter.set_flow(line.flow)
        return "; ".join(self._adapter.take_complaints())

    def switch(self, wire: Wire, *, is_on: bool) -> None:
        """See `ModulePort`; a break is not passed on."""
        if wire != "break":
            self._lines[wire] = is_on
            self._adapter.drive(rts=self._lines["rts"], dtr=self._lines["dtr"])

    def lines(self) -> ModemLines:
        """See `ModulePort`: not asked for."""
        return NO_LINES

    def line_errors(self) -> dict[str, int]:
        """See `ModulePort`."""
        counted = self._adapter.errors()
        if counted is None:
            return {}
        return {
            "overrun": counted.overruns,
            "frame": counted.framing,
            "parity": counted.parity,
        }

    def close(self) -> None:
        """See `ModulePort`."""
        self._adapter.close()

    def _look(self) -> None:
        if self._adapter.gone:
            raise PortGoneError("the other side has hung up")
