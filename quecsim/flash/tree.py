"""The littlefs below `Ufs`: its open files, the directories in their names, and its being mounted.

A change of the directory that fails half way has everything mounted anew (`_commit`).
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from quecsim.flash.file import CREATE, OpenMode, UfsFile
from quecsim.flash.names import check_name, directories_of
from quecsim.flash.nor import Nor
from quecsim.flash.volume import ENCODING, UfsError, UfsFault, Volume, format_nor
from quecsim.profiles.schema import Directories


class Tree(ABC):
    """A littlefs on `nor`, which is formatted first if it is vacant and `may_format`."""

    __slots__ = ("_cache_bytes", "_nor", "_open", "_volume", "directories", "name_bytes")

    def __init__(
        self,
        nor: Nor,
        name_bytes: int,
        cache_bytes: int,
        directories: Directories,
        *,
        may_format: bool,
    ) -> None:
        self.name_bytes = name_bytes
        self.directories = directories
        self._nor = nor
        self._cache_bytes = cache_bytes
        self._open: dict[str, UfsFile] = {}  # littlefs must never lose an open handle
        if may_format and nor.is_erased(0):
            format_nor(nor, cache_bytes)
        self._volume = Volume(nor, cache_bytes)
        if may_format and not self._volume.is_mounted and _is_vacant(nor):
            format_nor(nor, cache_bytes)
            self._volume = Volume(nor, cache_bytes)

    @abstractmethod
    def is_bounded(self, name: str) -> bool:
        """Whether a file of that name shares a bound with others."""

    @abstractmethod
    def longest_bytes(self, name: str) -> int:
        """How long a file may become that `is_bounded`, beside the others."""

    def need_mounted(self) -> None:
        """Raise `UfsError` (CORRUPT) where there is no file system that could be used."""
        if not self._volume.is_mounted:
            raise UfsError(UfsFault.CORRUPT)

    def _mount_with(self, read_bytes: int) -> None:
        assert not self._open
        self._volume.unmount()
        # A cache of an eighth of a block is where littlefs no longer asks for its size.
        is_free = self._cache_bytes * 8 >= self._nor.block_bytes
        cache_bytes = max(read_bytes, self._cache_bytes) if is_free else self._cache_bytes
        self._volume = Volume(self._nor, cache_bytes, read_bytes=min(read_bytes, cache_bytes))

    @contextmanager
    def _looking(self) -> Iterator[Volume]:
        """The file system with caches of its own: a look changes no timing."""
        view = Volume(self._nor, self._cache_bytes)
        try:
            yield view
        finally:
            view.unmount()

    def _put(self, file: UfsFile, data: bytes) -> None:
        """Write and close a file; remove it when it does not fit."""
        try:
            try:
                file.write(data)
            finally:
                file.close()
        except UfsError:
            self._commit("remove", file.name)
            raise

    # directories

    def _open_in_directories(self, name: str, mode: OpenMode, flags: int) -> UfsFile:
        """The same with the directories in the name, which are made for a new file."""
        may_make = bool(flags & CREATE) and "/" in name and self.directories == "made"
        if not may_make or self._volume.file_size(name) is not None:
            return self._open_path(name, mode, flags)
        try:
            self._make_directories(name)
            return self._open_path(name, mode, flags)
        except UfsError:
            self._drop_directories(name)
            raise

    @property
    def _has_directories(self) -> bool:
        return self.directories != "none"

    def _check(self, name: str) -> None:
        check_name(name, self.name_bytes, has_directories=self._has_directories)

    def _make_directories(self, name: str) -> None:
        for path in directories_of(name):
            try:
                self._commit("mkdir", path)
            except UfsError as error:
                if error.kind is not UfsFault.EXISTS:
                    raise

    def _drop_directories(self, name: str) -> None:
        """Remove the directories that the file of that name was the last to lie in."""
        if self.directories != "made":
            return
        with suppress(UfsError):  # there is something in it, or none was made
            for path in reversed(directories_of(name)):
                self._commit("remove", path, ENCODING)

    def _open_path(self, path: str, mode: OpenMode, flags: int) -> UfsFile:
        handle = self._commit("file_open", path, flags)
        file = self._open[path] = UfsFile(self, path, mode, handle)
        return file

    def _commit(self, function: str, *arguments: object) -> Any:
        """Call what changes the directory."""
        try:
            return self._volume.call(function, *arguments)
        except UfsError as error:
            if not error.is_refusal:
                self._mount_again()
            raise

    def _mount_again(self) -> None:
        """Mount anew, because a change of the directory failed half way.

        littlefs keeps a half filled cache then and would abort the process at its next commit
        (https://github.com/littlefs-project/littlefs/issues/760). Open files that were changed
        since they were synced cannot be carried over: they fail from now on.
        """
        positions = [(file, file._safe_position()) for file in self._open.values()]
        self._volume.unmount()
        self._volume = Volume(self._nor, self._cache_bytes)
        for file, position in positions:
            file._carry_over(self._volume, position)

    def _live_size(self, name: str, flash_size: int) -> int:
        """The size that an open file has got, or the one that is on the flash."""
        file = self._open.get(name)
        return flash_size if file is None or file._handle is None else file.size()

    def _need_closed(self, name: str) -> None:
        if name in self._open:
            raise UfsError(UfsFault.ALREADY_OPEN, name)


def _is_vacant(nor: Nor) -> bool:
    """Whether nothing can be lost by formatting: all is erased but the blocks a format writes.

    Those two may be half written, when power went during the first format.
    """
    return nor.is_erased(2)
