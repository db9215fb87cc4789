"""pyserial's own client of RFC 2217, on a device that runs in real time: as its own tests go."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
import serial

import quecsim
from quecsim.api import OpenDevice
from quecsim.scenario.schema import Stall
from quecsim.trace.event import (
    DataEnd,
    HostBreak,
    HostBytes,
    HostDiscard,
    HostDtr,
    HostFlushed,
    HostLine,
    HostRts,
    LineMismatch,
    Lost,
    Noise,
)

# pyserial names its thread a daemon in a way that Python no longer likes
pytestmark = [pytest.mark.pty, pytest.mark.filterwarnings("ignore:set(Daemon|Name)")]
PATIENCE_S = 30.0  # a bound for broken runs, never waited for in good ones
OK = b"OK\r\n"


@pytest.fixture(scope="module")
def device() -> Iterator[OpenDevice]:
    with quecsim.open("ec200u", rfc2217=":0", flash="instant") as made:
        yield made


def opened(device: OpenDevice, **options: Any) -> Any:
    url = f"{device.rfc2217}?timeout=30"
    return serial.serial_for_url(url, **{"baudrate": 115_200, "timeout": PATIENCE_S, **options})


@pytest.fixture
def port(device: OpenDevice) -> Iterator[Any]:
    with opened(device) as made:
        made.write(b"ATE0\r")
        made.read_until(OK)
        yield made
    device.wait_for("HostClosed", timeout_s=PATIENCE_S, since="start")


def ask(port: Any, command: bytes, until: bytes = OK) -> bytes:
    port.write(command + b"\r")
    reply: bytes = port.read_until(until)
    assert reply.endswith(until), reply
    return reply


def last_line(device: OpenDevice) -> HostLine:
    return [event for event in device.events() if isinstance(event, HostLine)][-1]


def count(device: OpenDevice, kind: type) -> int:
    return sum(isinstance(event, kind) for event in device.events())


def test_a_command(port: Any) -> None:
    assert ask(port, b"AT+GMM") == b"\r\nEC200U\r\n\r\nOK\r\n"


@pytest.mark.parametrize("baud", [50, 9600, 19_200, 115_200, 460_800, 921_600, 3_000_000, 123_456])
def test_every_rate(device: OpenDevice, port: Any, baud: int) -> None:
    before = count(device, HostBytes)
    port.baudrate = baud
    port.write(b"\r")
    device.wait_for("HostBytes", timeout_s=PATIENCE_S, since="start", data=b"\r")
    while count(device, HostBytes) == before:
        pass
    assert last_line(device).baud == baud


@pytest.mark.parametrize(
    ("options", "frame"),
    [
        ({"bytesize": 7}, "7N1"),
        ({"bytesize": 5}, "5N1"),
        ({"parity": "E"}, "8E1"),
        ({"parity": "O"}, "8O1"),
        ({"parity": "M"}, "8M1"),
        ({"parity": "S"}, "8S1"),
        ({"stopbits": 2}, "8N2"),
        ({"bytesize": 5, "stopbits": 1.5}, "5N2"),
        ({"bytesize": 7, "parity": "E", "stopbits": 2}, "7E2"),
    ],
)
def test_every_frame_is_the_hosts_own(
    device: OpenDevice, options: dict[str, Any], frame: str
) -> None:
    seen = len(device.events())
    with opened(device, **options) as port:
        port.write(b"AT\r")
        port.read_until(OK)
    events = device.events()[seen:]
    assert [event.frame for event in events if isinstance(event, HostLine)] == [frame]
    (mismatch,) = [e for e in events if isinstance(e, LineMismatch) and e.sender == "host"]
    assert mismatch.host == f"115200 {frame}"


@pytest.mark.parametrize(
    ("options", "flow"),
    [({}, "none"), ({"rtscts": True}, "rtscts"), ({"xonxoff": True}, "xonxoff")],
)
def test_flow_control(device: OpenDevice, options: dict[str, Any], flow: str) -> None:
    with opened(device, **options) as port:
        ask(port, b"AT")
        assert last_line(device).flow == flow


def test_a_read_ends_with_its_time_out(device: OpenDevice) -> None:
    with opened(device, timeout=0) as port:
        assert port.read(10) == b""
        port.timeout = 0.01
        assert port.read(10) == b""


def test_all_bytes_of_a_file_pass(device: OpenDevice, port: Any) -> None:
    data = bytes(range(256)) * 40 + b"\xff" * 300
    ask(port, b'AT+QFUPL="all",%d,5' % len(data), b"CONNECT\r\n")
    port.write(data)
    assert b"+QFUPL: 10540," in port.read_until(OK)
    assert device.read_file("all") == data
    got = ask(port, b'AT+QFDWL="all"', b"\r\n+QFDWL: ")
    assert data in got
    port.read_until(OK)
    ask(port, b'AT+QFDEL="all"')


def test_a_baud_change_in_the_middle(device: OpenDevice, port: Any) -> None:
    seen = len(device.events())
    ask(port, b"AT+IPR=460800")
    port.baudrate = 460_800
    ask(port, b"AT+IPR=115200")
    port.baudrate = 115_200
    ask(port, b"AT")
    events = device.events()[seen:]
    assert not [event for event in events if isinstance(event, LineMismatch)]
    assert [event.baud for event in events if isinstance(event, HostLine)] == [460_800, 115_200]


def test_the_lines_of_the_device(device: OpenDevice, port: Any) -> None:
    assert (port.cts, port.dsr, port.cd, port.ri) == (True, True, False, False)
    ask(port, b"AT&C0")
    until(lambda: port.cd)
    ask(port, b"AT&C1")
    until(lambda: not port.cd)
    device.cut_power()
    until(lambda: (port.cts, port.dsr, port.cd) == (False, False, False))
    device.power_on()
    until(lambda: port.dsr)
    device.wait_for("Power", state="on", why="ready", since="start", timeout_s=PATIENCE_S)
    port.read_until(b"RDY\r\n")
    ask(port, b"ATE0")


def until(is_so: Any) -> None:
    """pyserial's reader is a thread of its own: it knows soon."""
    end_s = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < end_s


def test_dtr_and_rts_are_on_record(device: OpenDevice, port: Any) -> None:
    seen = len(device.events())
    for name, kind in (("dtr", HostDtr), ("rts", HostRts)):
        setattr(port, name, False)
        setattr(port, name, True)
        events = device.events()[seen:]
        assert [event.on for event in events if isinstance(event, kind)] == [False, True]


def test_a_break_is_a_nul_and_swallows_what_is_sent_meanwhile(
    device: OpenDevice, port: Any
) -> None:
    seen = len(device.events())
    ask(port, b'AT+QFUPL="broken",5,5', b"CONNECT\r\n")
    port.write(b"ab")
    device.wait_for("HostBytes", data=b"ab", since="start", timeout_s=PATIENCE_S)
    until(lambda: not device._rig.host_queued)
    port.break_condition = True
    lost = device.counters["lost"]
    port.write(b"lost")
    until(lambda: device.counters["lost"] == lost + 4)
    port.break_condition = False
    port.write(b"cd")
    assert b"+QFUPL: 5," in port.read_until(OK)
    assert device.read_file("broken") == b"ab\0cd"
    events = device.events()[seen:]
    assert [event.on for event in events if isinstance(event, HostBreak)] == [True, False]
    assert sum(event.count for event in events if isinstance(event, Lost)) == 4
    assert sum(isinstance(event, Noise) for event in events) == 1
    ask(port, b'AT+QFDEL="broken"')


def test_dtr_ends_transparent_mode_and_dcd_shows_it() -> None:
    services = [{"kind": "echo", "host": "echo.example", "port": 7}]
    with (
        quecsim.open("ec200u", rfc2217=":0", services=services) as device,
        opened(device) as port,
    ):
        ask(port, b'AT+QIOPEN=1,0,"TCP","echo.example",7,0,2', b"CONNECT\r\n")
        until(lambda: port.cd)
        port.write(b"over and back")
        assert port.read(13) == b"over and back"
        port.dtr = False
        assert port.read_until(OK).endswith(OK)
        until(lambda: not port.cd)
        port.dtr = True
        assert b"+QISTATE: 0," in ask(port, b"AT+QISTATE=1,0"), "the connection is still there"
        assert [e.why for e in device.events() if isinstance(e, DataEnd)] == ["dtr"]


def test_purging(device: OpenDevice, port: Any) -> None:
    discards, flushes = count(device, HostDiscard), count(device, HostFlushed)
    port.reset_output_buffer()
    assert count(device, HostDiscard) == discards + 1
    ask(port, b"AT")
    port.reset_input_buffer()
    assert count(device, HostFlushed) == flushes, "nothing waited"
    ask(port, b"AT")


def test_rtscts_saves_what_is_lost_without_it() -> None:
    data, losses = bytes(range(256)) * 64, []
    stalls = [Stall(stall_ms=400, at_byte=3000)]
    for rtscts in (False, True):
        ifc = (2, 2) if rtscts else (0, 0)
        with (
            quecsim.open("ec200u", rfc2217=":0", flash="instant", stalls=stalls, ifc=ifc) as device,
            opened(device, rtscts=rtscts) as port,
        ):
            ask(port, b'AT+QFUPL="x",%d,1' % len(data), b"CONNECT\r\n")
            port.write(data)
            port.read_until(b"+QFUPL: ")
            losses.append(sum(e.count for e in device.events() if isinstance(e, Lost)))
            assert (device.read_file("x") == data) == rtscts
    assert losses[0] > 0
    assert losses[1] == 0


def test_a_second_client_is_refused(device: OpenDevice, port: Any) -> None:
    with pytest.raises(serial.SerialException):
        serial.serial_for_url(f"{device.rfc2217}?timeout=1", 115_200)
    host, _, number = device.rfc2217.removeprefix("rfc2217://").partition(":")
    with socket.create_connection((host, int(number)), timeout=PATIENCE_S) as second:
        assert second.recv(100).endswith(b"has the line, and there is one host at a time\r\n")
    ask(port, b"AT")


def test_the_same_with_polled_lines(device: OpenDevice) -> None:
    url = f"{device.rfc2217}?poll_modem&timeout=30"
    with serial.serial_for_url(url, 115_200, timeout=PATIENCE_S) as port:
        assert (port.cts, port.dsr) == (True, True)
