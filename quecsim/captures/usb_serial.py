"""What USB serial adapters are told beside the data: rate, frame, DTR and RTS.

CDC-ACM as in the USB class definition for PSTN devices (SET_LINE_CODING, SET_CONTROL_LINE_STATE);
FTDI, CP210x and CH34x as in their makers' documents and in Linux' drivers for them.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from quecsim.captures.opened import Told
from quecsim.captures.usb import Transfer
from quecsim.trace.event import HostDtr, HostLine, HostRts

_PARITIES = "NOEMS"
_FTDI_MHZ, _FTDI_FAST_MHZ = 3_000_000, 12_000_000
# The sub-divisor's code: eighths.
_FTDI_EIGHTHS = (0, 4, 2, 1, 3, 5, 6, 7)
_FTDI_SPECIAL = {0: _FTDI_MHZ, 1: 2_000_000}
_CH34X_HZ = 48_000_000
_CH34X_DTR, _CH34X_RTS = 0x20, 0x40
_USUAL_BAUD = (
    1_200, 2_400, 4_800, 9_600, 14_400, 19_200, 28_800, 38_400, 57_600, 115_200, 230_400, 460_800,
    921_600, 1_000_000, 1_500_000, 2_000_000, 3_000_000,
)  # fmt: skip
_NEAR_PER_CENT = 3


@dataclass(slots=True)
class Setting:
    """What is known of the port: `baud` 0: nothing yet."""

    baud: int = 0
    frame: str = "8N1"
    dtr: bool | None = None
    rts: bool | None = None


class SerialControl:
    """Hears the control requests of one device."""

    def __init__(self) -> None:
        self._is = Setting()

    def read(self, request: Transfer) -> Iterator[Told]:
        """What changes by a request."""
        setup = request.setup
        handler = _REQUESTS.get((setup[0], setup[1])) if len(setup) == 8 else None
        if handler is None:
            return
        before = Setting(self._is.baud, self._is.frame, self._is.dtr, self._is.rts)
        value, index = struct.unpack("<HH", setup[2:6])
        handler(self._is, value, index, request.data)
        yield from self._changes(before, request.at_ns)

    def _changes(self, before: Setting, at_ns: int) -> Iterator[Told]:
        now = self._is
        if now.baud and (now.baud, now.frame) != (before.baud, before.frame):
            yield HostLine(at_ns, now.baud, now.frame, "none")
        if now.dtr is not None and now.dtr != before.dtr:
            yield HostDtr(at_ns, now.dtr)
        if now.rts is not None and now.rts != before.rts:
            yield HostRts(at_ns, now.rts)


def near_usual(baud: int) -> int:
    """A divisor hits the rates that people ask for only nearly."""
    near = min(_USUAL_BAUD, key=lambda usual: abs(usual - baud))
    return near if abs(near - baud) * 100 <= near * _NEAR_PER_CENT else baud


def _frame(data_bits: int, parity: int, stops: int) -> str:
    """`stops`: 0 is one, more is two (one and a half is told as two)."""
    bits = data_bits if 5 <= data_bits <= 8 else 8
    return f"{bits}{_PARITIES[parity] if parity < len(_PARITIES) else 'N'}{2 if stops else 1}"


def _cdc_line_coding(to: Setting, _value: int, _index: int, data: bytes) -> None:
    if len(data) >= 7:
        baud, stops, parity, bits = struct.unpack("<IBBB", data[:7])
        to.baud, to.frame = baud, _frame(bits, parity, stops)


def _cdc_line_state(to: Setting, value: int, _index: int, _data: bytes) -> None:
    to.dtr, to.rts = bool(value & 1), bool(value & 2)


def _ftdi_modem(to: Setting, value: int, _index: int, _data: bytes) -> None:
    if value & 0x0100:
        to.dtr = bool(value & 1)
    if value & 0x0200:
        to.rts = bool(value & 2)


def _ftdi_baud(to: Setting, value: int, index: int, _data: bytes) -> None:
    # With more than one port the high byte of the index belongs to the divisor, too.
    high = index >> 8 if index > 0xFF else index
    code = (value >> 14) | (high & 1) << 2
    whole = value & 0x3FFF
    clock = _FTDI_FAST_MHZ if high & 2 else _FTDI_MHZ
    if whole in _FTDI_SPECIAL and not code:
        to.baud = _FTDI_SPECIAL[whole] * (clock // _FTDI_MHZ)
        return
    eighths = whole * 8 + _FTDI_EIGHTHS[code]
    to.baud = near_usual(clock * 8 // eighths) if eighths else 0


def _ftdi_data(to: Setting, value: int, _index: int, _data: bytes) -> None:
    to.frame = _frame(value & 0xFF, value >> 8 & 7, value >> 11 & 7)


def _cp210x_baud(to: Setting, _value: int, _index: int, data: bytes) -> None:
    if len(data) >= 4:
        to.baud = struct.unpack("<I", data[:4])[0]


def _cp210x_line(to: Setting, value: int, _index: int, _data: bytes) -> None:
    to.frame = _frame(value >> 8, value >> 4 & 0x0F, value & 0x0F)


def _ch34x_register(to: Setting, value: int, index: int, _data: bytes) -> None:
    if value == 0x1312:  # divisor and prescaler
        step, fact = index & 3, index >> 2 & 1
        divisor = 0x100 - (index >> 8)
        to.baud = near_usual(_CH34X_HZ // ((1 << (12 - 3 * step - fact)) * divisor))
    elif value == 0x2518:  # line control
        has_parity, is_even, is_fixed = index & 0x08, index & 0x10, index & 0x20
        parity = (
            0 if not has_parity else (3 if not is_even else 4) if is_fixed else 2 if is_even else 1
        )
        to.frame = _frame(5 + (index & 3), parity, index & 4)


def _ch34x_modem(to: Setting, value: int, _index: int, _data: bytes) -> None:
    to.dtr, to.rts = not value & _CH34X_DTR, not value & _CH34X_RTS


Handler = Callable[[Setting, int, int, bytes], None]
# By the request's type and number: CDC, FTDI, CP210x, CH34x.
_REQUESTS: dict[tuple[int, int], Handler] = {
    (0x21, 0x20): _cdc_line_coding,
    (0x21, 0x22): _cdc_line_state,
    (0x40, 0x01): _ftdi_modem,
    (0x40, 0x03): _ftdi_baud,
    (0x40, 0x04): _ftdi_data,
    (0x41, 0x1E): _cp210x_baud,
    (0x41, 0x03): _cp210x_line,
    (0x41, 0x07): _ftdi_modem,  # the same bits
    (0x40, 0x9A): _ch34x_register,
    (0x40, 0xA4): _ch34x_modem,
}


# FTDI's chips put two bytes of status before the data of each packet of the bus.
_FTDI_STATUS_BYTES = 2
_FTDI_SURE_PACKETS = 3
_FTDI_VENDOR = 0x0403
_PACKET_BYTES = {1: 64, 2: 512}


class FtdiWatch:
    """Whether what an endpoint says begins with FTDI's status bytes."""

    def __init__(self) -> None:
        self._packets = self._like_it = self._status_only = 0

    def hear(self, data: bytes) -> None:
        """One transfer."""
        self._packets += 1
        if len(data) >= _FTDI_STATUS_BYTES and data[0] & 0x0F in _PACKET_BYTES:
            self._like_it += 1
            self._status_only += len(data) == _FTDI_STATUS_BYTES

    @property
    def is_ftdi(self) -> bool:
        """All transfers look so, and some have nothing else."""
        return self._packets == self._like_it and self._status_only >= _FTDI_SURE_PACKETS


def without_status(data: bytes) -> bytes:
    """What an FTDI chip has really said."""
    size = _PACKET_BYTES.get(data[0] & 0x0F, 64) if data else 64
    return b"".join(
        data[start + _FTDI_STATUS_BYTES : start + size] for start in range(0, len(data), size)
    )


def vendor_of(data: bytes) -> int:
    """The maker's number in a device descriptor; 0: it is none."""
    return (
        int.from_bytes(data[8:10], "little") if data[:2] == b"\x12\x01" and len(data) >= 18 else 0
    )


def is_ftdi_vendor(vendor: int) -> bool:
    """It is FTDI's."""
    return vendor == _FTDI_VENDOR
