"""What carries bytes between the loop and a host's program."""

from typing import Protocol


class Port(Protocol):
    """Reads and writes never wait."""

    def write(self, data: bytes | bytearray) -> int:
        """Give bytes to the host; returns how many it had room for."""

    def unread_bytes(self) -> int:
        """How many bytes the host was given and has not read, as far as can be known."""
