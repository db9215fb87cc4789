"""UFS: the device's files, a real littlefs on a NOR flash.

Where a device has directories, a name may have them in it. Where it also makes them by itself, one
is there as long as there is a file in it.

Beside them lie the system files, the device's own: the host can neither name nor list them, but
they take room on the same flash. Their directory is made when the first of them is, and with it a
record of the `owner`: they mean nothing to another device.

What an operation costs in time is what littlefs makes the flash do: enclose it in the `begin` and
`end` of `Nor`. A power cut kills the object (every call raises `PowerCut`); `Ufs(nor)` mounts what
survived.
"""

from collections.abc import Mapping
from contextlib import suppress

from quecsim.flash.blocks import DIRECTORY_BLOCKS, content_bytes, file_blocks
from quecsim.flash.file import CREATE, READ_ONLY, READ_WRITE, OpenMode, UfsFile
from quecsim.flash.names import directories_of, is_system, system_path
from quecsim.flash.nor import Nor, PowerCut
from quecsim.flash.tree import Tree
from quecsim.flash.volume import ENCODING, READ_BYTES, SYSTEM, UfsError, UfsFault
from quecsim.flash.whereabouts import address_of
from quecsim.profiles.schema import Directories

__all__ = ["OpenMode", "Ufs", "UfsError", "UfsFault", "UfsFile"]

_RESERVED_BLOCKS = 4  # what one commit may take: a directory that splits, a superblock that moves
_MANY_FILES = 64
_OWNER = "owner"  # the system file that says whose the others are

_EXCLUSIVE = 0x200  # lfs.h, enum lfs_open_flags
_TRUNCATE = 0x400


_FLAGS = {
    OpenMode.CREATE_OR_OPEN: READ_WRITE | CREATE,
    OpenMode.CREATE_OR_TRUNCATE: READ_WRITE | CREATE | _TRUNCATE,
    OpenMode.READ_ONLY: READ_ONLY,
}


class Ufs(Tree):
    """The files on a flash. A flash with nothing on it is formatted first, if it `may_format`.

    `name_bytes` is the longest name, `most_bytes` what the host's files may take together, in
    whole blocks (0: what the flash has room for), `cache_bytes` what littlefs keeps in RAM per open
    file (and so the largest program in one piece); `directories` is as in a profile. `owner` is the
    device's model, in plain ASCII; with "" no owner is recorded.

    A flash that holds something else, or a littlefs that is damaged at its root, is left as it is:
    then every operation fails. Whoever wants to know beforehand asks `need_mounted`.
    """

    __slots__ = ("_is_owned", "_made", "most_bytes", "owner")

    def __init__(
        self,
        nor: Nor,
        name_bytes: int = 80,
        cache_bytes: int = 1024,
        *,
        most_bytes: int = 0,
        directories: Directories = "none",
        may_format: bool = True,
    ) -> None:
        super().__init__(nor, name_bytes, cache_bytes, directories, may_format=may_format)
        self.most_bytes = most_bytes
        self._made: dict[str, None] = {}  # the files whose making was seen, in that order
        self.owner = ""
        self._is_owned = False  # the owner is on the flash

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
            directories=self.directories,
            may_format=False,
        )
        again._made = self._made
        return again

    # the directory

    def stat(self, name: str) -> int | None:
        """The size of a file in bytes, or None when there is none of that name."""
        self._check(name)
        size = self._volume.file_size(name)
        return None if size is None else self._live_size(name, size)

    def listing(self) -> list[tuple[str, int]]:
        """(name, size in bytes) of every file, in the order in which they were made.

        First come those that were on the flash before anybody looked, by the names' bytes.
        """
        entries = self._volume.entries(is_deep=self._has_directories)
        found = {name: self._live_size(name, size) for name, size in entries}
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

    def room_for(self, name: str, there_bytes: int | None) -> int:
        """How long a file of that name can become: in place of the one of `there_bytes`, if there
        is one, and with its directories.
        """
        blocks = self._nor.block_count - self._volume.used_blocks()
        if there_bytes is not None:
            blocks += file_blocks(there_bytes, self._nor.block_bytes, self._cache_bytes)
        paths = directories_of(name)
        missing = sum(not self._volume.is_directory(path) for path in paths)
        room_bytes = self._capacity_bytes(blocks - DIRECTORY_BLOCKS * missing)
        return min(room_bytes, self.longest_bytes(name)) if self.most_bytes else room_bytes

    @property
    def total_bytes(self) -> int:
        """What `free_bytes` is when there are no files."""
        return self.most_bytes or self._capacity_bytes(self._nor.block_count - 2)

    def delete(self, name: str) -> None:
        """Remove a file. NOT_FOUND, or ALREADY_OPEN while it is open."""
        self._check(name)
        if self.directories == "must_exist" and self._volume.file_size(name) is None:
            raise UfsError(UfsFault.NOT_FOUND, name)
        self.delete_listed(name)

    def delete_listed(self, name: str) -> None:
        """Remove what `listing` shows, also under a name that nobody could say."""
        self._need_closed(name)
        self._commit("remove", name, ENCODING)
        self._made.pop(name, None)
        self._drop_directories(name)

    # files

    def create(self, name: str) -> UfsFile:
        """Create and open a file for reading and writing. EXISTS when there is one."""
        return self._open_file(name, OpenMode.CREATE_OR_OPEN, READ_WRITE | CREATE | _EXCLUSIVE)

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
        self._check(name)
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
            return sorted(view.entries(is_deep=self._has_directories))

    def address_of(self, name: str, position: int) -> int | None:
        """Where on the flash a byte of the file lies, from 0; None: it has no such byte."""
        self._check(name)
        return address_of(self._nor, self._cache_bytes, name, position)

    def write_file(self, name: str, data: bytes) -> None:
        """Put a file there, in place of one of that name, with its directories. When it does not
        fit, it is not there.
        """
        assert not self._nor.is_working
        self._check(name)
        self._make_directories(name)
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

    def _open_file(self, name: str, mode: OpenMode, flags: int) -> UfsFile:
        self._check(name)
        self._need_closed(name)
        file = self._open_in_directories(name, mode, flags)
        if flags & _EXCLUSIVE:  # it is surely new
            self._made.pop(name, None)
        if flags & CREATE:
            self._made.setdefault(name)
        return file

    def _capacity_bytes(self, blocks: int) -> int:
        """The longest file in `blocks` blocks, of which littlefs needs some."""
        return content_bytes(blocks - _RESERVED_BLOCKS, self._nor.block_bytes)
