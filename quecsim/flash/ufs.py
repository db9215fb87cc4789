"""UFS: the device's flat directory of files, a real littlefs on a NOR flash.

Beside it lie the system files, the device's own: the host can neither name nor list them, but they
take room on the same flash. Their directory is made when the first of them is, and with it a record
of the `owner`: they mean nothing to another device.

What an operation costs in time is what littlefs makes the flash do: enclose it in the `begin` and
`end` of `Nor`. A power cut kills the object (every call raises `PowerCut`); `Ufs(nor)` mounts what
survived.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from quecsim.flash.file import READ_ONLY, READ_WRITE, OpenMode, UfsFile
from quecsim.flash.names import SYSTEM, check_name, is_system, system_path
from quecsim.flash.nor import Nor, PowerCut
from quecsim.flash.volume import READ_BYTES, UfsError, UfsFault, Volume, format_nor
from quecsim.flash.whereabouts import address_of

__all__ = ["OpenMode", "Ufs", "UfsError", "UfsFault", "UfsFile", "check_name"]

_RESERVED_BLOCKS = 4  # what one commit may take: a directory that splits, a superblock that moves
_POINTER_BYTES = 4
_MANY_FILES = 64
_OWNER = "owner"  # the system file that says whose the others are

_CREATE = 0x100  # lfs.h, enum lfs_open_flags
_EXCLUSIVE = 0x200
_TRUNCATE = 0x400


_FLAGS = {
    OpenMode.CREATE_OR_OPEN: READ_WRITE | _CREATE,
    OpenMode.CREATE_OR_TRUNCATE: READ_WRITE | _CREATE | _TRUNCATE,
    OpenMode.READ_ONLY: READ_ONLY,
}


class Ufs:
    """The files on a flash. A flash with nothing on it is formatted first, if it `may_format`.

    `name_bytes` is the longest name, `most_bytes` what the host's files may take together, in
    whole blocks (0: what the flash has room for), `cache_bytes` what littlefs keeps in RAM per open
    file (and so the largest program in one piece). `owner` is the device's model, in plain ASCII;
    with "" no owner is recorded.

    A flash that holds something else, or a littlefs that is damaged at its root, is left as it is:
    then every operation fails. Whoever wants to know beforehand asks `need_mounted`.
    """

    __slots__ = (
        "_cache_bytes",
        "_is_owned",
        "_made",
        "_nor",
        "_open",
        "_volume",
        "most_bytes",
        "name_bytes",
        "owner",
    )

    def __init__(
        self,
        nor: Nor,
        name_bytes: int = 80,
        cache_bytes: int = 1024,
        *,
        most_bytes: int = 0,
        may_format: bool = True,
    ) -> None:
        self.name_bytes = name_bytes
        self.most_bytes = most_bytes
        self._made: dict[str, None] = {}  # the files whose making was seen, in that order
        self.owner = ""
        self._is_owned = False  # the owner is on the flash
        self._nor = nor
        self._cache_bytes = cache_bytes
        self._open: dict[str, UfsFile] = {}  # littlefs must never lose an open handle
        if may_format and nor.is_erased(0):
            format_nor(nor, cache_bytes)
        self._volume = Volume(nor, cache_bytes)
        if may_format and not self._volume.is_mounted and _is_vacant(nor):
            format_nor(nor, cache_bytes)
            self._volume = Volume(nor, cache_bytes)

    def need_mounted(self) -> None:
        """Raise `UfsError` (CORRUPT) where there is no file system that could be used."""
        if not self._volume.is_mounted:
            raise UfsError(UfsFault.CORRUPT)

    def after_restart(self) -> "Ufs":
        """What the device finds on its flash when it starts anew; this one is used no more.

        Files that are still open are forgotten, with what was not brought to the flash.
        """
        with suppress(PowerCut):
            self._volume.unmount()
        again = Ufs(
            self._nor,
            self.name_bytes,
            self._cache_bytes,
            most_bytes=self.most_bytes,
            may_format=False,
        )
        again._made = self._made
        return again

    # the directory

    def stat(self, name: str) -> int | None:
        """The size of a file in bytes, or None when there is none of that name."""
        check_name(name, self.name_bytes)
        size = self._volume.file_size(name)
        return None if size is None else self._live_size(name, size)

    def listing(self) -> list[tuple[str, int]]:
        """(name, size in bytes) of every file, in the order in which they were made.

        First come those that were on the flash before anybody looked, by the names' bytes.
        """
        found = {name: self._live_size(name, size) for name, size in self._volume.entries()}
        older = sorted(name for name in found if name not in self._made)
        names = [*older, *(name for name in self._made if name in found)]
        self._made = dict.fromkeys(names)
        return [(name, found[name]) for name in names]

    def free_bytes(self) -> int:
        """How long a new file can become; it counts what littlefs itself needs as taken.

        While a file is open that is being rewritten, this may be less than there really is.
        """
        free_bytes = self._capacity_bytes(self._nor.block_count - self._volume.used_blocks())
        if not self.most_bytes:
            return free_bytes
        return min(free_bytes, max(0, self.most_bytes - self._taken_bytes()))

    def free_system_bytes(self) -> int:
        """How long a new system file can become, beside all that the host's files may take."""
        free_bytes = self._capacity_bytes(self._nor.block_count - self._volume.used_blocks())
        return max(0, free_bytes - max(0, self.most_bytes - self._taken_bytes()))

    def is_bounded(self, name: str) -> bool:
        """Whether a file of that name shares `most_bytes` with others."""
        return self.most_bytes > 0 and not is_system(name)

    def longest_bytes(self, name: str) -> int:
        """How long a file may become that `is_bounded`, beside the others."""
        return max(0, self.most_bytes - self._taken_bytes(but=name))

    def _taken_bytes(self, but: str = "") -> int:
        """What the host's files take, in whole blocks; without the one called `but`."""
        block = self._nor.block_bytes
        return sum(-(-size // block) * block for name, size in self.listing() if name != but)

    @property
    def total_bytes(self) -> int:
        """What `free_bytes` is when there are no files."""
        return self.most_bytes or self._capacity_bytes(self._nor.block_count - 2)

    def delete(self, name: str) -> None:
        """Remove a file. NOT_FOUND, or ALREADY_OPEN while it is open."""
        check_name(name, self.name_bytes)
        self._need_closed(name)
        self._commit("remove", name)
        self._made.pop(name, None)

    # files

    def create(self, name: str) -> UfsFile:
        """Create and open a file for reading and writing. EXISTS when there is one."""
        return self._open_file(name, OpenMode.CREATE_OR_OPEN, READ_WRITE | _CREATE | _EXCLUSIVE)

    def open(self, name: str, mode: int = OpenMode.CREATE_OR_OPEN) -> UfsFile:
        """Open a file in a mode of AT+QFOPEN. A file can be open once at a time."""
        return self._open_file(name, OpenMode(mode), _FLAGS[OpenMode(mode)])

    def open_files(self) -> list[UfsFile]:
        """The open files in the order in which they were opened, without the system's."""
        return [file for name, file in self._open.items() if not is_system(name)]

    # the system's files

    def create_system(self, name: str) -> UfsFile:
        """Open a new and empty system file, in place of one of that name.

        `name` is 1 to 80 characters of a-z, 0-9, _, - and (not first) a dot; anything else is
        BAD_NAME.
        """
        path = system_path(name)
        self._need_closed(path)
        if self.owner and not self._is_owned:
            self._record_owner()
        return self._create_path(path)

    def open_system(self, name: str) -> UfsFile:
        """Open a system file for reading. NOT_FOUND, or ALREADY_OPEN."""
        path = system_path(name)
        self._need_closed(path)
        return self._open_path(path, OpenMode.READ_ONLY, READ_ONLY)

    def system_size(self, name: str) -> int | None:
        """The size of a system file in bytes, or None when there is none of that name."""
        path = system_path(name)
        size = self._volume.file_size(path)
        return None if size is None else self._live_size(path, size)

    def delete_system(self, name: str) -> None:
        """Remove a system file; a missing one is fine. ALREADY_OPEN while it is open."""
        path = system_path(name)
        self._need_closed(path)
        if self._volume.file_size(path) is not None:
            self._commit("remove", path)

    def read_system(self, name: str) -> bytes | None:
        """All of a system file, or None when there is none of that name."""
        if self.system_size(name) is None:
            return None
        file = self.open_system(name)
        try:
            return file.read(file.size())
        finally:
            file.close()

    def read_system_line(self, name: str) -> str:
        """A system file that holds one line of ASCII; "" when there is none, or it is illegible."""
        try:
            text = (self.read_system(name) or b"").decode("ascii", "replace")
        except UfsError:
            return ""
        return text if text.isascii() and text.isprintable() else ""

    def recorded_owner(self) -> str:
        """The model of the device whose system files these are; "" when nothing says so."""
        return self.read_system_line(_OWNER)

    def write_system(self, name: str, data: bytes) -> None:
        """Write all of a system file, in place of one of that name.

        When power goes on the way, the old one is still there. When it does not fit, none is.
        """
        self._put(self.create_system(name), data)

    def _record_owner(self) -> None:
        if not self.recorded_owner():  # or power went before it was written
            self._put(self._create_path(system_path(_OWNER)), self.owner.encode("ascii"))
        self._is_owned = True

    def _create_path(self, path: str) -> UfsFile:
        """Open a new and empty system file; its directory is made where there is none yet."""
        mode = OpenMode.CREATE_OR_TRUNCATE
        try:
            return self._open_path(path, mode, _FLAGS[mode])
        except UfsError as error:
            if error.kind is not UfsFault.NOT_FOUND:
                raise
        self._commit("mkdir", SYSTEM)
        return self._open_path(path, mode, _FLAGS[mode])

    # for people: no device time, no trace in a run

    def read_file(self, name: str) -> bytes:
        """The file as it is on the flash: without what a still open file has not synced yet."""
        check_name(name, self.name_bytes)
        assert not self._nor.is_working
        with self._looking() as view:
            handle = view.call("file_open", name, READ_ONLY)
            try:
                data: bytes = view.call("file_read", handle, view.call("file_size", handle))
            finally:
                view.call("file_close", handle)
        return data

    def files(self) -> list[tuple[str, int]]:
        """(name, size in bytes) of what is on the flash, sorted."""
        assert not self._nor.is_working
        with self._looking() as view:
            return sorted(view.entries())

    def address_of(self, name: str, position: int) -> int | None:
        """Where on the flash a byte of the file lies, from 0; None: it has no such byte."""
        check_name(name, self.name_bytes)
        return address_of(self._nor, self._cache_bytes, name, position)

    def write_file(self, name: str, data: bytes) -> None:
        """Put a file there, in place of one of that name. When it does not fit, it is not there."""
        assert not self._nor.is_working
        self._put(self.open(name, OpenMode.CREATE_OR_TRUNCATE), data)

    def write_files(self, files: Mapping[str, bytes]) -> None:
        """The same for each. littlefs reads its directory from the start for every file: where
        there are many, it gets all of a block at once, which leaves the same bytes on the flash.
        """
        is_many = len(files) >= _MANY_FILES
        if is_many:
            self._mount_with(self._nor.block_bytes)
        for name, data in files.items():
            self.write_file(name, data)
        if is_many:
            self._mount_with(READ_BYTES)

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

    def _open_file(self, name: str, mode: OpenMode, flags: int) -> UfsFile:
        check_name(name, self.name_bytes)
        self._need_closed(name)
        file = self._open_path(name, mode, flags)
        if flags & _EXCLUSIVE:  # it is surely new
            self._made.pop(name, None)
        if flags & _CREATE:
            self._made.setdefault(name)
        return file

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

    def _capacity_bytes(self, blocks: int) -> int:
        """The longest file in `blocks` blocks.

        littlefs keeps ctz(n) + 1 pointers in block n of a file (n > 0), SPEC.md "CTZ skip-lists".
        """
        last = blocks - _RESERVED_BLOCKS - 1
        if last < 0:
            return 0
        pointers = 2 * last - last.bit_count()
        return (last + 1) * self._nor.block_bytes - _POINTER_BYTES * pointers


def _is_vacant(nor: Nor) -> bool:
    """Whether nothing can be lost by formatting: all is erased but the blocks a format writes.

    Those two may be half written, when power went during the first format.
    """
    return nor.is_erased(2)
