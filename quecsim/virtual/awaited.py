"""What those wait for who wait at a port: there the steps of its rig end."""

from collections.abc import Iterator
from contextlib import contextmanager


class Awaited:
    """`readers` wait for bytes; others until no more than `level` bytes are to be sent."""

    __slots__ = ("_levels", "readers")

    def __init__(self) -> None:
        self.readers = 0
        self._levels: list[int] = []

    @property
    def level(self) -> int | None:
        """The first one that is reached; None: nobody waits for that."""
        return max(self._levels, default=None)

    @contextmanager
    def byte(self) -> Iterator[None]:
        """Somebody waits for a byte from the device."""
        self.readers += 1
        try:
            yield
        finally:
            self.readers -= 1

    @contextmanager
    def queued(self, level: int) -> Iterator[None]:
        """Somebody waits until the far UART's queue is as short as that."""
        self._levels.append(level)
        try:
            yield
        finally:
            self._levels.remove(level)
