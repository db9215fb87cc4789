"""The module's side of a tap, whatever it is: a serial port, or what is reached as one."""

from typing import Protocol

from quecsim.live.ports.deed import ModemLines, Wire
from quecsim.live.ports.host_termios import HostLineSettings

NO_LINES = ModemLines(cts=True, dsr=True, dcd=False, ri=False, idle=True)
"""Those of a port that has none, or tells of none."""


class PortGoneError(Exception):
    """The port has vanished, or its other end has. The text says why."""


class ModulePort(Protocol):
    """Reads and writes never wait; both raise PortGoneError."""

    @property
    def name(self) -> str:
        """As the user calls it."""

    @property
    def traits(self) -> list[str]:
        """What a user has to know about this one, a sentence each."""

    @property
    def found(self) -> HostLineSettings:
        """How it was set when it was opened."""

    @property
    def hangs_up(self) -> bool:
        """DTR and RTS go off when the last one closes it."""

    @property
    def has_rate(self) -> bool:
        """Its baud rate is that of a line, and paces it."""

    @property
    def has_modem_lines(self) -> bool:
        """It has DTR and RTS to switch."""

    @property
    def descriptor(self) -> int:
        """What is waited for: readable, writable."""

    def read(self) -> bytes:
        """What the module has said; empty where there is nothing."""

    def write(self, data: bytes | bytearray) -> int:
        """Hand over bytes for the module; returns how many were taken."""

    @property
    def wants_write(self) -> bool:
        """Something waits in here, and not with the system."""

    def flush(self) -> None:
        """Pass that on, as much as can be."""

    def unsent_bytes(self) -> int:
        """How many of those are not on the line yet, as far as the system says."""

    def discard_unsent(self) -> None:
        """Throw those away."""

    def set_line(self, line: HostLineSettings) -> str:
        """Set rate, frame and flow control; returns what could not be set, in words, or nothing."""

    def switch(self, wire: Wire, *, is_on: bool) -> None:
        """DTR, RTS or a break, on or off."""

    def lines(self) -> ModemLines:
        """The module's lines, as far as they are known."""

    def line_errors(self) -> dict[str, int]:
        """What the driver has counted since it was opened: overrun, frame, parity, break, and
        changes of cts, dsr, dcd, ri; nothing where it does not count.
        """

    def close(self) -> None:
        """Give the port back as it was found."""
