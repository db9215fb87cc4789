"""USB transfers out of packets: Linux's usbmon (link types 189 and 220) and Windows' USBPcap (249).

What a host gives to an endpoint is told when it is handed over, what a device says when it is here.
"""

import struct
from dataclasses import dataclass
from typing import Literal

from quecsim.captures.pcap import Packet

LINUX, LINUX_LONG, USBPCAP = 189, 220, 249
_LINUX_HEAD = {LINUX: 48, LINUX_LONG: 64}
_CONTROL, _BULK = 2, 3
_SUBMIT, _COMPLETE = ord("S"), ord("C")
_IN = 0x80
_SETUP_BYTES = 8
_USBPCAP_BYTES = 27


@dataclass(frozen=True, slots=True)
class Transfer:
    """One transfer of data, or a control request with its `setup`, at device `device` of `bus`.

    `endpoint` has no direction, `way` is it: out is from the host. `is_cut`: the capture has not
    kept all of the data.
    """

    at_ns: int
    bus: int
    device: int
    endpoint: int
    way: Literal["out", "in"]
    data: bytes
    setup: bytes = b""
    is_cut: bool = False

    @property
    def address(self) -> str:
        """`1.5`: bus and device."""
        return f"{self.bus}.{self.device}"


def transfer(packet: Packet) -> Transfer | None:
    """What a packet carries; None: nothing of a serial port's. ValueError: no such packet."""
    try:
        if packet.link_type in _LINUX_HEAD:
            return _linux(packet, _LINUX_HEAD[packet.link_type])
        if packet.link_type == USBPCAP:
            return _usbpcap(packet)
    except struct.error as error:
        raise ValueError(str(error)) from None
    return None


def _linux(packet: Packet, head_bytes: int) -> Transfer | None:
    data = packet.data
    if len(data) < head_bytes:
        raise ValueError("too short")
    kind, transfer_type, address, device = data[8:12]
    (bus,) = struct.unpack(f"{packet.order}H", data[12:14])
    length, kept = struct.unpack(f"{packet.order}II", data[32:40])
    is_in = bool(address & _IN)
    payload = data[head_bytes : head_bytes + kept]
    at_ns = packet.at_ns
    if transfer_type == _CONTROL and kind == _SUBMIT and data[14] == 0:
        way: Literal["out", "in"] = "in" if data[40] & _IN else "out"
        return Transfer(at_ns, bus, device, 0, way, payload, data[40 : 40 + _SETUP_BYTES])
    if transfer_type == _CONTROL and kind == _COMPLETE and payload:
        return Transfer(at_ns, bus, device, 0, "in", payload)
    if transfer_type != _BULK or not payload or kind != (_COMPLETE if is_in else _SUBMIT):
        return None
    whole = min(length, len(payload)) if kind == _COMPLETE else length
    return Transfer(
        at_ns, bus, device, address & 0x0F, "in" if is_in else "out", payload,
        is_cut=len(payload) < (length if kind == _SUBMIT else whole) or packet.is_cut,
    )  # fmt: skip


def _usbpcap(packet: Packet) -> Transfer | None:
    data = packet.data
    head_bytes, info = struct.unpack("<H", data[:2])[0], data[16:17]
    if len(data) < _USBPCAP_BYTES or head_bytes < _USBPCAP_BYTES or not info:
        raise ValueError("too short")
    bus, device, address, transfer_type, length = struct.unpack("<HHBBI", data[17:27])
    is_back = bool(info[0] & 1)
    payload = data[head_bytes : head_bytes + length]
    if transfer_type == _CONTROL and not is_back and len(payload) >= _SETUP_BYTES:
        setup = payload[:_SETUP_BYTES]
        way: Literal["out", "in"] = "in" if setup[0] & _IN else "out"
        return Transfer(packet.at_ns, bus, device, 0, way, payload[_SETUP_BYTES:], setup)
    if transfer_type == _CONTROL and is_back and payload:
        return Transfer(packet.at_ns, bus, device, 0, "in", payload)
    if transfer_type != _BULK or not payload or is_back != bool(address & _IN):
        return None
    return Transfer(
        packet.at_ns, bus, device, address & 0x0F, "in" if is_back else "out", payload,
        is_cut=len(payload) < length or packet.is_cut,
    )  # fmt: skip
