"""The host programs: pyserial, or one descriptor, written and read. The same for every peer."""

import os
import termios
import time
import tty
from abc import ABC, abstractmethod
from typing import Self

import serial

_WRITE_BYTES = 65536


class Host(ABC):
    """A host on a port. A context manager."""

    name = ""

    @abstractmethod
    def close(self) -> None:
        """Let go of the port."""

    @abstractmethod
    def _write(self, data: bytes) -> None:
        """All of `data`."""

    @abstractmethod
    def _read(self) -> bytes:
        """What is there; waits for at least a byte."""

    def ask(self, command: bytes, until: bytes = b"OK\r\n") -> bytes:
        """Send a command line; returns the reply, which ends with `until`."""
        self._write(command + b"\r")
        return self._read_until(until)

    def write(self, data: bytes) -> None:
        """All of `data`."""
        self._write(data)

    def read(self) -> bytes:
        """What is there; waits for at least a byte."""
        return self._read()

    def upload(self, data: bytes, name: str = "bench.bin") -> tuple[float, bytes]:
        """One AT+QFUPL: seconds from the first byte of `data` to the final OK, and that reply."""
        self.ask(b'AT+QFUPL="%s",%d,60' % (name.encode(), len(data)), b"CONNECT\r\n")
        begin_ns = time.perf_counter_ns()
        self._write(data)
        reply = self._read_until(b"OK\r\n")
        return (time.perf_counter_ns() - begin_ns) / 1e9, reply

    def _read_until(self, until: bytes) -> bytes:
        reply = self._read()
        while not reply.endswith(until):
            reply += self._read()
            if b"ERROR" in reply:
                raise RuntimeError(f"the device says {reply!r}")
        return reply

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_details: object) -> None:
        self.close()


class BareHost(Host):
    """System calls only."""

    name = "bare host"

    def __init__(self, path: str, baud: int = 115_200) -> None:
        self.descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self.descriptor)
        self.set_baud(baud)

    def set_baud(self, baud: int) -> None:
        """Our side of the line."""
        attributes = termios.tcgetattr(self.descriptor)
        attributes[4] = attributes[5] = getattr(termios, f"B{baud}")
        termios.tcsetattr(self.descriptor, termios.TCSANOW, attributes)

    def close(self) -> None:
        os.close(self.descriptor)

    def _write(self, data: bytes) -> None:
        view, done = memoryview(data), 0
        while done < len(data):
            done += os.write(self.descriptor, view[done : done + _WRITE_BYTES])

    def _read(self) -> bytes:
        return os.read(self.descriptor, 65536)


class PyserialHost(Host):
    """What most host programs use."""

    name = "pyserial"

    def __init__(self, path: str) -> None:
        self._port = serial.Serial(path, 115_200)

    def close(self) -> None:
        self._port.close()

    def _write(self, data: bytes) -> None:
        self._port.write(data)

    def _read(self) -> bytes:
        first: bytes = self._port.read(1)
        rest: bytes = self._port.read(self._port.in_waiting)
        return first + rest
