"""What an FTP server keeps: folders and files in memory."""

from collections.abc import Iterator
from typing import TypeAlias

from quecsim.peers.ftp_path import FtpError, Path, path_of
from quecsim.peers.ftp_settings import FtpSettings


class File:
    """`modified_s` counts from 1970 (UTC). What is gone may still be read, as far as it was."""

    def __init__(self, data: bytes, modified_s: int) -> None:
        self.data = bytearray(data)
        self.modified_s = modified_s
        self.is_gone = False


class Folder:
    """Files and folders by name."""

    def __init__(self, modified_s: int) -> None:
        self.entries: dict[str, Entry] = {}
        self.modified_s = modified_s


Entry: TypeAlias = File | Folder


class Tree:
    """All of it, and how much more there may be. Its methods raise FtpError."""

    def __init__(self, settings: FtpSettings, start_s: int = 0) -> None:
        self.root = Folder(start_s)
        self._settings = settings
        self._files = 0
        self._bytes = 0
        self._denied = [path_of((), name) for name in settings.denied]
        for name in settings.folders:
            self._folder(path_of((), name), start_s)
        for name, file in settings.files.items():
            *above, last = path_of((), name)
            data, modified_s = file.data(settings.seed, name), file.modified_s
            folder = self._folder(tuple(above), start_s)
            folder.entries[last] = File(data, start_s if modified_s is None else modified_s)
            self._bytes += len(data)
            self._files += 1

    @property
    def room(self) -> int:
        """How many bytes more it takes."""
        return max(0, self._settings.quota_bytes - self._bytes)

    def walk(self) -> Iterator[tuple[str, bytes]]:
        """Every file, by its whole name."""
        todo: list[tuple[str, Entry]] = [("", self.root)]
        while todo:
            name, entry = todo.pop()
            if isinstance(entry, File):
                yield name, bytes(entry.data)
            else:
                todo += [(f"{name}/{one}", each) for one, each in entry.entries.items()]

    # reading

    def find(self, path: Path) -> Entry:
        """What is there. 550: nothing is, or nobody may know."""
        self._check(path, 550)
        entry: Entry = self.root
        for name in path:
            found = entry.entries.get(name) if isinstance(entry, Folder) else None
            if found is None:
                raise FtpError(550, "No such file or folder.")
            entry = found
        return entry

    def file(self, path: Path) -> File:
        """The file. 550: there is none."""
        entry = self.find(path)
        if isinstance(entry, Folder):
            raise FtpError(550, "That is a folder.")
        return entry

    def folder(self, path: Path) -> Folder:
        """The folder. 550: there is none."""
        entry = self.find(path)
        if isinstance(entry, File):
            raise FtpError(550, "That is no folder.")
        return entry

    # changing

    def open(self, path: Path, now_s: int, *, truncates: bool) -> File:
        """The file, new or as it was, to write into it. 553: there cannot be one; 550: nobody may.

        It is 550 as well where there may be no more files.
        """
        folder, name = self._place(path, 553)
        known = folder.entries.get(name)
        if isinstance(known, Folder):
            raise FtpError(553, "That is a folder.")
        if known is None:
            known = File(b"", now_s)
            self._add(folder, name, known)
        elif truncates:
            self._bytes -= len(known.data)
            known.data.clear()
        known.modified_s = now_s
        return known

    def write(self, file: File, offset: int, data: bytes) -> int:
        """Write at `offset`, over what is there, as much as there is room for: how much that was.

        What is missing before `offset` is filled with zeros. What is written to a file that is gone
        is gone too.
        """
        if file.is_gone:
            return len(data)
        behind = offset + len(data)
        grows = behind - len(file.data)
        if grows > self.room:
            behind -= grows - self.room
            data = data[: max(0, behind - offset)]
        if behind > len(file.data):
            self._bytes += behind - len(file.data)
            file.data.extend(bytes(behind - len(file.data)))
        file.data[offset : offset + len(data)] = data
        return len(data)

    def make_folder(self, path: Path, now_s: int) -> None:
        """550: there is something of that name, or no folder for it."""
        folder, name = self._place(path, 550)
        if name in folder.entries:
            raise FtpError(550, "There is something of that name.")
        self._add(folder, name, Folder(now_s))

    def remove_folder(self, path: Path) -> None:
        """550: there is none, or it is not empty."""
        folder, name = self._place(path, 550)
        if self.folder(path).entries:
            raise FtpError(550, "That folder is not empty.")
        del folder.entries[name]
        self._files -= 1

    def remove_file(self, path: Path) -> None:
        """550: there is none."""
        folder, name = self._place(path, 550)
        file = self.file(path)
        file.is_gone = True
        self._bytes -= len(file.data)
        del folder.entries[name]
        self._files -= 1

    def rename(self, path: Path, new: Path) -> None:
        """Move it, over a file that is there. 550: it is not there; 553: not to there."""
        folder, name = self._place(path, 550)
        entry = self.find(path)
        new_folder, new_name = self._place(new, 553)
        if new[: len(path)] == path and new != path:
            raise FtpError(553, "A folder cannot be moved into itself.")
        over = new_folder.entries.get(new_name)
        if isinstance(over, Folder) and over is not entry:
            raise FtpError(553, "There is a folder of that name.")
        if isinstance(over, File) and over is not entry:
            self.remove_file(new)
        del folder.entries[name]
        new_folder.entries[new_name] = entry

    def _place(self, path: Path, code: int) -> tuple[Folder, str]:
        """Where it is or would be. FtpError with `code`: no such place."""
        if self._settings.read_only:
            raise FtpError(550, "Nobody may change anything.")
        self._check(path, code)
        if not path:
            raise FtpError(code, "That is the root.")
        try:
            return self.folder(path[:-1]), path[-1]
        except FtpError as error:
            raise FtpError(code, error.text) from None

    def _check(self, path: Path, code: int) -> None:
        if any(path[: len(denied)] == denied for denied in self._denied):
            raise FtpError(code, "Nobody may use that.")

    def _add(self, folder: Folder, name: str, entry: Entry) -> None:
        if self._files >= self._settings.most_files:
            raise FtpError(self._settings.full_code, "There are too many files.")
        folder.entries[name] = entry
        self._files += 1

    def _folder(self, path: Path, start_s: int) -> Folder:
        """The folder of the settings, made if need be."""
        entry: Entry = self.root
        for name in path:
            assert isinstance(entry, Folder), path
            if name not in entry.entries:
                entry.entries[name] = Folder(start_s)
                self._files += 1
            entry = entry.entries[name]
        assert isinstance(entry, Folder), path
        return entry
