"""Captures of a USB bus, made byte by byte from the documents of their formats."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO

from dpkt import pcap, pcapng

LINUX, LINUX_LONG, USBPCAP = 189, 220, 249
EPOCH_S = 1_700_000_000


@dataclass(frozen=True)
class Urb:
    """`kind` 3 is bulk, 2 control; `address` has the direction in its highest bit."""

    at_ns: int
    data: bytes
    address: int
    device: int = 5
    bus: int = 1
    kind: int = 3
    setup: bytes = b""


def out(at_ns: int, data: bytes, number: int = 2, device: int = 5) -> Urb:
    return Urb(at_ns, data, number, device)


def back(at_ns: int, data: bytes, number: int = 1, device: int = 5) -> Urb:
    return Urb(at_ns, data, 0x80 | number, device)


def control(at_ns: int, kind: int, request: int, value: int, index: int, data: bytes = b"") -> Urb:
    setup = struct.pack("<BBHHH", kind, request, value, index, len(data))
    return Urb(at_ns, data, kind & 0x80, kind=2, setup=setup)


def linux(urb: Urb, link_type: int) -> list[bytes]:
    """usbmon tells of each twice: when it is handed over, and when it is done."""
    is_in = bool(urb.address & 0x80)
    made = []
    for event in (b"S", b"C"):
        has_data = (event == b"C") is is_in
        is_setup = event == b"S" and bool(urb.setup)
        data = urb.data if has_data else b""
        length = max(len(urb.data), 64) if event == b"S" and is_in else len(urb.data)
        head = struct.pack(
            "<QcBBBHBBqiiII", 0xFFFF0000, event, urb.kind, urb.address, urb.device, urb.bus,
            0 if is_setup else ord("-"), 0 if data else ord("<" if is_in else ">"),
            EPOCH_S + urb.at_ns // 10**9, urb.at_ns // 1000 % 10**6, 0, length, len(data),
        )  # fmt: skip
        head += urb.setup if is_setup else bytes(8)
        made.append(head + (bytes(16) if link_type == LINUX_LONG else b"") + data)
    return made


def usbpcap(urb: Urb) -> list[bytes]:
    """USBPcap, the same; a control transfer has its stage in the header."""
    is_in = bool(urb.address & 0x80)
    made = []
    for is_back in (False, True):
        data = urb.data if is_back is is_in else b""
        if urb.setup and not is_back:
            data = urb.setup + data
        stage = bytes((3 if is_back else 0,)) if urb.kind == 2 else b""
        head = struct.pack(
            "<HQIHBHHBBI", 27 + len(stage), 0xFFFF0000, 0, 9, int(is_back), urb.bus, urb.device,
            urb.address, urb.kind, len(data),
        )  # fmt: skip
        made.append(head + stage + data)
    return made


def packets(urbs: Iterable[Urb], link_type: int) -> list[tuple[int, bytes]]:
    return [
        (urb.at_ns, packet)
        for urb in urbs
        for packet in (usbpcap(urb) if link_type == USBPCAP else linux(urb, link_type))
    ]


def as_pcap(urbs: Iterable[Urb], link_type: int) -> bytes:
    """Written by dpkt, which knows nothing of our reader."""
    stream = BytesIO()
    writer = pcap.Writer(stream, snaplen=1 << 16, linktype=link_type, nano=True)
    for at_ns, packet in packets(urbs, link_type):
        writer.writepkt(packet, Decimal(EPOCH_S * 10**9 + at_ns) / 10**9)
    return stream.getvalue()


def as_pcapng(urbs: Iterable[Urb], link_type: int, *, options: bytes = b"\x09") -> bytes:
    """The same in the newer form; times have nine digits."""
    stream = BytesIO()
    stream.write(bytes(pcapng.SectionHeaderBlockLE()))
    resolution = [
        pcapng.PcapngOptionLE(code=pcapng.PCAPNG_OPT_IF_TSRESOL, data=options),
        pcapng.PcapngOptionLE(),
    ]
    # An interface of a network comes first: only one of them is the bus.
    for kind in (1, link_type):
        block = pcapng.InterfaceDescriptionBlockLE(linktype=kind, snaplen=1 << 16, opts=resolution)
        stream.write(bytes(block))
    for at_ns, packet in packets(urbs, link_type):
        ticks = EPOCH_S * 10**9 + at_ns
        block = pcapng.EnhancedPacketBlockLE(
            iface_id=1, ts_high=ticks >> 32, ts_low=ticks & 0xFFFFFFFF, pkt_data=packet
        )
        stream.write(bytes(block))
    return stream.getvalue()
