"""A real UART, as the device's end of a line to a board: a tty, or a serial port over a connection.

Wired as a null modem: our RTS is the board's CTS, our CTS is the board's RTS, our DTR is the
board's DSR, our DSR is the board's DTR.
"""

from dataclasses import dataclass, fields
from typing import Protocol

from quecsim.live.ports.line_marks import Item


@dataclass(frozen=True, slots=True)
class BoardLines:
    """The board's modem lines, as our inputs show them."""

    rts: bool
    dtr: bool


@dataclass(frozen=True, slots=True)
class ErrorCounts:
    """What the driver has counted since the port was opened: bytes that the UART, or the system
    behind it, had no room for (`overruns`: one or more each), and bytes that came damaged.
    """

    overruns: int = 0
    framing: int = 0
    parity: int = 0

    def since(self, before: "ErrorCounts") -> "ErrorCounts":
        """What has been counted since then."""
        names = [each.name for each in fields(self)]
        return ErrorCounts(*(max(0, getattr(self, n) - getattr(before, n)) for n in names))


class Adapter(Protocol):
    """Nothing here waits for longer than a driver needs to take an order.

    `name` is what the user called it. `gone`: why it can be used no more, in words; empty: it can.
    It is a `quecsim.live.ports.port.Port`, too. `empties_ms` is how long bytes may still be on
    their way to the line when it `is_drained`.
    """

    name: str
    gone: str
    empties_ms: int

    @property
    def readers(self) -> list[int]:
        """Descriptors that make a look worth while."""

    @property
    def writers(self) -> list[int]:
        """The same, of those that can be written."""

    def read(self, most: int) -> list[Item]:
        """What the board has sent since the last call: about `most` bytes at the most. With 0
        nothing is read, and what waits to be sent goes on its way.
        """

    def write(self, data: bytes | bytearray) -> int:
        """Give bytes to the UART; returns how many it had room for. It keeps few."""

    def unread_bytes(self) -> int:
        """0: what a board has read, nobody knows."""

    def is_drained(self) -> bool:
        """Everything that was written has left, as far as the driver tells."""

    def set_line(self, baud: int, frame: str) -> None:
        """Set the UART; what has been written goes first."""

    def take_complaints(self) -> list[str]:
        """What was ordered and could not be (a rate that the UART does not have), each once."""

    def take_lines(self) -> list[BoardLines]:
        """The board's modem lines, as far as somebody tells: how they were since the last call, one
        after the other, and how they are. Empty: nothing new is known, or there are none.
        """

    def drive(self, *, rts: bool, dtr: bool) -> None:
        """Switch ours."""

    def errors(self) -> ErrorCounts | None:
        """None: nobody counts."""

    def traits(self) -> list[str]:
        """What a user has to know about this one, a sentence each."""

    def close(self) -> None:
        """The port is left as it was found."""
