"""A flash image in a file, that survives whatever happens to the simulator.

What littlefs writes goes to the kernel at once, so that killing the simulator loses nothing. It is
read once, and kept in memory: a file that somebody cuts short meanwhile harms no run (mapped, it
would kill us), and is whole again at the end. It is its owner's alone: it may hold keys. A new
image is prepared beside its place and appears there whole, or not at all. A file that is not an
image of this device is never written to.
"""

import errno
import fcntl
import os
import stat
from pathlib import Path

from quecsim.errors import QuecsimError
from quecsim.files import create_private
from quecsim.flash.nor import Nor
from quecsim.flash.timing import FlashMode, FlashTiming
from quecsim.flash.ufs import Ufs
from quecsim.flash.volume import Volume

_CACHE_BYTES = 1024


class FileStorage:
    """The bytes of an open file as a `Storage`: read from memory, written to both."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        size_bytes = os.fstat(descriptor).st_size
        self._data = bytearray(os.pread(descriptor, size_bytes, 0))
        while len(self._data) < size_bytes and (
            piece := os.pread(descriptor, size_bytes - len(self._data), len(self._data))
        ):
            self._data += piece

    def __len__(self) -> int:
        return len(self._data)

    def __getitem__(self, index: slice, /) -> bytes:
        return bytes(self._data[index])

    def __setitem__(self, index: slice, value: bytes, /) -> None:
        start, stop, step = index.indices(len(self._data))
        assert step == 1, index
        assert stop - start == len(value), (index, len(value))
        self._data[start:stop] = value
        _write_at(self._descriptor, start, value)

    def mend(self) -> None:
        """Write all of it, if the file was cut short or has grown under us."""
        if os.fstat(self._descriptor).st_size != len(self._data):
            os.ftruncate(self._descriptor, len(self._data))
            _write_at(self._descriptor, 0, self._data)


def _write_at(descriptor: int, place: int, data: bytes | bytearray) -> None:
    written = os.pwrite(descriptor, data, place)
    while written < len(data):
        written += os.pwrite(descriptor, data[written:], place + written)


class Image:
    """An open image file: give its `storage` to `Nor`. Nobody else can open it meanwhile."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor  # holds the lock
        self.storage = FileStorage(descriptor)

    def close(self) -> None:
        """Let go of the file, whole. Closing twice is fine."""
        if self._descriptor >= 0:
            try:
                self.storage.mend()
            finally:
                os.close(self._descriptor)
                self._descriptor = -1

    def __enter__(self) -> "Image":
        return self

    def __exit__(self, *_details: object) -> None:
        self.close()


def open_image(
    path: str | os.PathLike[str], size_bytes: int, block_bytes: int = 4096, owner: str = ""
) -> Image:
    """Open the image at `path`, or create it there with an empty littlefs.

    Raises `QuecsimError` when the file is not a littlefs of `size_bytes` in blocks of
    `block_bytes`, holds the system files of another model than `owner` ("": any will do), is in use
    by another simulator, or cannot be had.
    """
    assert size_bytes % block_bytes == 0, (size_bytes, block_bytes)
    place = Path(path)
    try:
        if not place.exists():
            _create(place, size_bytes, block_bytes)
        return _open(place, size_bytes, block_bytes, owner)
    except OSError as error:
        raise _explained(place, size_bytes, error) from error


def _open(place: Path, size_bytes: int, block_bytes: int, owner: str) -> Image:
    # Non-blocking, or a FIFO would wait for its other end before we see what it is.
    descriptor = os.open(place, os.O_RDWR | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        _check_file(place, descriptor, size_bytes)
        _lock(place, descriptor)
        _reserve(descriptor, size_bytes)  # a copy may have holes
        image = Image(place, descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    try:
        _check_content(image, size_bytes, block_bytes, owner)
    except BaseException:
        image.close()
        raise
    return image


def _check_file(place: Path, descriptor: int, size_bytes: int) -> None:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise QuecsimError("not a regular file", where=str(place), hint=_ANOTHER_FILE)
    if status.st_size != size_bytes:
        raise QuecsimError(
            f"the image has {status.st_size} bytes, this device's flash has {size_bytes}",
            where=str(place),
            hint="Was it made for another device or flash size? " + _ANOTHER_FILE,
        )


def _lock(place: Path, descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise QuecsimError(
            "another simulator is using this image",
            where=str(place),
            hint="Stop it first, or give this one a copy of the file.",
        ) from error


def _check_content(image: Image, size_bytes: int, block_bytes: int, owner: str) -> None:
    nor = _instant_nor(size_bytes, block_bytes, bytearray(image.storage[:size_bytes]))
    if not Volume(nor, _CACHE_BYTES).is_mounted:
        raise QuecsimError(
            f"not a littlefs image with blocks of {nor.block_bytes} bytes, or a damaged one",
            where=str(image.path),
            hint="It was left as it is. " + _ANOTHER_FILE,
        )
    recorded = Ufs(nor, cache_bytes=_CACHE_BYTES).recorded_owner()
    if owner and recorded and recorded != owner:
        raise QuecsimError(
            f"the image belongs to {recorded}, this device is {owner}",
            where=str(image.path),
            hint=f"It holds the firmware or the certificates of {recorded}. {_ANOTHER_FILE}",
        )


def _create(place: Path, size_bytes: int, block_bytes: int) -> None:
    """Put an empty image at `place`, unless somebody was faster."""
    content = bytearray(b"\xff") * size_bytes
    Ufs(_instant_nor(size_bytes, block_bytes, content))
    draft = place.with_name(f".{place.name}.{os.getpid()}.new")
    draft.unlink(missing_ok=True)
    try:
        with create_private(draft, is_new=True) as file:
            _reserve(file.fileno(), size_bytes)
            file.write(content)
        os.link(draft, place)  # unlike a rename, this never replaces a file
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)


def _reserve(descriptor: int, size_bytes: int) -> None:
    """Make sure the disk has room: a hole of a full disk would take nothing in the middle of a run.

    Where the system or the file system cannot promise that, a new image is at least written out
    in full.
    """
    if not hasattr(os, "posix_fallocate"):  # macOS
        return
    try:
        os.posix_fallocate(descriptor, 0, size_bytes)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EOPNOTSUPP):
            raise


def _instant_nor(size_bytes: int, block_bytes: int, storage: bytearray) -> Nor:
    timing = FlashTiming(mode=FlashMode.INSTANT)
    return Nor(block_bytes, size_bytes // block_bytes, timing, storage)


_ANOTHER_FILE = "Name another file; one that does not exist yet is created."

_HINTS = {
    errno.ENOSPC: "Free {size_bytes} bytes on that disk, or name a file on another one.",
    errno.EDQUOT: "Free {size_bytes} bytes of your quota, or name a file on another disk.",
    errno.EFBIG: "A file of {size_bytes} bytes is not allowed there (ulimit -f?).",
    errno.ENOENT: "Create the directory first.",
    errno.EISDIR: _ANOTHER_FILE,
    errno.EACCES: "Make it readable and writable for you, or name another file.",
    errno.EROFS: "That disk is read-only: name a file on another one.",
}


def _explained(place: Path, size_bytes: int, error: OSError) -> QuecsimError:
    hint = _HINTS.get(error.errno or 0, _ANOTHER_FILE).format(size_bytes=size_bytes)
    reason = (error.strerror or str(error)).lower()
    return QuecsimError(f"cannot use this as a flash image: {reason}", where=str(place), hint=hint)
