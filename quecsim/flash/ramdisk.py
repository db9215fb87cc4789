"""RAM: the storage in the device's memory. It takes no time, and is empty after every restart.

A file of known length has its room reserved (AT+QFUPL names the length beforehand); one that is
written past that, or without it, takes the room as it grows.
"""

from dataclasses import dataclass, field

from quecsim.flash.names import check_name
from quecsim.flash.ufs import OpenMode, UfsError, UfsFault


@dataclass(slots=True)
class _Content:
    """What a file holds, and how much room is set aside for it at least."""

    data: bytearray = field(default_factory=bytearray)
    reserved_bytes: int = 0

    @property
    def room_bytes(self) -> int:
        return max(len(self.data), self.reserved_bytes)


class RamDisk:
    """Files in `total_bytes` of memory; names as in UFS, up to `name_bytes` long."""

    __slots__ = ("_files", "_name_bytes", "_open", "total_bytes")

    def __init__(self, total_bytes: int, name_bytes: int) -> None:
        self.total_bytes = total_bytes
        self._name_bytes = name_bytes
        self._files: dict[str, _Content] = {}
        self._open: set[str] = set()

    def stat(self, name: str) -> int | None:
        """The size of a file in bytes, or None when there is none of that name."""
        check_name(name, self._name_bytes)
        return len(self._files[name].data) if name in self._files else None

    def listing(self) -> list[tuple[str, int]]:
        """(name, size in bytes) of every file, in the order in which they were made."""
        return [(name, len(content.data)) for name, content in self._files.items()]

    def room_bytes(self, name: str) -> int:
        """The memory that a file takes: its size, or the room that was reserved for it."""
        return self._files[name].room_bytes

    def free_bytes(self) -> int:
        """How long a new file can become."""
        return self.total_bytes - sum(content.room_bytes for content in self._files.values())

    def room_for(self, name: str, there_bytes: int | None) -> int:
        """The same for a file of that name, in place of the one that is there, if there is one."""
        return self.free_bytes() + (0 if there_bytes is None else self.room_bytes(name))

    def delete(self, name: str) -> None:
        """Remove a file. NOT_FOUND, or ALREADY_OPEN while it is open."""
        check_name(name, self._name_bytes)
        self._need_closed(name)
        if name not in self._files:
            raise UfsError(UfsFault.NOT_FOUND, name)
        del self._files[name]

    def delete_listed(self, name: str) -> None:
        """Remove what `listing` shows."""
        self.delete(name)

    def create(self, name: str) -> "RamFile":
        """Create and open a file for reading and writing. EXISTS when there is one."""
        if self.stat(name) is not None:
            raise UfsError(UfsFault.EXISTS, name)
        return self.open(name, OpenMode.CREATE_OR_OPEN)

    def open(self, name: str, mode: int = OpenMode.CREATE_OR_OPEN) -> "RamFile":
        """Open a file in a mode of AT+QFOPEN. A file can be open once at a time."""
        mode = OpenMode(mode)
        is_there = self.stat(name) is not None
        self._need_closed(name)
        if mode is OpenMode.READ_ONLY and not is_there:
            raise UfsError(UfsFault.NOT_FOUND, name)
        if mode is OpenMode.CREATE_OR_TRUNCATE or not is_there:
            self._files[name] = _Content()
        self._open.add(name)
        return RamFile(self, name, mode, self._files[name])

    def reserve(self, name: str, size: int) -> None:
        """Set room aside for a file of `size` bytes. NO_SPACE when there is not so much."""
        content = self._files[name]
        self._need_room(name, size - content.room_bytes)
        content.reserved_bytes = size

    def _need_room(self, name: str, more_bytes: int) -> None:
        if more_bytes > self.free_bytes():
            raise UfsError(UfsFault.NO_SPACE, name)

    def _need_closed(self, name: str) -> None:
        if name in self._open:
            raise UfsError(UfsFault.ALREADY_OPEN, name)


class RamFile:
    """An open file in memory. Its position is where the next read or write happens."""

    __slots__ = ("_content", "_disk", "_mode", "_name", "_position")

    def __init__(self, disk: RamDisk, name: str, mode: OpenMode, content: _Content) -> None:
        self._disk = disk
        self._name = name
        self._mode = mode
        self._content = content
        self._position = 0

    def write(self, data: bytes) -> int:
        """Write `data` at the position, and return its length.

        When the memory is full, `UfsError` (NO_SPACE) says in `written` how much of it fitted.
        """
        self._need_writable()
        content, start = self._content, self._position
        room = content.room_bytes + self._disk.free_bytes() - start
        fitting = data[: max(0, room)]
        content.data[start : start + len(fitting)] = fitting
        self._position += len(fitting)
        if len(fitting) < len(data):
            error = UfsError(UfsFault.NO_SPACE, self._name)
            error.written = len(fitting)
            raise error
        return len(data)

    def read(self, size: int) -> bytes:
        """At most `size` bytes from the position; empty at the end."""
        data = bytes(self._content.data[self._position : self._position + size])
        self._position += len(data)
        return data

    def seek(self, position: int) -> None:
        """Move to `position`, which must not lie beyond the end."""
        if not 0 <= position <= self.size():
            raise UfsError(UfsFault.INVALID, str(position))
        self._position = position

    def tell(self) -> int:
        """The position."""
        return self._position

    def size(self) -> int:
        """The file's length."""
        return len(self._content.data)

    def truncate(self) -> None:
        """Drop everything from the position on (AT+QFTUCAT)."""
        self._need_writable()
        del self._content.data[self._position :]

    def sync(self) -> None:
        """Nothing to bring anywhere: it is as safe as it gets."""

    def close(self) -> None:
        """Open no more."""
        self._disk._open.remove(self._name)

    def _need_writable(self) -> None:
        if self._mode is OpenMode.READ_ONLY:
            raise UfsError(UfsFault.READ_ONLY, self._name)
