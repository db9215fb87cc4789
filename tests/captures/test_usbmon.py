"""Captures of a USB bus: the serial port is found, and what goes over it comes back."""

import struct
import subprocess
from itertools import groupby
from pathlib import Path

import pytest

from quecsim.errors import QuecsimError
from quecsim.trace import event as ev
from tests.captures.usb_files import (
    LINUX,
    LINUX_LONG,
    USBPCAP,
    Urb,
    as_pcap,
    as_pcapng,
    back,
    control,
    out,
)
from tests.captures.wire import heard_device, heard_host, imported, said, wire_bytes
from tests.examples.hosts import need

LINKS = pytest.mark.parametrize("link", [LINUX, LINUX_LONG, USBPCAP])


def pieces() -> list[tuple[int, str, bytes]]:
    """The session as an adapter cuts it: what one side says without the other."""
    made = []
    for side, group in groupby(wire_bytes(), key=lambda each: each[1]):
        run = list(group)
        for start in range(0, len(run), 500):
            part = run[start : start + 500]
            made.append((part[-1][0], str(side), bytes(byte for _, _, byte in part)))
    return made


def session(status: bytes = b"", size: int = 64) -> list[Urb]:
    """`status`: what an FTDI chip puts before each packet of `size` bytes."""
    made = [back(at_ns, status) for at_ns in (1, 2, 3, 4) if status]
    for at_ns, side, data in pieces():
        if side == "host":
            made.append(out(at_ns, data))
        elif not status:
            made.append(back(at_ns, data))
        else:
            room = size - len(status)
            packets = [data[start : start + room] for start in range(0, len(data), room)]
            made.append(back(at_ns, b"".join(status + packet for packet in packets)))
    return made


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bus.pcapng"


@LINKS
@pytest.mark.parametrize("form", [as_pcap, as_pcapng])
def test_both_sides_come_back(file: Path, link: int, form) -> None:  # type: ignore[no-untyped-def]
    made, record = imported(write(file, form(session(), link)))
    assert made.format.name == "usbmon"
    assert heard_host(record) == said(wire_bytes(), "host")
    assert heard_device(record) == said(wire_bytes(), "device")
    assert made.source.lacks == ("byte-times", "modem-lines", "line")
    assert made.source.date == "2023-11-14T22:13:20Z"
    assert made.tally.bad_lines == 0
    first, last = pieces()[0][0], pieces()[-1][0]
    assert abs(made.found.last_ns - (last - first)) <= 1


@LINKS
@pytest.mark.parametrize(("status", "size"), [(b"\x01\x60", 64), (b"\x32\x60", 512)])
def test_the_status_bytes_of_ftdi_are_no_data(
    file: Path, link: int, status: bytes, size: int
) -> None:
    made, record = imported(write(file, as_pcapng(session(status, size), link)))
    assert heard_host(record) == said(wire_bytes(), "host")
    assert heard_device(record) == said(wire_bytes(), "device")
    assert any("FTDI" in note for note in made.notes)


def test_ftdi_is_also_known_by_its_descriptor(file: Path) -> None:
    descriptor = b"\x12\x01\x00\x02\x00\x00\x00\x08\x03\x04\x01\x60" + bytes(6)
    asked = control(0, 0x80, 6, 0x0100, 0, descriptor)
    urbs = [asked, out(5, b"AT\r"), back(9, b"\x01\x60\r\nOK\r\n")]
    _, record = imported(write(file, as_pcapng(urbs, LINUX_LONG)))
    assert heard_device(record) == b"\r\nOK\r\n"


CODING = struct.pack("<IBBB", 921_600, 2, 2, 8)
SETTINGS = {
    "cdc": [control(1, 0x21, 0x20, 0, 0, CODING), control(2, 0x21, 0x22, 3, 0)],
    "ftdi": [
        control(0, 0x40, 0x04, 0x1208, 0),  # 8E2
        control(1, 0x40, 0x03, 0x8003, 0),  # 3 1/4: 923077
        control(2, 0x40, 0x01, 0x0303, 0),
    ],
    "cp210x": [
        control(0, 0x41, 0x03, 0x0822, 0),
        control(1, 0x41, 0x1E, 0, 0, struct.pack("<I", 921_600)),
        control(2, 0x41, 0x07, 0x0303, 0),
    ],
    "ch34x": [
        control(0, 0x40, 0x9A, 0x2518, 0xC0 | 3 | 8 | 16 | 4),
        control(1, 0x40, 0x9A, 0x1312, 0xF387),  # 48 MHz / 4 / 13: 923077
        control(2, 0x40, 0xA4, 0xFF9F, 0),
    ],
}


@LINKS
@pytest.mark.parametrize("chip", SETTINGS)
def test_the_line_and_the_modem_lines_are_read(file: Path, link: int, chip: str) -> None:
    urbs = [*SETTINGS[chip], out(5, b"AT\r"), back(9, b"\r\nOK\r\n")]
    made, record = imported(write(file, as_pcap(urbs, link)))
    happened = {type(each).__name__: each for each in record}
    line = happened["HostLine"]
    assert isinstance(line, ev.HostLine)
    assert (line.baud, line.frame) == (921_600, "8E2")
    assert [each.on for each in record if isinstance(each, ev.HostDtr | ev.HostRts)] == [True, True]
    assert made.source.baud == 921_600
    assert "line" not in made.source.lacks


def test_the_port_is_found_among_others(file: Path) -> None:
    urbs = [
        out(1, b"USBC" + bytes(27), device=3), back(2, b"USBS" + bytes(9), device=3),
        out(3, b"AT\r", number=4, device=7), back(4, b"$GPRMC,,V,,,*00\r\n", number=6, device=7),
        back(5, b"\r\nOK\r\n", number=5, device=7),
        out(6, b"AT+CSQ\r", number=4, device=7), back(7, b"\r\nOK\r\n", number=5, device=7),
        out(8, b"ATI\r", number=1, device=9), back(9, b"\r\nOK\r\n", number=1, device=9),
    ]  # fmt: skip
    write(file, as_pcapng(urbs, LINUX_LONG))
    made, record = imported(file)
    assert heard_host(record) == b"AT\rAT+CSQ\r"
    assert heard_device(record) == b"\r\nOK\r\n" * 2
    assert any("device 1.7" in note for note in made.notes)
    assert any("1.9" in note and "not used" in note for note in made.notes)
    assert heard_host(imported(file, usb_device="1.9")[1]) == b"ATI\r"


def test_a_bus_without_a_port_is_told_with_what_is_there(file: Path) -> None:
    write(file, as_pcapng([out(1, b"USBC" + bytes(27), device=3)], LINUX))
    with pytest.raises(QuecsimError, match="no AT commands go over this bus") as error:
        imported(file)
    assert "1.3 endpoint 2 out: 31 bytes" in str(error.value)


def test_one_direction_alone(file: Path) -> None:
    made, record = imported(write(file, as_pcap([out(1, b"AT\r"), out(2, b"ATI\r")], LINUX)))
    assert "device-bytes" in made.source.lacks
    assert heard_host(record) == b"AT\rATI\r"
    made, record = imported(write(file, as_pcap([back(1, b"\r\nRDY\r\n")], LINUX)))
    assert "host-bytes" in made.source.lacks
    assert heard_device(record) == b"\r\nRDY\r\n"


@pytest.mark.parametrize("form", [as_pcap, as_pcapng])
def test_a_cut_file_is_read_up_to_the_cut(file: Path, form) -> None:  # type: ignore[no-untyped-def]
    whole = form([out(1, b"AT\r"), back(2, b"\r\nOK\r\n"), out(3, b"ATI\r")], LINUX_LONG)
    made, record = imported(write(file, whole[:-70]))
    assert made.tally.torn
    assert heard_host(record) in (b"AT\r", b"AT\rATI\r")


def test_packets_that_were_cut_in_the_capture_are_told(file: Path) -> None:
    data = bytearray(as_pcap([out(1, b"AT+CSQ\r")], LINUX))
    data[24 + 12 : 24 + 16] = struct.pack("<I", 99)  # there was more
    made, _ = imported(write(file, bytes(data)))
    assert "exact-bytes" in made.source.lacks


def test_a_capture_of_a_network_is_refused(file: Path) -> None:
    write(file, as_pcap([out(1, b"AT\r")], 1))
    with pytest.raises(QuecsimError, match="nothing of USB"):
        imported(file, "usbmon")
    write(file, b"AT\r\nOK\r\n")
    with pytest.raises(QuecsimError, match="no packet capture"):
        imported(file, "usbmon")


@LINKS
def test_tshark_reads_the_same_packets(file: Path, link: int) -> None:
    """What these tests make is what others take for a capture of a bus."""
    write(file, as_pcap([*SETTINGS["cdc"], out(5, b"AT\r"), back(9, b"\r\nOK\r\n")], link))
    command = [need("tshark"), "-r", str(file)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=120, text=True)
    told = [line.split("URB_")[1].rstrip() for line in done.stdout.splitlines()]
    assert told[0] == "CONTROL out"
    assert "BULK out, Sent AT Command: AT" in told
    assert told[-1].startswith("BULK in, Rcvd AT Command:")
