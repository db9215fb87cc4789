"""An open file of UFS: what littlefs's file handle can do, kept safe on a full or damaged disk.

A file whose handle had to be given up fails in every operation, and in `close` too if it may have
had changes; after that it is closed like any other.
"""

from contextlib import suppress
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from quecsim.flash.volume import UfsError, UfsFault, Volume

if TYPE_CHECKING:
    from quecsim.flash.tree import Tree

_LONGEST_FILE_BYTES = (1 << 31) - 1  # lfs.h, LFS_FILE_MAX
READ_ONLY = 0x001  # lfs.h, enum lfs_open_flags
READ_WRITE = 0x003
CREATE = 0x100


class OpenMode(IntEnum):
    """The modes of AT+QFOPEN."""

    CREATE_OR_OPEN = 0
    CREATE_OR_TRUNCATE = 1
    READ_ONLY = 2  # the file must exist


class UfsFile:
    """An open file. Its position is where the next read or write happens.

    `name` is that of the host's file, or the path of a system file.
    """

    __slots__ = ("_handle", "_is_synced", "_ufs", "is_open", "mode", "name")

    def __init__(self, ufs: "Tree", name: str, mode: OpenMode, handle: object) -> None:
        self._ufs = ufs
        self._handle: object | None = handle  # None: given up
        self._is_synced = mode is not OpenMode.CREATE_OR_TRUNCATE  # which is not yet on the flash
        self.name = name
        self.mode = mode
        self.is_open = True

    def write(self, data: bytes) -> int:
        """Write all of `data` at the position and return its length.

        When the flash is full, `UfsError` (NO_SPACE) says in `written` how much of it is in the
        file all the same.
        """
        self._need_writable()
        start = self.tell()
        fitting = self._fitting(data, start)
        self._is_synced = False
        try:
            self._ufs._volume.call("file_write", self._handle, bytes(fitting))
        except UfsError as error:
            if error.kind is not UfsFault.NO_SPACE:
                self._give_up(error)
                raise
            # An empty write tells littlefs to go on with the file as far as it came.
            self._ufs._volume.call("file_write", self._handle, b"")
            error.written = max(0, self.tell() - start)
            raise
        if len(fitting) < len(data):
            raise UfsError(UfsFault.NO_SPACE, self.name, written=len(fitting))
        return len(data)

    def _fitting(self, data: bytes, start: int) -> bytes:
        """As much of `data` as the storage may take, where it is not the flash that bounds it."""
        ufs, end = self._ufs, start + len(data)
        block = ufs._nor.block_bytes
        has_room = end <= -(-self.size() // block) * block  # in the blocks that it has already
        if has_room or not ufs.is_bounded(self.name):
            return data
        return data[: max(0, ufs.longest_bytes(self.name) - start)]

    def read(self, size: int) -> bytes:
        """At most `size` bytes from the position; empty at the end."""
        assert size >= 0, size
        available = max(0, self.size() - self.tell())
        data: bytes = self._call("file_read", min(size, available))
        return data

    def seek(self, position: int) -> None:
        """Move to `position`, which may lie beyond the end: a write there fills up with zeros."""
        if not 0 <= position <= _LONGEST_FILE_BYTES:
            raise UfsError(UfsFault.INVALID, str(position))
        self._call("file_seek", position, 0)

    def tell(self) -> int:
        """The position."""
        position: int = self._call("file_tell")
        return position

    def size(self) -> int:
        """The file's length, with what has been written since it was opened."""
        size: int = self._call("file_size")
        return size

    def truncate(self) -> None:
        """Drop everything from the position on (AT+QFTUCAT)."""
        self._need_writable()
        if self.tell() < self.size():
            self._is_synced = False
            self._call("file_truncate", self.tell())

    def sync(self) -> None:
        """Bring what was written so far to the flash, so that a power cut leaves it."""
        self._need_handle(UfsFault.WRITE_FAILED)
        self._flush()
        self._ufs._commit("file_sync", self._handle)
        self._is_synced = True

    def close(self) -> None:
        """Bring it to the flash and close. Open no more, even when that fails."""
        assert self.is_open, f"{self.name} is closed"
        try:
            if self._handle is not None or self.mode is not OpenMode.READ_ONLY:
                self._need_handle(UfsFault.WRITE_FAILED)
                self._flush()
                self._forget()
                self._ufs._commit("file_close", self._handle)
        finally:
            self._forget()
            self.is_open = False
            self._handle = None

    def _forget(self) -> None:
        """Whoever else wants to open a file of that name may do so."""
        if self._ufs._open.get(self.name) is self:
            del self._ufs._open[self.name]

    def _safe_position(self) -> int | None:
        """Where to go on when its file system is mounted anew; None: there are changes to lose."""
        if self._handle is None or not self._is_synced:
            return None
        try:
            position: int = self._ufs._volume.call("file_tell", self._handle)
        except UfsError:
            return None
        return position

    def _carry_over(self, volume: Volume, position: int | None) -> None:
        """Go on at `position` in a file system that was mounted anew, or give up."""
        self._handle, self._is_synced = None, position is not None
        if position is None:
            return
        flags = READ_ONLY if self.mode is OpenMode.READ_ONLY else READ_WRITE
        try:
            self._handle = volume.call("file_open", self.name, flags)
            volume.call("file_seek", self._handle, position, 0)
        except UfsError:
            self._is_synced = False

    def _call(self, function: str, *arguments: object) -> Any:
        self._need_handle(UfsFault.READ_FAILED)
        try:
            return self._ufs._volume.call(function, self._handle, *arguments)
        except UfsError as error:
            if not error.is_refusal:
                self._give_up(error)
            raise

    def _flush(self) -> None:
        """Bring the data to the flash, but do not enter it into the directory yet.

        An overwritten file is copied from there to its end, which a full disk may not allow.
        """
        try:
            self._call("file_read", 0)
        except UfsError as error:
            if error.kind is UfsFault.READ_FAILED:
                raise UfsError(UfsFault.WRITE_FAILED, self.name) from error
            raise

    def _give_up(self, error: UfsError) -> None:
        """Drop the changes: littlefs is stuck in the middle of them."""
        handle, self._handle = self._handle, None
        is_unsure = not self._is_synced and error.kind is not UfsFault.NO_SPACE
        self._is_synced = False
        if self.mode is OpenMode.READ_ONLY:  # nothing to lose, nothing to wait for
            self._forget()
        with suppress(UfsError):
            self._ufs._volume.call("file_close", handle)
        if is_unsure:  # what littlefs had in hand must meet no other file
            self._ufs._mount_again()

    def _need_handle(self, failed: UfsFault) -> None:
        assert self.is_open, f"{self.name} is closed"
        if self._handle is None:
            raise UfsError(failed, f"{self.name} was given up")

    def _need_writable(self) -> None:
        if self.mode is OpenMode.READ_ONLY:
            raise UfsError(UfsFault.READ_ONLY, self.name)
        self._need_handle(UfsFault.WRITE_FAILED)
