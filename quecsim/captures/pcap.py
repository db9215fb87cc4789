"""Packet captures, pcap and pcapng, read packet by packet: exact times, every interface by its own
link type, and no more in memory than one packet.

(dpkt, which writes ours, reads the first interface only and has times as floats.)
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple

from quecsim.captures.file import UNREADABLE, CaptureFile
from quecsim.captures.opened import Tally
from quecsim.errors import QuecsimError
from quecsim.units import S

MOST_BYTES = 1 << 24
"""No packet, and no block, is larger: 16 MiB."""

_PCAPNG = b"\x0a\x0d\x0d\x0a"
_ORDERS = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
# The first four bytes of a pcap file: its byte order, and how many of its ticks are one second.
_PCAP = {
    b"\xd4\xc3\xb2\xa1": ("<", 10**6), b"\xa1\xb2\xc3\xd4": (">", 10**6),
    b"\x4d\x3c\xb2\xa1": ("<", 10**9), b"\xa1\xb2\x3c\x4d": (">", 10**9),
}  # fmt: skip
_SECTION, _INTERFACE, _SIMPLE, _ENHANCED = 0x0A0D0D0A, 1, 3, 6
_TSRESOL, _TSOFFSET, _END = 9, 14, 0
_MOST_INTERFACES = 1024


class Packet(NamedTuple):
    """`at_ns` counts from 1970; `order` is how numbers are written on the machine of the capture:
    `<` or `>`. `is_cut`: there was more of it on the wire.
    """

    at_ns: int
    link_type: int
    order: str
    data: bytes
    is_cut: bool


def is_pcap(head: bytes) -> bool:
    """Whether a file begins as one."""
    return head.startswith(_PCAPNG) or head[:4] in _PCAP


def packets(file: CaptureFile, tally: Tally) -> Iterator[Packet]:
    """All packets, up to where the file is cut or makes no sense. Raises QuecsimError."""
    try:
        with file.stream() as stream:
            try:
                yield from _Pcapng(stream).packets() if is_pcapng(file.head) else _pcap(stream)
            except _Torn:
                tally.torn = True
            except _Nonsense as error:
                tally.bad(f"a block of the file ({error})")
    except UNREADABLE as error:
        raise file.unreadable(error) from None


def is_pcapng(head: bytes) -> bool:
    """Whether it is the newer of both forms."""
    return head.startswith(_PCAPNG)


def refuse_others(file: CaptureFile, hint: str) -> None:
    """Raises QuecsimError where the file is no packet capture."""
    if not is_pcap(file.head):
        raise QuecsimError("this is no packet capture", where=str(file.path), hint=hint)


class _Torn(Exception):  # noqa: N818 - it is no error of anybody's
    """The file ends in the middle of something."""


class _Nonsense(Exception):  # noqa: N818
    """What stands there cannot be."""


def _read(stream: BinaryIO, count: int) -> bytes:
    if not 0 <= count <= MOST_BYTES:
        raise _Nonsense(f"{count} bytes long")
    data = stream.read(count)
    if len(data) < count:
        raise _Torn
    return data


def _pcap(stream: BinaryIO) -> Iterator[Packet]:
    head = _read(stream, 24)
    if head[:4] not in _PCAP:
        raise _Nonsense("the file has changed")
    order, per_second = _PCAP[head[:4]]
    link_type = struct.unpack(f"{order}I", head[20:])[0] & 0xFFFF
    record = struct.Struct(f"{order}IIII")
    while begin := stream.read(record.size):
        if len(begin) < record.size:
            raise _Torn
        seconds, part, kept, whole = record.unpack(begin)
        at_ns = seconds * S + part * S // per_second
        yield Packet(at_ns, link_type, order, _read(stream, kept), kept < whole)


@dataclass(slots=True)
class _Interface:
    link_type: int
    per_second: int = 10**6
    offset_s: int = 0


@dataclass(slots=True)
class _Pcapng:
    stream: BinaryIO
    order: str = "<"
    interfaces: list[_Interface] = field(default_factory=list)

    def packets(self) -> Iterator[Packet]:
        while begin := self.stream.read(8):
            if len(begin) < 8:
                raise _Torn
            kind, length = struct.unpack(f"{self.order}II", begin)
            if kind == _SECTION:
                length = self._begin_section(begin[4:])
                continue
            body = _read(self.stream, length - 12)
            _read(self.stream, 4)
            if kind == _INTERFACE:
                self._add_interface(body)
            elif kind == _ENHANCED:
                yield self._enhanced(body)
            elif kind == _SIMPLE:
                yield self._simple(body)

    def _begin_section(self, length_bytes: bytes) -> int:
        magic = _read(self.stream, 4)
        if magic not in _ORDERS:
            raise _Nonsense("no byte order")
        self.order = _ORDERS[magic]
        self.interfaces.clear()
        length: int = struct.unpack(f"{self.order}I", length_bytes)[0]
        _read(self.stream, length - 12)
        return length

    def _add_interface(self, body: bytes) -> None:
        if len(body) < 8 or len(self.interfaces) >= _MOST_INTERFACES:
            raise _Nonsense("an interface")
        made = _Interface(struct.unpack(f"{self.order}H", body[:2])[0])
        place = 8
        while place + 4 <= len(body):
            code, size = struct.unpack(f"{self.order}HH", body[place : place + 4])
            value = body[place + 4 : place + 4 + size]
            if code == _END:
                break
            if code == _TSRESOL and len(value) == size == 1:
                made.per_second = (2 if value[0] & 0x80 else 10) ** (value[0] & 0x7F)
            elif code == _TSOFFSET and len(value) == size == 8:
                made.offset_s = struct.unpack(f"{self.order}q", value)[0]
            place += 4 + size + -size % 4
        self.interfaces.append(made)

    def _interface(self, number: int) -> _Interface:
        if number >= len(self.interfaces):
            raise _Nonsense(f"interface {number}")
        return self.interfaces[number]

    def _enhanced(self, body: bytes) -> Packet:
        if len(body) < 20:
            raise _Nonsense("a packet")
        number, high, low, kept, whole = struct.unpack(f"{self.order}IIIII", body[:20])
        interface = self._interface(number)
        ticks = high << 32 | low
        at_ns = interface.offset_s * S + ticks * S // interface.per_second
        data = body[20 : 20 + kept]
        return Packet(at_ns, interface.link_type, self.order, data, len(data) < whole)

    def _simple(self, body: bytes) -> Packet:
        if len(body) < 4:
            raise _Nonsense("a packet")
        whole = struct.unpack(f"{self.order}I", body[:4])[0]
        data = body[4 : 4 + whole]
        return Packet(0, self._interface(0).link_type, self.order, data, len(data) < whole)
