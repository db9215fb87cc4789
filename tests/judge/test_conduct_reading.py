"""Whether the host reads what the device says before it goes on: who does not, who nearly does."""

import time
from typing import Any

import pytest
import serial

import quecsim
from quecsim.judge.conduct import ConductWatch
from quecsim.judge.conduct_rules import Breach
from quecsim.run.replay import replay
from quecsim.scenario.options import make_scenario
from quecsim.trace.event import HostUnread
from quecsim.virtual.port import VirtualPort
from tests.testing.judged import Host, JudgedRun, ask, read_until

DATA = b"0123456789abcdef" * 128
PLAIN = make_scenario("ec200u")


def found(host: Host, **options: Any) -> list[Breach]:
    run = JudgedRun(make_scenario("ec200u", **options), host)
    assert replay(run.events).same == len(run.events)  # it is an input
    return [each for each in run.judge(expected=DATA).breaches if each.rule == "unread-answer"]


def texts(host: Host, **options: Any) -> list[str]:
    return [each.text for each in found(host, **options)]


def begin(port: VirtualPort, *, ack: bool = False) -> None:
    ask(port, "ATE0")
    port.write(f'AT+QFUPL="UFS:x",{len(DATA)},5{",1" if ack else ""}\r'.encode())


def test_fixed_pauses_do_not_read_connect() -> None:
    def host(port: VirtualPort) -> bool:
        begin(port)
        port.sleep(1)
        port.write(DATA[:64])
        port.write(DATA[64:])
        return b"OK" in read_until(port, (b"OK\r\n",))

    (breach,) = found(host)
    assert breach.text == "file data came, and CONNECT was still unread"
    assert (breach.at_byte, breach.advice[:12]) == (0, "read CONNECT")


def test_an_empty_line_is_not_connect() -> None:
    """The CR LF before it is a line of its own to `readline`."""

    def host(port: VirtualPort, lines: int) -> bool:
        begin(port)
        for _ in range(lines):
            port.readline()
        port.sleep(1)
        port.write(DATA)
        return b"OK" in read_until(port, (b"OK\r\n",))

    assert texts(lambda port: host(port, 1)) == ["file data came, and CONNECT was still unread"]
    assert texts(lambda port: host(port, 2)) == []


@pytest.mark.parametrize("moment", ["before_connect", "after_connect"])
def test_a_result_code_beside_connect_need_not_be_read(moment: str) -> None:
    """It comes before the data or after it, as it likes: only CONNECT itself counts."""

    def host(port: VirtualPort, *, reads: bool) -> bool:
        begin(port)
        if reads:
            read_until(port, (b"CONNECT\r\n",))
        port.sleep(1)
        port.write(DATA)
        return b"OK" in read_until(port, (b"OK\r\n",))

    urc = {"kind": "urc", "text": "+CREG: 2", "moment": moment}
    assert texts(lambda port: host(port, reads=True), faults=[urc]) == []
    assert texts(lambda port: host(port, reads=False), faults=[urc]) == [
        "file data came, and CONNECT was still unread"
    ]


@pytest.mark.parametrize("port_name", ["uart", "usb"])
def test_an_a_that_was_not_read(port_name: str) -> None:
    def host(port: VirtualPort, *, reads: bool) -> bool:
        begin(port, ack=True)
        read_until(port, (b"CONNECT\r\n",))
        port.write(DATA[:1024])
        if reads:
            read_until(port, (b"A",))
        port.sleep(1)
        port.write(DATA[1024:])
        return b"OK" in read_until(port, (b"OK\r\n",))

    assert texts(lambda port: host(port, reads=True), interface=port_name) == []
    told = ["more bytes came, and the A for the first 1024 was still unread"]
    unread = texts(lambda port: host(port, reads=False), interface=port_name)
    assert unread == (told if port_name == "uart" else [])


def finish(port: VirtualPort, tail: bytes, wait: str) -> bool:
    begin(port)
    read_until(port, (b"CONNECT\r\n",))
    port.write(DATA)
    if wait == "all":
        read_until(port, (b"OK\r\n",))
    elif wait == "summary":
        read_until(port, (b"+QFUPL: 2048",))
    elif wait == "flush":
        port.sleep(2)
        port.reset_input_buffer()
    port.sleep(2)
    port.write(tail)
    port.sleep(1)
    return True


@pytest.mark.parametrize(
    ("wait", "tail", "is_bad"),
    [
        ("nothing", b"AT+QFLST\r", True),
        ("nothing", b"\r\n", False),  # no command
        ("summary", b"AT+QFLST\r", False),  # it knows what it wants to know
        ("all", b"AT+QFLST\r", False),
        ("flush", b"AT+QFLST\r", False),
    ],
)
def test_the_next_command_with_the_answer_unread(wait: str, tail: bytes, is_bad: bool) -> None:
    told = texts(lambda port: finish(port, tail, wait))
    want = ["the next command came, and the answer about x was still unread"] if is_bad else []
    assert [each.replace("UFS:x", "x") for each in told] == want


def test_late_is_not_never() -> None:
    """A host that reads all at once after a while, and one that leaves a URC behind."""

    def host(port: VirtualPort) -> bool:
        begin(port)
        port.sleep(3)
        port.read(port.in_waiting)
        port.write(DATA)
        port.sleep(3)
        return b"OK" in port.read(port.in_waiting)

    urc = [{"kind": "urc", "text": "+QIND: 1", "at_ms": 10_000}]
    assert texts(host, faults=urc) == []


@pytest.mark.parametrize("reads", [False, True])
def test_leaving_with_the_answer_unread(reads: bool) -> None:
    with quecsim.open_virtual("ec200u") as device:
        port = serial.serial_for_url(device.url, baudrate=115_200, timeout=3)
        port.write(f'AT+QFUPL="UFS:x",{len(DATA)},5\r'.encode())
        port.read_until(b"CONNECT\r\n")
        port.write(DATA)
        if reads:
            port.read_until(b"+QFUPL")
        else:
            time.sleep(3)
        port.close()
    watch = ConductWatch()
    watch.feed(device.events())
    told = [each.text for each in watch.breaches() if each.rule == "unread-answer"]
    assert len(told) == (0 if reads else 1)
    assert any(isinstance(event, HostUnread) for event in device.events()) is not reads
