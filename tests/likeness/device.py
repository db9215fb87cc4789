"""A simulated device as the module: what somebody hears at its line while a host talks to it."""

from collections.abc import Callable
from typing import Any

import serial

from quecsim.observed.observer import observed
from quecsim.profiles.loader import load_profile
from quecsim.trace.event import Event
from quecsim.virtual.device import open_virtual
from tests.observed.listener import SOURCE, heard

Host = Callable[[serial.SerialBase], object]


def session(host: Host, device: str = "ec200u", **options: Any) -> list[Event]:
    """The record, by a listener who knows the device as shipped, of what `host` did; `options` are
    those of `open_virtual`.
    """
    events: list[Event] = []
    with open_virtual(device, **options) as opened:
        opened.watch(events.extend)
        with serial.serial_for_url(opened.url, baudrate=115200, timeout=1) as port:
            host(port)
    return list(observed(SOURCE, load_profile(device), heard(events)))


def ask(port: serial.SerialBase, line: str, seconds: float = 3.0) -> bytes:
    """What the device says to `line` until it has said nothing for so long."""
    return say(port, line.encode() + b"\r", seconds)


def say(port: serial.SerialBase, data: bytes, seconds: float = 3.0) -> bytes:
    port.write(data)
    return rest(port, seconds)


def rest(port: serial.SerialBase, seconds: float = 3.0) -> bytes:
    port.timeout = seconds
    said = b""
    while piece := port.read(max(1, port.in_waiting)):
        said += piece
        if said.endswith((b"OK\r\n", b"ERROR\r\n", b"CONNECT\r\n")) or b"ERROR: " in said[-12:]:
            port.timeout = 0.3
    return said


def asks(*lines: str) -> Host:
    """A host that says these lines, one after the answer to the other."""

    def host(port: serial.SerialBase) -> None:
        for line in lines:
            ask(port, line)

    return host


def uploads(data: bytes, name: str = "UFS:ca.pem") -> Host:
    """A host that uploads with AT+QFUPL."""

    def host(port: serial.SerialBase) -> None:
        ask(port, "ATE0")
        assert b"CONNECT" in ask(port, f'AT+QFUPL="{name}",{len(data)},5')
        say(port, data)
        ask(port, f'AT+QFLST="{name}"')

    return host
