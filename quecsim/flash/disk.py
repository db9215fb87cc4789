"""What the FILE commands ask of a storage, be it on the flash (`Ufs`) or in memory (`RamDisk`)."""

from typing import Protocol


class DiskFile(Protocol):
    """An open file. Its position is where the next read or write happens."""

    def write(self, data: bytes) -> int:
        """Write all of `data` and return its length. NO_SPACE tells in `written` how much fits."""

    def read(self, size: int) -> bytes:
        """At most `size` bytes; empty at the end."""

    def seek(self, position: int) -> None:
        """Move to `position`."""

    def tell(self) -> int:
        """The position."""

    def size(self) -> int:
        """The length in bytes."""

    def truncate(self) -> None:
        """Drop everything from the position on."""

    def sync(self) -> None:
        """Make what was written safe."""

    def close(self) -> None:
        """Make it safe and close."""


class Disk(Protocol):
    """Files by name. All methods raise `UfsError`."""

    def stat(self, name: str) -> int | None:
        """The size of a file in bytes, or None when there is none of that name."""

    def listing(self) -> list[tuple[str, int]]:
        """(name, size in bytes) of every file, in the order in which they were made."""

    def free_bytes(self) -> int:
        """How long a new file can become."""

    def room_for(self, name: str, there_bytes: int | None) -> int:
        """The same for a file of that name, in place of the one of `there_bytes`, if any."""

    @property
    def total_bytes(self) -> int:
        """What `free_bytes` is when there are no files."""

    def delete(self, name: str) -> None:
        """Remove a file."""

    def delete_listed(self, name: str) -> None:
        """Remove what `listing` shows, also under a name that nobody could say."""

    def create(self, name: str) -> DiskFile:
        """Create and open a file."""

    def open(self, name: str, mode: int = 0) -> DiskFile:
        """Open a file in a mode of AT+QFOPEN."""
