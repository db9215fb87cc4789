"""The bridge to littlefs: its callbacks on our flash, its geometry, and its error codes by name.

Three rules of the library shape this file. An exception cannot pass through its C code, so a
callback keeps it, answers "input/output error", and `Volume.call` raises it afterwards. And it
aborts the process when an open handle disappears, so `Volume` lets no call through after power has
gone; `Ufs` keeps every open handle alive. And it follows a damaged directory round in a circle for
ever, so that there is an end to what one call may read.

A flash that is damaged is no fault of ours: littlefs says so, and what then becomes of the
operation is a `UfsError` that names the operation, for the device to answer with.
"""

from collections.abc import Iterator
from enum import Enum
from functools import cache
from types import ModuleType
from typing import Any

from quecsim.flash.nor import Nor, PowerCut

READ_BYTES = 16  # smallest read: keeps metadata reads short on a byte-addressed flash
BLOCK_CYCLES = 500  # erases of a metadata block before littlefs moves it to level the wear

SYSTEM = ":system"  # the directory of the device's own: no host's file can be called that
_INPUT_OUTPUT_ERROR = -5
_LONGEST_READING_BYTES = 1 << 24  # and eight times the flash, in one call and between two changes
# Names are ASCII; an image of another maker may hold anything, and must not stop a listing.
ENCODING = "latin-1"


class UfsFault(Enum):
    """What a file operation can fail with; the command layer turns it into a CME code."""

    NOT_FOUND = "not found"
    EXISTS = "already exists"
    NO_SPACE = "no space"
    ALREADY_OPEN = "already open"
    BAD_NAME = "bad name"
    READ_ONLY = "opened read-only"
    INVALID = "invalid position"
    OPEN_FAILED = "cannot be opened"  # these six: the flash is damaged, or the file's changes lost
    READ_FAILED = "cannot be read"
    WRITE_FAILED = "cannot be written"
    DELETE_FAILED = "cannot be deleted"
    LIST_FAILED = "the directory cannot be read"
    COUNT_FAILED = "the blocks in use cannot be counted"
    CORRUPT = "not a littlefs"


class UfsError(Exception):
    """A file operation failed.

    `written` is how many bytes of a write were stored all the same.
    """

    def __init__(self, kind: UfsFault, detail: str = "", *, written: int = 0) -> None:
        super().__init__(f"{kind.value}: {detail}" if detail else kind.value)
        self.kind = kind
        self.written = written

    @property
    def is_refusal(self) -> bool:
        """Nothing was wrong with the flash, and nothing was begun."""
        return self.kind in _REFUSALS


_REFUSALS = frozenset(
    {
        UfsFault.NOT_FOUND,
        UfsFault.EXISTS,
        UfsFault.ALREADY_OPEN,
        UfsFault.BAD_NAME,
        UfsFault.READ_ONLY,
        UfsFault.INVALID,
    }
)

# lfs.h, enum lfs_error. Whatever is not listed is damage, or what has come of it.
_FAULT_OF_CODE = {
    -2: UfsFault.NOT_FOUND,
    -17: UfsFault.EXISTS,
    -20: UfsFault.BAD_NAME,  # a file stands where the name has a directory
    -21: UfsFault.BAD_NAME,  # is a directory
    -22: UfsFault.INVALID,
    -27: UfsFault.NO_SPACE,  # file too large
    -28: UfsFault.NO_SPACE,
    -36: UfsFault.NO_SPACE,  # name too long, which for a valid name is: for the directory's blocks
    -39: UfsFault.BAD_NAME,  # is a directory with something in it
}

# What has failed when that function of the binding meets damage; any other is part of a write.
_FAILED = {
    "mount": UfsFault.CORRUPT,
    "file_open": UfsFault.OPEN_FAILED,
    "stat": UfsFault.OPEN_FAILED,
    "file_read": UfsFault.READ_FAILED,
    "remove": UfsFault.DELETE_FAILED,
    "dir_open": UfsFault.LIST_FAILED,
    "dir_read": UfsFault.LIST_FAILED,
    "fs_size": UfsFault.COUNT_FAILED,
}


def _failed(function: str) -> UfsFault:
    return _FAILED.get(function, UfsFault.WRITE_FAILED)


@cache
def _littlefs() -> tuple[ModuleType, Any]:
    """The library, imported when first needed: it costs more start-up than all of ours."""
    from littlefs import lfs
    from littlefs.errors import LittleFSError

    return lfs, LittleFSError


class _Driver:
    """littlefs's four callbacks. The names and arguments are the binding's."""

    __slots__ = ("_block_bytes", "_longest_bytes", "_nor", "failure", "is_astray", "reading_bytes")

    def __init__(self, nor: Nor) -> None:
        self._nor = nor
        self._block_bytes = nor.block_bytes
        self._longest_bytes = _LONGEST_READING_BYTES + 8 * nor.block_bytes * nor.block_count
        self.reading_bytes = 0  # since the call began, or the flash was changed
        self.is_astray = False  # it reads without end, and is given nothing that is a directory
        self.failure: BaseException | None = None

    def read(self, _config: Any, block: int, offset: int, size: int) -> bytes | bytearray:
        self.reading_bytes += size
        if self.reading_bytes > self._longest_bytes:
            self.is_astray = True
            return bytes(size)
        try:
            return self._nor.read(block * self._block_bytes + offset, size)
        except BaseException as failure:
            self.failure = self.failure or failure
            return bytes(size)

    def prog(self, _config: Any, block: int, offset: int, data: bytes) -> int:
        if self.failure is not None or self.is_astray:
            return _INPUT_OUTPUT_ERROR
        self.reading_bytes = 0
        try:
            self._nor.program(block * self._block_bytes + offset, data)
        except BaseException as failure:
            self.failure = failure
            return _INPUT_OUTPUT_ERROR
        return 0

    def erase(self, _config: Any, block: int) -> int:
        if self.failure is not None or self.is_astray:
            return _INPUT_OUTPUT_ERROR
        self.reading_bytes = 0
        try:
            self._nor.erase(block)
        except BaseException as failure:
            self.failure = failure
            return _INPUT_OUTPUT_ERROR
        return 0

    def sync(self, _config: Any) -> int:
        return 0


class Volume:
    """The littlefs on a flash. Where there is none, `is_mounted` is False and every call fails.

    `call("file_open", ...)` runs a function of the binding on it. `read_bytes`: the least that is
    read at once; it changes no byte of the flash.
    """

    __slots__ = ("_config", "_driver", "_error", "_fs", "_lfs", "_nor", "_power_cuts", "is_mounted")

    def __init__(self, nor: Nor, cache_bytes: int, *, read_bytes: int = READ_BYTES) -> None:
        self._lfs, self._error = _littlefs()
        self._nor = nor
        self._power_cuts = nor.power_cuts
        self._driver = _Driver(nor)
        # C code points at it:
        self._config = _config(self._lfs, self._driver, nor, cache_bytes, read_bytes)
        self._fs = self._lfs.LFSFilesystem()
        self.is_mounted = True
        try:
            self.call("mount", self._config)
        except UfsError:
            self.is_mounted = False

    def call(self, function: str, *arguments: Any) -> Any:
        """`lfs.function(fs, *arguments)`; its error codes become `UfsError`."""
        if self._nor.power_cuts != self._power_cuts:
            raise PowerCut("this file system lost power: mount the flash again")
        if self._driver.failure is not None:
            raise self._driver.failure
        if not self.is_mounted:
            raise UfsError(_failed(function), UfsFault.CORRUPT.value)
        fault = None
        result = None
        self._driver.reading_bytes = 0
        try:
            result = getattr(self._lfs, function)(self._fs, *arguments)
        except self._error as error:
            fault = UfsError(_FAULT_OF_CODE.get(error.code) or _failed(function))
        if self._driver.failure is not None:
            raise self._driver.failure
        if self._driver.is_astray:  # what it makes of that is worth nothing
            self.is_mounted = False
            fault = UfsError(_failed(function), "its directory leads in a circle")
        if fault is not None:
            raise fault
        return result

    def file_size(self, name: str) -> int | None:
        """The size of a file in bytes, or None when there is none. BAD_NAME for a directory."""
        try:
            entry = self.call("stat", name)
        except UfsError as error:
            if error.kind is UfsFault.NOT_FOUND:
                return None
            raise
        if entry.type != self._lfs.LFSStat.TYPE_REG:
            raise UfsError(UfsFault.BAD_NAME, name)
        size: int = entry.size
        return size

    def is_directory(self, path: str) -> bool:
        """There is a directory of that name."""
        try:
            entry = self.call("stat", path)
        except UfsError as error:
            if error.is_refusal:
                return False
            raise
        return bool(entry.type != self._lfs.LFSStat.TYPE_REG)

    def entries(self, *, is_deep: bool = False) -> Iterator[tuple[str, int]]:
        """(name, size in bytes) of each file, in littlefs's order; those in directories, the
        system's apart, only if `is_deep`.
        """
        waiting = [""]
        for _ in range(self._nor.block_count):  # each directory has blocks of its own
            path = waiting.pop()
            for name, size in self._directory(path):
                if size is not None:
                    yield name, size
                elif is_deep:
                    waiting.append(name)
            if not waiting:
                return
        raise UfsError(UfsFault.LIST_FAILED, "its directories lead in a circle")

    def _directory(self, path: str) -> Iterator[tuple[str, int | None]]:
        """(name with its directories, size in bytes) of all that a directory holds; directories
        have no size.
        """
        handle = self.call("dir_open", path or "/", ENCODING)
        try:
            while (entry := self.call("dir_read", handle, ENCODING)) is not None:
                name = f"{path}/{entry.name}" if path else entry.name
                if entry.type == self._lfs.LFSStat.TYPE_REG:
                    yield name, entry.size
                elif entry.name not in (".", "..", SYSTEM):
                    yield name, None
        finally:
            self.call("dir_close", handle)

    def used_blocks(self) -> int:
        """Blocks in use; open files that are being rewritten may count twice."""
        blocks: int = self.call("fs_size")
        return min(blocks, self._nor.block_count)

    def unmount(self) -> None:
        """Give the library's buffers back. Writes nothing; no open handle may be used any more."""
        if self.is_mounted:
            self.call("unmount")
            self.is_mounted = False


def format_nor(nor: Nor, cache_bytes: int) -> None:
    """Put an empty littlefs on the flash. CORRUPT where the flash does not take it."""
    lfs, lfs_error = _littlefs()
    driver = _Driver(nor)
    try:
        lfs.format(lfs.LFSFilesystem(), _config(lfs, driver, nor, cache_bytes, READ_BYTES))
    except lfs_error as error:
        raise UfsError(UfsFault.CORRUPT) from error
    finally:
        if driver.failure is not None:
            raise driver.failure


def _config(lfs: ModuleType, driver: _Driver, nor: Nor, cache_bytes: int, read_bytes: int) -> Any:
    return lfs.LFSConfig(
        driver,
        block_size=nor.block_bytes,
        block_count=nor.block_count,
        read_size=read_bytes,
        prog_size=nor.timing.page_bytes,
        cache_size=cache_bytes,
        block_cycles=BLOCK_CYCLES,
        lookahead_size=(nor.block_count + 63) // 64 * 8,  # a bit per block, in whole words
    )
