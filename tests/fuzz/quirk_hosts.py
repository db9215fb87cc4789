"""Uploaders that know one kind of module only, each by one habit of the field."""

import re
import time
from typing import Any


def _ask(port: Any, command: str, pattern: bytes = rb"(OK|ERROR.*|CONNECT)\r\n") -> bytes:
    """Send a command, and read until `pattern` has come, for 10 s at most."""
    port.write(command.encode() + b"\r")
    return _read(port, pattern)


def _read(port: Any, pattern: bytes) -> bytes:
    answer, end = b"", time.monotonic() + 10
    port.timeout = 0.1
    while time.monotonic() < end:
        answer += port.read(port.in_waiting or 1)
        if re.search(pattern, answer):
            return bytes(answer)
    raise TimeoutError(f"the module said {answer!r}")


def _send(port: Any, name: str, data: bytes) -> None:
    """In ACK mode, up to the last byte."""
    port.reset_input_buffer()
    answer = _ask(port, f'AT+QFUPL="{name}",{len(data)},5,1')
    if b"CONNECT" not in answer:
        raise ValueError(repr(answer))
    for at in range(0, len(data), 1024):
        if at:
            _read(port, b"A")
        port.write(data[at : at + 1024])


def _checked(summary: bytes, data: bytes) -> None:
    total = 0
    for high, low in zip(data[::2], data[1::2] + b"\0", strict=False):
        total ^= high << 8 | low
    if not re.search(rb"\+QFUPL: %d,0*%x\r\n\r\nOK" % (len(data), total), summary):
        raise ValueError(repr(summary))


def knows_only_405(port: Any, name: str, data: bytes) -> None:
    """Deletes the old file again and again, until it is told 405."""
    _ask(port, "ATE0")
    _ask(port, "AT+CMEE=1")
    while b"405" not in _ask(port, f'AT+QFDEL="{name}"'):
        pass
    _send(port, name, data)
    _checked(_read(port, rb"(OK|ERROR.*)\r\n"), data)


def knows_only_418(port: Any, name: str, data: bytes) -> None:
    """Gives up where a missing file has another number."""
    _ask(port, "ATE0")
    _ask(port, "AT+CMEE=1")
    answer = _ask(port, f'AT+QFDEL="{name}"')
    if b"OK" not in answer and b"418" not in answer:
        raise ValueError(repr(answer))
    _send(port, name, data)
    _checked(_read(port, rb"(OK|ERROR.*)\r\n"), data)


def takes_any_summary(port: Any, name: str, data: bytes) -> None:
    """A line that begins with +QFUPL: is success, whatever it says and whatever follows."""
    _ask(port, "ATE0")
    _ask(port, f'AT+QFDEL="{name}"')
    if b"CONNECT" not in _ask(port, f'AT+QFUPL="{name}",{len(data)},5'):
        raise ValueError("refused")
    port.write(data)
    summary = _read(port, rb"(\+QFUPL: .*|ERROR.*)\r\n")
    if b"+QFUPL: " not in summary:
        raise ValueError(repr(summary))


def compares_text(port: Any, name: str, data: bytes) -> None:
    """The checksum as most modules print it, without leading zeros."""
    _ask(port, "ATE0")
    _ask(port, f'AT+QFDEL="{name}"')
    _send(port, name, data)
    summary = _read(port, rb"(OK|ERROR.*)\r\n")
    _checked(summary, data)
    if re.search(rb",0[0-9a-f]", summary):
        raise ValueError(repr(summary))


def no_blank_line(port: Any, name: str, data: bytes) -> None:
    """By handle; right behind the data it wants +QFWRITE, and no empty line before it."""
    _write_by_handle(port, name, data, rb"\A\+QFWRITE: ")


def blank_line(port: Any, name: str, data: bytes) -> None:
    """By handle; right behind the data it wants an empty line, and then +QFWRITE."""
    _write_by_handle(port, name, data, rb"\A\r\n\+QFWRITE: ")


def _write_by_handle(port: Any, name: str, data: bytes, summary: bytes) -> None:
    _ask(port, "ATE0")
    found = re.search(rb"\+QFOPEN: (\d+)", _ask(port, f'AT+QFOPEN="{name}",1'))
    handle = int(found[1]) if found else 0
    _ask(port, f"AT+QFWRITE={handle},{len(data)},5", rb"CONNECT\r\n")
    port.write(data)
    answer = _read(port, rb"(OK|ERROR.*)\r\n")
    closed = _ask(port, f"AT+QFCLOSE={handle}")
    if not re.match(summary, answer) or b"%d,%d" % (len(data), len(data)) not in answer:
        raise ValueError(repr(answer))
    if b"OK" not in closed:
        raise ValueError(repr(closed))
