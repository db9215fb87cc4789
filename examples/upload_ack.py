"""A host program as you might have one: a file to the module in ACK mode, with pyserial alone.

    python examples/upload_ack.py PORT FILE

It waits for CONNECT, sends 1024 bytes, waits for the module's `A`, and so on; then it looks at the
size that the module reports. Exit code 0: all bytes are there.
"""

import re
import sys
from pathlib import Path

import serial

BLOCK_BYTES = 1024
TIMEOUT_S = 5


def upload(port: serial.Serial, name: str, data: bytes) -> int:
    """Put `data` into the file `name`; returns the size that the module reports."""
    port.write(b"ATE0\r")
    expect(port, rb"OK\r\n")
    port.write(f'AT+QFDEL="{name}"\r'.encode())
    expect(port, rb"(OK|ERROR.*)\r\n")  # an error: there was no such file
    port.write(f'AT+QFUPL="{name}",{len(data)},{TIMEOUT_S},1\r'.encode())
    expect(port, rb"CONNECT\r\n")
    for start in range(0, len(data), BLOCK_BYTES):
        block = data[start : start + BLOCK_BYTES]
        port.write(block)
        if len(block) == BLOCK_BYTES:
            expect(port, rb"A")
    summary = expect(port, rb"\+QFUPL: (\d+),[0-9a-f]+\r\n\r\nOK\r\n")
    return int(summary[1])


def expect(port: serial.Serial, pattern: bytes) -> re.Match[bytes]:
    """Read until `pattern` has come; gives up after 5 s (the port's time-out) of silence."""
    answer = b""
    while byte := port.read(1):
        answer += byte
        if match := re.search(pattern, answer):
            return match
    raise SystemExit(f"waited for {pattern!r}, the module said {answer!r}")


def main(path: str, file: str) -> None:
    """Upload `file`, and complain unless all of it is there."""
    data = Path(file).read_bytes()
    with serial.Serial(path, 115200, timeout=TIMEOUT_S) as port:
        stored = upload(port, f"UFS:{Path(file).name}", data)
    if stored != len(data):
        raise SystemExit(f"the module has {stored} of {len(data)} bytes")
    print(f"{stored} bytes uploaded")


if __name__ == "__main__":
    main(*sys.argv[1:])
