"""RFC 2217, the side that has the port: baud rate, frame, flow control and lines over telnet.

What a client asks for is answered with what holds then. The client's flow control is one for both
ways, as the model has it. Of the line's state only the empty transmitter is told.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from quecsim.live.ports.deed import Deed, ModemLines, Purge, Switch, Wire
from quecsim.live.ports.host_termios import HostLineSettings
from quecsim.live.ports.telnet import (
    BINARY,
    BRK,
    DO,
    ECHO,
    IAC,
    SB,
    SE,
    SGA,
    WILL,
    Item,
    Negotiation,
    Options,
    Order,
    Splitter,
    Subnegotiation,
)

COM_PORT = 44
_FIRST_ANSWER = 100  # the number of an answer is that of its question, and so much more
_SIGNATURE, _BAUD, _DATA_BITS, _PARITY, _STOP_BITS, _CONTROL = range(6)
_LINE_STATE, _MODEM_STATE, _SUSPEND, _RESUME, _LINE_MASK, _MODEM_MASK, _PURGE = range(6, 13)

_BAUDS = range(1, 12_000_001)
_DATA_SIZES = range(5, 9)
_PARITIES = {1: "N", 2: "O", 3: "E", 4: "M", 5: "S"}
_STOPS = {1: "1", 2: "2", 3: "2"}  # 3 is one and a half, which takes as long as two here
_FLOWS = {1: "none", 2: "xonxoff", 3: "rtscts"}
_FLOW = range(4)  # 0 asks
_FLOW_IN = range(13, 17)  # the same for what comes in, and numbered 13 more
_OTHER_FLOWS = {17: _FLOW, 18: _FLOW_IN, 19: _FLOW}  # by DCD, DTR and DSR
_SWITCHES: dict[int, Wire] = {4: "break", 7: "dtr", 10: "rts"}  # asked; one more: on, two: off
_PURGES = {
    1: Purge(received=True),
    2: Purge(unsent=True),
    3: Purge(received=True, unsent=True),
}
_RI_OFF = 0x04
_IDLE = 0x60  # both of the transmitter's registers are empty
_EVERY_BIT = 0xFF
_COM_PORT = bytes((COM_PORT,))
_IAC = bytes((IAC,))
_ASKED = [(WILL, SGA), (WILL, ECHO), (WILL, BINARY), (DO, SGA), (DO, BINARY), (DO, COM_PORT)]


class Rfc2217Talk:
    """A `quecsim.live.ports.deed.Talk`. The port begins with `settings`, those of the device, and
    follows it until the client sets something; `signature` says what it is.
    """

    def __init__(self, settings: HostLineSettings, signature: str) -> None:
        self._settings = settings
        self._signature = signature.encode("ascii", "replace")
        self._stop_code = int(settings.frame[2])
        self._switches: dict[Wire, bool] = {"break": False, "dtr": True, "rts": True}
        self._said = bytearray()
        both = {BINARY, SGA, COM_PORT}
        self._options = Options(both | {ECHO}, both, _ASKED, self._said)
        self._splitter = Splitter()
        self._deeds: list[Deed] = []
        self._lines = ModemLines(cts=False, dsr=False, dcd=False, ri=False, idle=True)
        self._line_mask, self._modem_mask = 0, _EVERY_BIT
        self._told_line = _IDLE
        self._told_modem: int | None = None  # nothing is told before the client can understand it
        self._is_suspended = False

    @property
    def takes_output(self) -> bool:
        """See `Talk`."""
        return not self._is_suspended

    def feed(self, data: bytes, lines: ModemLines) -> list[Deed]:
        """See `Talk`."""
        self._lines = lines
        pieces: list[bytes] = []
        for item in self._splitter.feed(data):
            if isinstance(item, bytes):
                pieces.append(item)
            else:
                self._write(pieces)
                self._hear(item)
        self._write(pieces)
        deeds, self._deeds = self._deeds, []
        return deeds

    def wrapped(self, data: bytes) -> bytes:
        """See `Talk`."""
        return data.replace(_IAC, _IAC + _IAC)

    def take_said(self, lines: ModemLines) -> bytes:
        """See `Talk`."""
        self._lines = lines
        self._notify()
        said = bytes(self._said)
        self._said.clear()
        return said

    def _write(self, pieces: list[bytes]) -> None:
        if pieces:
            self._deeds.append(b"".join(pieces))
            pieces.clear()

    def _hear(self, item: Item) -> None:
        if isinstance(item, Negotiation):
            self._options.hear(item)
            self._splitter.is_binary = self._options.is_on(WILL, BINARY)
        elif isinstance(item, Subnegotiation):
            option, code, value = item.data[:1], item.data[1:2], item.data[2:]
            if option == _COM_PORT and code and (ask := _ASKS.get(code[0])) is not None:
                ask(self, value)
        elif item == Order(BRK):
            self._deeds += Switch("break", is_on=True), Switch("break", is_on=False)

    def _answer(self, code: int, value: bytes) -> None:
        head = bytes((IAC, SB, COM_PORT, code + _FIRST_ANSWER))
        self._said += head + self.wrapped(value) + bytes((IAC, SE))

    # what the client asks; a value that cannot be is answered with what holds

    def _sign(self, value: bytes) -> None:
        if not value:
            self._answer(_SIGNATURE, self._signature)

    def _set_baud(self, value: bytes) -> None:
        if len(value) == 4 and (baud := int.from_bytes(value)) in _BAUDS:
            self._set(baud=baud)
        self._answer(_BAUD, self._settings.baud.to_bytes(4))

    def _set_data_bits(self, value: bytes) -> None:
        if (bits := _number(value)) in _DATA_SIZES:
            self._set(frame=f"{bits}{self._settings.frame[1:]}")
        self._answer(_DATA_BITS, bytes((int(self._settings.frame[0]),)))

    def _set_parity(self, value: bytes) -> None:
        frame = self._settings.frame
        if (parity := _PARITIES.get(_number(value))) is not None:
            self._set(frame=frame[0] + parity + frame[2])
        self._answer(_PARITY, bytes((_key(_PARITIES, self._settings.frame[1]),)))

    def _set_stop_bits(self, value: bytes) -> None:
        code = _number(value)
        if code in _STOPS:
            self._stop_code = code
            self._set(frame=self._settings.frame[:2] + _STOPS[code])
        self._answer(_STOP_BITS, bytes((self._stop_code,)))

    def _control(self, value: bytes) -> None:
        code = _number(value)
        if code in _FLOWS:
            self._set(flow=_FLOWS[code])
        ask = next((ask for ask in _SWITCHES if code in range(ask, ask + 3)), None)
        if ask is not None:
            wire = _SWITCHES[ask]
            if code > ask:
                self._switches[wire] = code == ask + 1
                self._deeds.append(Switch(wire, is_on=self._switches[wire]))
            self._answer(_CONTROL, bytes((ask + (1 if self._switches[wire] else 2),)))
            return
        for flows in (_FLOW, _FLOW_IN):
            if code in flows or _OTHER_FLOWS.get(code) is flows:
                now = _key(_FLOWS, self._settings.flow)
                self._answer(_CONTROL, bytes((flows.start + now,)))

    def _poll_line(self, _value: bytes) -> None:
        self._answer(_LINE_STATE, bytes((self._line_state,)))

    def _poll_modem(self, _value: bytes) -> None:
        self._tell_modem(_modem_state(self._lines))

    def _pause(self, _value: bytes) -> None:
        self._is_suspended = True

    def _go_on(self, _value: bytes) -> None:
        self._is_suspended = False

    def _mask_line(self, value: bytes) -> None:
        if value:
            self._line_mask = value[0]
        self._answer(_LINE_MASK, bytes((self._line_mask,)))

    def _mask_modem(self, value: bytes) -> None:
        if value:
            self._modem_mask = value[0]
        self._answer(_MODEM_MASK, bytes((self._modem_mask,)))

    def _purge(self, value: bytes) -> None:
        if (purge := _PURGES.get(_number(value))) is not None:
            self._deeds.append(purge)
            self._answer(_PURGE, value[:1])

    def _set(self, **values: Any) -> None:
        self._settings = replace(self._settings, **values)
        self._deeds.append(self._settings)

    # what the client is told of without asking

    def _notify(self) -> None:
        if not (self._options.is_on(WILL, COM_PORT) or self._options.is_on(DO, COM_PORT)):
            return
        line, modem = self._line_state, _modem_state(self._lines)
        if (line ^ self._told_line) & self._line_mask:
            self._answer(_LINE_STATE, bytes((line & self._line_mask,)))
        self._told_line = line
        before = self._told_modem
        news = _EVERY_BIT if before is None else modem ^ before | _deltas(modem, before)
        if news & self._modem_mask:
            self._tell_modem(modem)

    @property
    def _line_state(self) -> int:
        return _IDLE if self._lines.idle else 0

    def _tell_modem(self, state: int) -> None:
        before = state if self._told_modem is None else self._told_modem
        told = state | _deltas(state, before)
        self._answer(_MODEM_STATE, bytes((told & self._modem_mask,)))
        self._told_modem = state


def _modem_state(lines: ModemLines) -> int:
    return lines.dcd << 7 | lines.ri << 6 | lines.dsr << 5 | lines.cts << 4


def _deltas(state: int, before: int) -> int:
    """The bits that say which lines are other than before; RI's says that it has gone off."""
    return (state ^ before) >> 4 & ~(state >> 4 & _RI_OFF)


def _number(value: bytes) -> int:
    """0 asks; -1: there is none."""
    return value[0] if value else -1


def _key(table: dict[int, str], value: str) -> int:
    return next(key for key, each in table.items() if each == value)


_ASKS: dict[int, Callable[[Rfc2217Talk, bytes], None]] = {
    _SIGNATURE: Rfc2217Talk._sign,
    _BAUD: Rfc2217Talk._set_baud,
    _DATA_BITS: Rfc2217Talk._set_data_bits,
    _PARITY: Rfc2217Talk._set_parity,
    _STOP_BITS: Rfc2217Talk._set_stop_bits,
    _CONTROL: Rfc2217Talk._control,
    _LINE_STATE: Rfc2217Talk._poll_line,
    _MODEM_STATE: Rfc2217Talk._poll_modem,
    _SUSPEND: Rfc2217Talk._pause,
    _RESUME: Rfc2217Talk._go_on,
    _LINE_MASK: Rfc2217Talk._mask_line,
    _MODEM_MASK: Rfc2217Talk._mask_modem,
    _PURGE: Rfc2217Talk._purge,
}
