"""Ports with something else than a good module behind them; to be used in virtual time."""

import time
from collections.abc import Callable
from typing import Any

import serial

POLL_S = 0.05


class Scripted:
    """A port: `answer` says what comes for what is written, `chatter` comes again and again."""

    baudrate = 115200

    def __init__(
        self, answer: Callable[[bytes], bytes] = lambda _data: b"", *, chatter: bytes = b""
    ) -> None:
        self.timeout: float | None = POLL_S
        self.written: list[bytes] = []
        self._answer = answer
        self._chatter = chatter
        self._received = bytearray()

    @property
    def in_waiting(self) -> int:
        return len(self._received)

    def read(self, size: int = 1) -> bytes:
        if not self._received:
            time.sleep(POLL_S)
            self._received += self._chatter
        data = bytes(self._received[:size])
        del self._received[:size]
        return data

    def write(self, data: bytes) -> int:
        self.written.append(bytes(data))
        self._received += self._answer(bytes(data))
        return len(data)

    def reset_output_buffer(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is open."""


class Watched:
    """A good port, with `before_write` called with the number of each write, from 1."""

    def __init__(self, port: serial.SerialBase, before_write: Callable[[int], None]) -> None:
        self._port = port
        self._before_write = before_write
        self.count = 0
        self.is_late = False  # called when it is written, in place of before

    def write(self, data: bytes) -> Any:
        self.count += 1
        if self.is_late:
            self._port.write(data)
        self._before_write(self.count)
        return len(data) if self.is_late else self._port.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._port, name)


class Chatty(Watched):
    """A good port of a module that says something unasked now and then, between two lines."""

    def __init__(self, port: serial.SerialBase, said: bytes, every: int) -> None:
        super().__init__(port, self._say)
        self._said, self._every = said, every
        self._waiting = b""
        self.told = 0

    def _say(self, number: int) -> None:
        if number % self._every == 0:
            self._waiting += self._said
            self.told += 1

    @property
    def in_waiting(self) -> int:
        return len(self._waiting) or int(self._port.in_waiting)

    def read(self, size: int = 1) -> bytes:
        data, self._waiting = self._waiting[:size], self._waiting[size:]
        return data or bytes(self._port.read(size))
