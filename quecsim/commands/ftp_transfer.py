"""Files by FTP, between the server and the host's side of the port, or the device's storages.

To and from the host a transfer is in data mode, in the command's own job; to and from a storage it
is a job in the background. What goes wrong is an `FtpError` or a `LocalError`.
"""

from collections.abc import Generator
from dataclasses import dataclass
from functools import partial
from typing import Any

from quecsim.at.context import Context
from quecsim.at.effects import (
    Connect,
    DataEndWhy,
    Discard,
    Effect,
    FlashWork,
    Forward,
    OpenData,
    Raw,
    Take,
    WasEscaped,
)
from quecsim.at.storage import Place
from quecsim.clients.ftp import FtpClient, FtpError
from quecsim.clients.stream import Steps
from quecsim.commands.ftp_codes import FtpFailure, LocalError, storage_failure
from quecsim.flash.disk import DiskFile
from quecsim.flash.ramdisk import RamDisk
from quecsim.flash.ufs import OpenMode, UfsError, UfsFault
from quecsim.units import ms

PIECE_BYTES = 1024
_LOOK_NS = ms(200)  # how often a silent download looks whether the host has had enough
_TO = "the FTP server"
_UNSENT = "the connection for them was over"


@dataclass(slots=True)
class Moved:
    """How many bytes have gone across, why data mode is to end, and what went wrong."""

    count: int = 0
    why: DataEndWhy = DataEndWhy.SIZE
    failure: FtpFailure | None = None

    def fail(self, failure: FtpFailure) -> None:
        """It ends with that."""
        self.why, self.failure = DataEndWhy.ERROR, failure


def to_host(
    client: FtpClient, opened: OpenData, limit: int | None = None
) -> Generator[Effect, Any, Moved]:
    """CONNECT, and what comes, up to its end, `limit` bytes of it, or `+++`. Data mode stays on."""
    yield Connect()
    yield opened
    moved = Moved()
    try:
        yield from _pass_on(client, moved, limit)
    except FtpError as error:
        moved.fail(error)
    return moved


def _pass_on(client: FtpClient, moved: Moved, limit: int | None) -> Steps[None]:
    silent_ns = 0
    while limit is None or moved.count < limit:
        wanted = PIECE_BYTES if limit is None else min(PIECE_BYTES, limit - moved.count)
        data = yield from client.look(wanted, _LOOK_NS)
        if (yield WasEscaped()):
            moved.why = DataEndWhy.ESCAPE
            break
        if data == b"":
            yield from client.finish()
            return
        if data is None:
            silent_ns += _LOOK_NS
            if silent_ns >= client.settings.answer_ns:
                raise client.too_late()
            continue
        silent_ns = 0
        yield Raw(data)
        moved.count += len(data)
    yield from client.break_off()


def from_host(client: FtpClient, opened: OpenData) -> Generator[Effect, Any, Moved]:
    """CONNECT, and all that the host sends, up to the end of data mode, which stays on. The server
    has still to say that it is content (`FtpClient.finish`).
    """
    yield Connect()
    yield opened
    moved = Moved()
    while not opened.size or moved.count < opened.size:
        left = opened.size - moved.count if opened.size else PIECE_BYTES
        taken = yield Take(min(PIECE_BYTES, left))
        if taken.data:
            try:
                yield from client.write(taken.data)
            except FtpError as error:
                yield Discard(taken.data, _UNSENT)
                moved.fail(error)
                return moved
            yield Forward(_TO, taken.data)
            moved.count += len(taken.data)
        if taken.end is not None:
            moved.why = taken.end
            break
    return moved


def to_file(
    context: Context,
    client: FtpClient,
    place: Place,
    offset: int | None,
    limit: int | None,
    room: int = 0,
) -> Steps[int]:
    """What comes goes into a file, from byte `offset` of it on (None: behind its end), at most
    `limit` bytes; on a storage in memory it has `room` from the start. Returns how many.
    """
    file = yield from _opened(context, place, partial(_for_writing, place, offset, room))
    moved = Moved()
    try:
        yield from _store(client, place, file, moved, limit)
    except FtpError as error:
        moved.failure = error
    except UfsError as error:
        moved.failure = storage_failure(error)
    return (yield from _ended(client, place, file, moved))


def _store(
    client: FtpClient, place: Place, file: DiskFile, moved: Moved, limit: int | None
) -> Steps[None]:
    while limit is None or moved.count < limit:
        wanted = PIECE_BYTES if limit is None else min(PIECE_BYTES, limit - moved.count)
        data = yield from client.read(wanted)
        if not data:
            yield from client.finish()
            return
        yield FlashWork(partial(file.write, data), f"stored {place.label} from the FTP server")
        moved.count += len(data)
    yield from client.break_off()


def from_file(
    context: Context, client: FtpClient, place: Place, offset: int, limit: int | None
) -> Steps[int]:
    """A file goes to the server, from byte `offset` of it on, at most `limit` bytes; returns how
    many. `need_file` has seen it before.
    """
    file = yield from _opened(context, place, partial(_for_reading, place, offset))
    moved = Moved()
    try:
        while limit is None or moved.count < limit:
            wanted = PIECE_BYTES if limit is None else min(PIECE_BYTES, limit - moved.count)
            data = yield FlashWork(partial(file.read, wanted), f"read {place.label}")
            if not data:
                break
            yield from client.write(data)
            moved.count += len(data)
        yield from client.finish()
    except FtpError as error:
        moved.failure = error
    except UfsError as error:
        moved.failure = storage_failure(error)
    return (yield from _ended(client, place, file, moved))


def _ended(client: FtpClient, place: Place, file: DiskFile, moved: Moved) -> Steps[int]:
    """The file is closed; how many bytes have moved. Raises what went wrong."""
    yield from _close(place, file, moved)
    if isinstance(moved.failure, LocalError):
        yield from client.break_off()
    if moved.failure is not None:
        raise moved.failure
    return moved.count


def need_file(context: Context, place: Place, offset: int) -> Steps[None]:
    """Raise LocalError unless the file is there, and reaches to byte `offset`."""
    if context.handles.is_open(place.label):
        raise LocalError("file", f"{place.label} is open")
    try:
        size = yield FlashWork(lambda: place.disk.stat(place.name), f"looked for {place.label}")
    except UfsError as error:
        raise storage_failure(error) from None
    if size is None:
        raise LocalError("no_file", f"there is no {place.label}")
    if offset > size:
        raise LocalError("position", f"{place.label} has {size} bytes")


def _opened(context: Context, place: Place, work: Any) -> Steps[DiskFile]:
    if context.handles.is_open(place.label):
        raise LocalError("file", f"{place.label} is open")
    try:
        file: DiskFile = yield FlashWork(work, f"opened {place.label}")
    except UfsError as error:
        raise storage_failure(error) from None
    return file


def _for_writing(place: Place, offset: int | None, room: int) -> DiskFile:
    mode = OpenMode.CREATE_OR_TRUNCATE if offset == 0 else OpenMode.CREATE_OR_OPEN
    file = place.disk.open(place.name, mode)
    try:
        if isinstance(place.disk, RamDisk) and room:
            place.disk.reserve(place.name, room)
        _go_to(place, file, file.size() if offset is None else offset)
        file.truncate()
    except UfsError:
        file.close()
        raise
    return file


def _for_reading(place: Place, offset: int) -> DiskFile:
    file = place.disk.open(place.name, OpenMode.READ_ONLY)
    try:
        _go_to(place, file, offset)
    except UfsError:
        file.close()
        raise
    return file


def _go_to(place: Place, file: DiskFile, offset: int) -> None:
    size = file.size()
    if offset > size:
        raise UfsError(UfsFault.INVALID, f"{place.label} has {size} bytes")
    file.seek(offset)


def _close(place: Place, file: DiskFile, moved: Moved) -> Steps[None]:
    """Closed, whatever became of it; what does not get onto the flash by that is a failure, too."""
    try:
        yield FlashWork(file.close, f"closed {place.label}")
    except UfsError as error:
        if moved.failure is None:
            moved.failure = storage_failure(error)
