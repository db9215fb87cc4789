"""The firmware package on its way in: over the serial port as a file, or by protocol download.

As a file the package is raw data between FILESTART and FILEEND, no CONNECT and no `A`, and nothing
but the count or silence ends it. Of the protocol download (`,2`) the EC200x&EG912Y Series FOTA
Application Note V1.1, 3.2.1.4, prints the first answer, `010003`, and no more.
"""

from collections.abc import Generator
from typing import Any

from quecsim.at.context import Context, fota
from quecsim.at.effects import (
    Answer,
    CloseData,
    DataEndWhy,
    Discard,
    Effect,
    FlashWork,
    Info,
    NoReply,
    OpenData,
    Pause,
    Steps,
    Store,
    Take,
)
from quecsim.at.results import AtError
from quecsim.commands import firmware
from quecsim.commands.fota_upgrade import announce, drop_package, progress_number
from quecsim.flash.ufs import UfsError, UfsFile
from quecsim.units import ms

_FILE_ERROR = 500  # "File download error", table 4
_PROTOCOL = "FOTA:protocol"
_UNKNOWN = "protocol download: its frames are not public"


def download_file(
    context: Context, length: int, download_urcs: int
) -> Generator[Effect, Any, bool]:
    """Take a package of `length` bytes into the flash; True when all of it is there.

    Raises AtError, before the OK, where the flash has no room for it.
    """
    file = yield FlashWork(lambda: _create(context, length), "made room for the package")
    yield Answer()
    yield Pause(ms(fota(context).start_ms), "it was getting ready for the package")
    yield announce("FILESTART")
    yield _open("+QFOTADL", firmware.PACKAGE_LABEL, context, length)
    why = yield from _receive(context, file, length, download_urcs)
    try:
        yield FlashWork(file.close, "closed the package")
    except UfsError:
        why = DataEndWhy.ERROR
    is_whole = why is DataEndWhy.SIZE
    yield CloseData(why, "", "OK" if is_whole else f"FILEEND,{_FILE_ERROR}")
    if not is_whole:
        yield from drop_package(context)
    yield announce("FILEEND", 0 if is_whole else _FILE_ERROR)
    return is_whole


def download_by_protocol(context: Context, length: int) -> Steps:
    """Answer as documented; the rest is for whoever knows it (`Outside.protocol_download`)."""
    yield Info("010003")
    yield from (context.outside.protocol_download or _listen)(context, length)
    yield NoReply()


def _create(context: Context, length: int) -> UfsFile:
    ufs = context.ufs
    try:
        firmware.drop_package(ufs)
        if length <= ufs.free_system_bytes():
            return firmware.create_package(ufs)
    except UfsError:
        pass
    raise AtError


def _open(command: str, name: str, context: Context, length: int) -> OpenData:
    idle_ns = ms(fota(context).idle_ms)
    return OpenData(
        command, name, length, ack=False, timeout_ns=idle_ns, is_idle_timer=True, can_escape=False
    )


def _receive(
    context: Context, file: UfsFile, length: int, download_urcs: int
) -> Generator[Effect, Any, DataEndWhy]:
    """Take the package block by block; why that ended."""
    block_bytes, received = context.profile.files.data_buffer_bytes, 0
    while received < length:
        taken = yield Take(min(block_bytes, length - received))
        try:
            if taken.data:
                yield Store(file, firmware.PACKAGE_LABEL, taken.data)
        except UfsError:
            return DataEndWhy.ERROR
        before, received = received, received + len(taken.data)
        for ordinal in _crossed(before, received, length, download_urcs):
            number = progress_number(ordinal, download_urcs, fota(context).download_number)
            yield announce("DOWNLOADING", number)
        if taken.end is not None:
            why: DataEndWhy = taken.end
            return why
    return DataEndWhy.SIZE


def _crossed(before: int, after: int, length: int, most: int) -> range:
    """Which of the `most` progress messages are due on the way from `before` to `after` bytes."""
    return range(before * most // length + 1, after * most // length + 1)


def _listen(context: Context, length: int) -> Steps:
    """Take what comes and say nothing, until the host gives up."""
    yield _open("+QFOTADL,2", _PROTOCOL, context, length)
    is_silent = False
    while not is_silent:
        taken = yield Take(context.profile.files.data_buffer_bytes)
        yield Discard(taken.data, _UNKNOWN)
        is_silent = taken.end is not None
    yield CloseData(DataEndWhy.IDLE, "")
