"""A capture of the USB bus (usbmon, USBPcap): the serial port among all that goes over it.

The port is the endpoint into which a host writes AT commands, and that of the same device which
answers.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from quecsim.captures.file import CaptureFile
from quecsim.captures.opened import Opened, Options, Tally, Told
from quecsim.captures.pcap import is_pcap, packets, refuse_others
from quecsim.captures.spoken import Voice
from quecsim.captures.usb import LINUX, LINUX_LONG, USBPCAP, Transfer, transfer
from quecsim.captures.usb_serial import (
    FtdiWatch,
    SerialControl,
    is_ftdi_vendor,
    vendor_of,
    without_status,
)
from quecsim.date import utc_parts
from quecsim.errors import QuecsimError
from quecsim.observed.heard import Heard, Side
from quecsim.trace.setup import Lack
from quecsim.units import S

_MOST_ENDPOINTS = 256
_LINKS = (LINUX, LINUX_LONG, USBPCAP)
_HOW = (
    "capture the bus: Wireshark on usbmon1 (Linux) or USBPcap1 (Windows), or"
    " tcpdump -i usbmon1 -w FILE"
)


@dataclass(slots=True)
class Endpoint:
    """What went over one endpoint: `plain` without FTDI's status bytes."""

    address: str
    number: int
    way: str
    voice: Voice = field(default_factory=Voice)
    plain: Voice = field(default_factory=Voice)
    watch: FtdiWatch = field(default_factory=FtdiWatch)
    is_cut: bool = False

    def told(self, *, is_ftdi: bool) -> str:
        """For people."""
        voice = self.plain if is_ftdi else self.voice
        name = f"{self.address} endpoint {self.number} {self.way}"
        return f'{name}: {voice.bytes} bytes, "{voice.shown()}"'


@dataclass(frozen=True, slots=True)
class Port:
    """The device, and its endpoints: out, and in (-1: there is none)."""

    address: str
    out: int
    back: int
    is_ftdi: bool
    is_cut: bool


def recognize(file: CaptureFile) -> int:
    """2: a packet capture of a USB bus, 0: it is none."""
    if not is_pcap(file.head):
        return 0
    first = next(packets(file, Tally()), None)
    return 2 if first is not None and first.link_type in _LINKS else 0


def open_usbmon(file: CaptureFile, options: Options) -> Opened:
    """Raises QuecsimError: no capture of a USB bus, or no serial port in it."""
    refuse_others(file, _HOW)
    first = next((each for each in packets(file, Tally()) if each.link_type in _LINKS), None)
    if first is None:
        raise QuecsimError("there is nothing of USB in this packet capture", where=str(file.path),
                           hint=_HOW)  # fmt: skip
    port, notes = _port(file, options)
    lacks: list[Lack] = ["byte-times", "modem-lines"]
    if port.is_cut:
        lacks.append("exact-bytes")
        notes.append(
            "packets are cut: capture them whole (tcpdump -s 0, Wireshark without a limit)"
        )
    year, month, day, hour, minute, second = utc_parts(first.at_ns // S)
    return Opened(
        read=partial(_told, file, port, options), lacks=tuple(lacks), baud=options.baud,
        is_clock=True, notes=tuple(notes),
        date=f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z",
    )  # fmt: skip


def _transfers(file: CaptureFile, tally: Tally) -> Iterator[Transfer]:
    for number, packet in enumerate(packets(file, tally), 1):
        try:
            made = transfer(packet)
        except ValueError:
            tally.bad(f"packet {number}")
            continue
        if made is not None:
            yield made


def _port(file: CaptureFile, options: Options) -> tuple[Port, list[str]]:
    """Listens to all endpoints. Raises QuecsimError where none is a serial port's."""
    endpoints, vendors = _endpoints(file, options.usb_device)
    ftdi = {address for address, vendor in vendors.items() if is_ftdi_vendor(vendor)}
    ftdi |= {each.address for each in endpoints if each.way == "in" and each.watch.is_ftdi}
    hosts = [each for each in endpoints if each.way == "out" and each.voice.is_host]
    if not hosts and options.usb_device:
        hosts = [each for each in endpoints if each.way == "out"]
    told = [each.told(is_ftdi=each.address in ftdi and each.way == "in") for each in endpoints]
    backs = [each for each in endpoints if each.way == "in"]
    if not hosts:
        speaking = [each for each in backs if _voice(each, ftdi).is_device]
        if not speaking and not (options.usb_device and backs):
            listed = "\n  ".join(told) or "there is no bulk transfer in it"
            raise QuecsimError(
                f"no AT commands go over this bus:\n  {listed}", where=str(file.path),
                hint="choose the device with --usb-device BUS.DEVICE" if told else _HOW,
            )  # fmt: skip
        back = max(speaking or backs, key=lambda each: _voice(each, ftdi).results)
        found = Port(back.address, -1, back.number, back.address in ftdi, back.is_cut)
    else:
        out = max(hosts, key=lambda each: (each.voice.commands, each.voice.bytes))
        same = [each for each in backs if each.address == out.address]
        answer = max(same, key=lambda each: _rank(each, out, ftdi), default=None)
        is_cut = out.is_cut or (answer is not None and answer.is_cut)
        number = answer.number if answer is not None else -1
        found = Port(out.address, out.number, number, out.address in ftdi, is_cut)
    return found, _notes(found, endpoints, told)


def _rank(back: Endpoint, out: Endpoint, ftdi: set[str]) -> tuple[int, int, int]:
    """Whoever answers, and else the next endpoint."""
    voice = _voice(back, ftdi)
    return voice.results, -abs(back.number - out.number), voice.bytes


def _voice(endpoint: Endpoint, ftdi: set[str]) -> Voice:
    return endpoint.plain if endpoint.address in ftdi and endpoint.way == "in" else endpoint.voice


def _endpoints(file: CaptureFile, only: str) -> tuple[list[Endpoint], dict[str, int]]:
    found: dict[tuple[str, int, str], Endpoint] = {}
    vendors: dict[str, int] = {}
    for each in _transfers(file, Tally()):
        if only and each.address != only:
            continue
        if each.endpoint == 0:
            if each.way == "in" and not each.setup and (vendor := vendor_of(each.data)):
                vendors[each.address] = vendor
            continue
        key = (each.address, each.endpoint, each.way)
        if key not in found:
            if len(found) >= _MOST_ENDPOINTS:
                continue
            found[key] = Endpoint(*key)
        endpoint = found[key]
        endpoint.voice.hear(each.at_ns, each.data)
        endpoint.is_cut = endpoint.is_cut or each.is_cut
        if each.way == "in":
            endpoint.watch.hear(each.data)
            endpoint.plain.hear(each.at_ns, without_status(each.data))
    return list(found.values()), vendors


def _notes(port: Port, endpoints: list[Endpoint], told: list[str]) -> list[str]:
    notes = [f"the port is device {port.address}" + (", an FTDI chip" if port.is_ftdi else "")]
    used = {(port.address, port.out, "out"), (port.address, port.back, "in")}
    notes += [
        f"{text}: not used"
        for each, text in zip(endpoints, told, strict=True)
        if (each.address, each.number, each.way) not in used and each.voice.speaks_at
    ]
    return notes


def _told(file: CaptureFile, port: Port, options: Options, tally: Tally) -> Iterator[Told]:
    control = SerialControl()
    sides: dict[str, Side] = {"out": "host", "in": "device"}
    if options.swap:
        sides = {"out": "device", "in": "host"}
    for each in _transfers(file, tally):
        if each.address != port.address:
            continue
        if each.setup and each.way == "out":
            yield from control.read(each)
        elif each.endpoint and each.endpoint == (port.out if each.way == "out" else port.back):
            data = without_status(each.data) if port.is_ftdi and each.way == "in" else each.data
            if data:
                yield Heard(each.at_ns, options.side or sides[each.way], data)
