"""Seven uploaders, each with one mistake of the field; right.py beside it has none of them.

    python wrong.py MISTAKE PORT FILE
    MISTAKE(port, name, data)      on an open pyserial port; an exception says that it failed

Most of them work on most days: from a PC, with a small file, with a fast flash.
"""

import re
import sys
import time
from pathlib import Path

import serial


def send(port: serial.Serial, command: str) -> None:
    """Send a command and not wait for its answer."""
    port.write(command.encode() + b"\r")


def read(port: serial.Serial, pattern: bytes) -> str:
    """Read until `pattern` has come, for 10 s at most."""
    answer: bytes = b""
    end = time.monotonic() + 10
    port.timeout = 0.1
    while time.monotonic() < end:
        answer += port.read(port.in_waiting or 1)
        if re.search(pattern, answer):
            return answer.decode("ascii", "replace")
    raise TimeoutError(f"waited for {pattern!r}, the module said {answer!r}")


def result(port: serial.Serial) -> str:
    """Read to the end of an answer."""
    return read(port, rb"(OK|ERROR.*)\r\n")


def prepare(port: serial.Serial, name: str) -> None:
    """No echo, numbered errors, no old file."""
    for command in ("AT", "ATE0", "AT+CMEE=1", f'AT+QFDEL="{name}"'):
        send(port, command)
        result(port)


def start(port: serial.Serial, name: str, size: int) -> None:
    """Begin an upload in ACK mode."""
    send(port, f'AT+QFUPL="{name}",{size},5,1')
    answer = read(port, rb"(CONNECT|ERROR.*)\r\n")
    if "ERROR" in answer:
        raise ValueError(answer.strip())


def send_blocks(port: serial.Serial, data: bytes) -> None:
    """Send the file, and wait for an `A` between two blocks."""
    for at in range(0, len(data), 1024):
        if at:
            read(port, b"A")
        port.write(data[at : at + 1024])


def check(summary: str, data: bytes) -> None:
    """Compare what the module says with the file."""
    total = 0
    for high, low in zip(data[::2], data[1::2] + b"\0", strict=False):
        total ^= high << 8 | low
    if f"+QFUPL: {len(data)},{total:x}\r\n\r\nOK" not in summary:
        raise ValueError(f"the module says {summary!r}")


def no_wait_for_connect(port: serial.Serial, name: str, data: bytes) -> None:
    """The file goes right behind the command: part of it arrives before the module is ready."""
    prepare(port, name)
    send(port, f'AT+QFUPL="{name}",{len(data)},5,1')
    send_blocks(port, data)
    check(result(port), data)


def ack_ignored(port: serial.Serial, name: str, data: bytes) -> None:
    """ACK mode is on, and nobody waits for the `A`: it is as if it were off."""
    prepare(port, name)
    start(port, name, len(data))
    port.write(data)
    check(result(port), data)


def size_in_characters(port: serial.Serial, name: str, data: bytes) -> None:
    """A comment with an umlaut in it: it has fewer characters than bytes."""
    text = data.decode("utf-8", "surrogateescape")
    prepare(port, name)
    start(port, name, len(text))
    send_blocks(port, data)
    check(result(port), data)


def println(port: serial.Serial, name: str, data: bytes) -> None:
    """Line by line, each with CR LF at its end: other bytes than announced, and more of them."""
    prepare(port, name)
    start(port, name, len(data))
    send_blocks(port, b"".join(line + b"\r\n" for line in data.splitlines()))
    check(result(port), data)


def no_compare(port: serial.Serial, name: str, data: bytes) -> None:
    """No ACK mode, and no look at the answer: what is lost on the way is never noticed."""
    prepare(port, name)
    send(port, f'AT+QFUPL="{name}",{len(data)},5')
    read(port, rb"\r\nCONNECT\r\n")
    port.write(data)
    result(port)


def blind_retry(port: serial.Serial, name: str, data: bytes) -> None:
    """The file is there already, or a part of it from the try before: each try is refused."""
    error: Exception = ValueError("never tried")
    for _ in range(3):
        try:
            start(port, name, len(data))
            send_blocks(port, data)
            return check(result(port), data)
        except (TimeoutError, ValueError) as failure:
            error = failure
    raise error


def fixed_sleep(port: serial.Serial, name: str, data: bytes) -> None:
    """Times from the desk in place of answers: enough for the board there, on that day."""
    prepare(port, name)
    send(port, f'AT+QFUPL="{name}",{len(data)},5')
    time.sleep(0.1)
    for at in range(0, len(data), 1024):
        port.write(data[at : at + 1024])
        time.sleep(0.1)
    time.sleep(0.3)
    check(port.read(port.in_waiting).decode("ascii", "replace"), data)


MISTAKES = {
    mistake.__name__: mistake
    for mistake in (
        no_wait_for_connect,
        ack_ignored,
        size_in_characters,
        println,
        no_compare,
        blind_retry,
        fixed_sleep,
    )
}


def main(mistake: str, path: str, file: str) -> None:
    """Make `mistake` with `file` on the port `path`."""
    data = Path(file).read_bytes()
    with serial.Serial(path, 115200) as port:
        MISTAKES[mistake](port, "UFS:ca.pem", data)
    print("uploaded")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (OSError, ValueError) as error:
        raise SystemExit(f"wrong.py: {error}") from error
