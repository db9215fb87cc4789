"""Whoever is at the far end of a device's line, as the live loop sees him."""

from collections.abc import Iterable
from typing import Protocol

from quecsim.uart.run import ByteRun

LEAST_BYTES = 1024  # for less room in the far UART it is not worth while to look at a port


class Host(Protocol):
    """Nothing here waits for anybody. Times are the model's, in nanoseconds."""

    @property
    def readers(self) -> list[int]:
        """Descriptors that make a turn worth while as soon as they are readable."""

    @property
    def writers(self) -> list[int]:
        """The same, of those that can be written."""

    @property
    def is_readable(self) -> bool:
        """The host has done something that nobody has looked at."""

    @property
    def has_backlog(self) -> bool:
        """Bytes from the device wait for the host."""

    @property
    def due_ns(self) -> int | None:
        """When a turn is due for the host alone."""

    def take(self, at_ns: int) -> bool:
        """What the host has done is done at `at_ns`, as far as its UART has room; True if there
        was anything.
        """

    def follow(self, now_ns: int) -> None:
        """Bytes are on the line: take over what the host has set."""

    def send(self, now_ns: int, runs: Iterable[ByteRun]) -> None:
        """Bytes from the device reach the host."""

    def note_unread(self, now_ns: int, *, is_last: bool = False) -> None:
        """The host writes now, or has left (`is_last`): note what it has not read."""
