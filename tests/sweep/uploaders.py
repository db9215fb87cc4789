"""Uploaders as a user would write them, for sweeps to find by name."""

import os
import time
from typing import Any


def plain(port: Any, name: str, data: bytes) -> bool:
    """Streams everything at once."""
    return paced(port, name, data, chunk_bytes=len(data))


def paced(port: Any, name: str, data: bytes, *, chunk_bytes: int, gap_ms: int = 0) -> bool:
    """Writes in chunks with gaps, and compares the size that the module tells."""
    port.timeout = 7
    port.write(b"ATE0\r")
    port.read_until(b"OK\r\n")
    port.write(f'AT+QFUPL="{name}",{len(data)},5\r'.encode())
    if b"CONNECT" not in port.read_until(b"CONNECT\r\n"):
        return False
    for start in range(0, len(data), chunk_bytes):
        port.write(data[start : start + chunk_bytes])
        time.sleep(gap_ms / 1000)
    port.read_until(b"\r\n")
    answer = port.read_until(b"\r\n")
    return f"+QFUPL: {len(data)}," in answer.decode()


def slow(port: Any, name: str, data: bytes) -> bool:
    """Sets a rate that is not the module's."""
    port.baudrate = 9600
    return plain(port, name, data)


def broken(port: Any, name: str, data: bytes) -> None:
    """Fails before it has begun."""
    raise RuntimeError("no idea what to do")


def dies(port: Any, name: str, data: bytes) -> None:
    """Takes its whole process along."""
    os._exit(7)


NOT_CALLABLE = 3
