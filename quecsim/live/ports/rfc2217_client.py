"""RFC 2217, the side that uses a port which another machine has: settings, lines and errors.

Sans I/O. Nothing is asked for before the other side has agreed to be a serial port; from then on
an order goes at once, and what comes of it is looked at when the answer is there.
"""

from quecsim.live.ports.adapter import BoardLines, ErrorCounts
from quecsim.live.ports.line_marks import Item, Mark
from quecsim.live.ports.telnet import (
    BINARY,
    DO,
    DONT,
    ECHO,
    IAC,
    SB,
    SE,
    SGA,
    WILL,
    WONT,
    Negotiation,
    Options,
    Splitter,
    Subnegotiation,
)

COM_PORT = 44
_ANSWER = 100  # the number of an answer is that of its question, and so much more
_BAUD, _DATA_BITS, _PARITY, _STOP_BITS, _CONTROL = range(1, 6)
_LINE_STATE, _MODEM_STATE, _SUSPEND, _RESUME, _LINE_MASK, _MODEM_MASK, _PURGE = range(6, 13)
_PARITIES = {"N": 1, "O": 2, "E": 3, "M": 4, "S": 5}
_FLOWS = {"none": (1, 14), "xonxoff": (2, 15), "rtscts": (3, 16)}  # both ways
_DTR_ON, _DTR_OFF, _RTS_ON, _RTS_OFF = 8, 9, 11, 12
_PURGE_BOTH = 3
_OVERRUN, _PARITY_ERROR, _FRAMING, _BREAK = 0x02, 0x04, 0x08, 0x10
_CTS, _DSR = 0x10, 0x20
_LINES = 0xFF
_MOST_LINES = 64
_MOST_COMPLAINTS = 8
_IAC = bytes((IAC,))
_ASKED = [(WILL, BINARY), (DO, BINARY), (WILL, SGA), (DO, SGA), (WILL, COM_PORT)]


class Rfc2217Client:
    """A `quecsim.live.ports.deed.Talk` the other way round: `feed` gives bytes and breaks.

    `has_agreed`: it is a serial port; `has_refused`: it is none. `errors` is what was told of
    errors, each told one once.
    """

    def __init__(self) -> None:
        self._lines: list[BoardLines] = []
        self.errors = ErrorCounts()
        self.has_refused = False
        self._said = bytearray()
        both = {BINARY, SGA, COM_PORT}
        self._options = Options(both, both | {ECHO}, _ASKED, self._said)
        self._splitter = Splitter()
        self._is_suspended = False
        self._baud = 0
        self._complaints: list[str] = []

    @property
    def has_agreed(self) -> bool:
        """It is a serial port, and takes orders."""
        return self._options.is_on(DO, COM_PORT) or self._options.is_on(WILL, COM_PORT)

    @property
    def takes_output(self) -> bool:
        """See `Talk`."""
        return not self._is_suspended

    def wrapped(self, data: bytes) -> bytes:
        """See `Talk`."""
        return data.replace(_IAC, _IAC + _IAC)

    def take_said(self) -> bytes:
        """What is to be sent besides the device's bytes."""
        said = bytes(self._said)
        self._said.clear()
        return said

    def take_complaints(self) -> list[str]:
        """What it did not do as it was asked, in words, each once."""
        told, self._complaints = self._complaints, []
        return told

    def take_lines(self) -> list[BoardLines]:
        """How the board's lines were told to be since the last call, one after the other."""
        lines, self._lines = self._lines, []
        return lines

    def feed(self, data: bytes) -> list[Item]:
        """What the board has sent, in order."""
        items: list[Item] = []
        for item in self._splitter.feed(data):
            if isinstance(item, bytes):
                items.append(item)
            elif isinstance(item, Negotiation):
                self._negotiate(item)
            elif isinstance(item, Subnegotiation) and self._is_break(item.data):
                items.append(Mark.BREAK)
        return items

    def begin(self) -> None:
        """It has agreed: no flow control of its own, and tell what happens to the line."""
        self.set_flow("none")
        self._ask(_LINE_MASK, _OVERRUN | _PARITY_ERROR | _FRAMING | _BREAK)
        self._ask(_MODEM_MASK, _LINES)
        self._ask(_PURGE, _PURGE_BOTH)

    def set_line(self, baud: int, frame: str) -> None:
        """Order the settings."""
        self._baud = baud
        self._order(_BAUD, baud.to_bytes(4))
        self._ask(_DATA_BITS, int(frame[0]))
        self._ask(_PARITY, _PARITIES[frame[1]])
        self._ask(_STOP_BITS, int(frame[2]))

    def set_flow(self, flow: str) -> None:
        """Order the flow control of its UART: none, rtscts or xonxoff."""
        for code in _FLOWS[flow]:
            self._ask(_CONTROL, code)

    def drive(self, *, rts: bool, dtr: bool) -> None:
        """Order the lines."""
        self._ask(_CONTROL, _RTS_ON if rts else _RTS_OFF)
        self._ask(_CONTROL, _DTR_ON if dtr else _DTR_OFF)

    def _ask(self, code: int, value: int) -> None:
        self._order(code, bytes((value,)))

    def _order(self, code: int, value: bytes) -> None:
        self._said += bytes((IAC, SB, COM_PORT, code)) + self.wrapped(value) + bytes((IAC, SE))

    def _negotiate(self, item: Negotiation) -> None:
        self._options.hear(item)
        self._splitter.is_binary = self._options.is_on(WILL, BINARY)
        if item.option == COM_PORT and item.verb in (WONT, DONT):
            self.has_refused = not self.has_agreed

    def _is_break(self, told: bytes) -> bool:
        """Hear what is told; True: of a break."""
        if len(told) < 2 or told[0] != COM_PORT:
            return False
        code, value = told[1] - _ANSWER, told[2:]
        if code == _MODEM_STATE and value:
            rts, dtr = value[0] & _CTS, value[0] & _DSR
            self._lines = self._lines[-_MOST_LINES:]
            self._lines.append(BoardLines(rts=bool(rts), dtr=bool(dtr)))
        elif code == _LINE_STATE and value:
            return self._count(value[0])
        elif code == _BAUD and len(value) == 4 and int.from_bytes(value) != self._baud:
            trouble = f"it was set to {self._baud} baud and runs at {int.from_bytes(value)}"
            self._complaints = [*self._complaints[-_MOST_COMPLAINTS:], trouble]
        elif code in (_SUSPEND, _RESUME):
            self._is_suspended = code == _SUSPEND
        return False

    def _count(self, state: int) -> bool:
        is_break = bool(state & _BREAK)
        old = self.errors
        self.errors = ErrorCounts(
            old.overruns + bool(state & _OVERRUN),
            old.framing + (bool(state & _FRAMING) and not is_break),
            old.parity + bool(state & _PARITY_ERROR),
        )
        return is_break


class BytesOnly:
    """The same for a connection that carries bytes and nothing else."""

    errors = None
    has_agreed = True
    has_refused = False
    takes_output = True

    def wrapped(self, data: bytes) -> bytes:
        """As they are."""
        return data

    def take_said(self) -> bytes:
        """Nothing."""
        return b""

    def take_complaints(self) -> list[str]:
        """None."""
        return []

    def take_lines(self) -> list[BoardLines]:
        """There are none."""
        return []

    def feed(self, data: bytes) -> list[Item]:
        """As they are."""
        return [data]

    def begin(self) -> None:
        """There is nothing to be said."""

    def set_line(self, baud: int, frame: str) -> None:
        """The other side is set as it is."""

    def set_flow(self, flow: str) -> None:
        """The same."""

    def drive(self, *, rts: bool, dtr: bool) -> None:
        """There are no lines."""
