"""What a host on a connection does to its serial port, in the order in which it did it.

`bytes` are written; a `HostLineSettings` is what the port is set to from there on.
"""

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from quecsim.live.ports.host_termios import HostLineSettings

Wire: TypeAlias = Literal["dtr", "rts", "break"]


@dataclass(frozen=True, slots=True)
class Switch:
    """The host's DTR or RTS goes on or off, a break begins or ends."""

    what: Wire
    is_on: bool


@dataclass(frozen=True, slots=True)
class Purge:
    """The host throws away what has come for it (`received`), or is not sent yet (`unsent`)."""

    received: bool = False
    unsent: bool = False


Deed: TypeAlias = bytes | HostLineSettings | Switch | Purge


@dataclass(frozen=True, slots=True)
class ModemLines:
    """The device's lines as the host sees them, and whether the host's own UART is `idle`."""

    cts: bool
    dsr: bool
    dcd: bool
    ri: bool
    idle: bool


class Envelope(Protocol):
    """How bytes go over a connection."""

    @property
    def takes_output(self) -> bool:
        """The other side has not asked for a pause."""

    def wrapped(self, data: bytes) -> bytes:
        """The device's bytes as they go over the connection."""


class Talk(Envelope, Protocol):
    """How a connection carries a serial port. Sans I/O: bytes in, deeds and bytes out."""

    def feed(self, data: bytes, lines: ModemLines) -> list[Deed]:
        """Bytes have come; `lines` are as they are now."""

    def take_said(self, lines: ModemLines) -> bytes:
        """What is to be said besides the device's bytes, each once: answers, and changed lines."""


class RawTalk:
    """A `Talk` of bytes alone."""

    takes_output = True

    def feed(self, data: bytes, lines: ModemLines) -> list[Deed]:  # noqa: ARG002 - none are told
        """See `Talk`."""
        return [data]

    def wrapped(self, data: bytes) -> bytes:
        """See `Talk`."""
        return data

    def take_said(self, lines: ModemLines) -> bytes:  # noqa: ARG002 - none are told
        """See `Talk`."""
        return b""
