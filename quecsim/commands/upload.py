"""Whole files across the port: +QFUPL (host to device) and +QFDWL (device to host)."""

from collections.abc import Generator
from contextlib import suppress
from typing import Any

from quecsim.at.asking import file_by_name, file_to_host
from quecsim.at.context import Context
from quecsim.at.effects import (
    CloseData,
    Connect,
    DataEndWhy,
    Effect,
    FlashWork,
    Info,
    OpenData,
    Raw,
    Steps,
    Unstore,
    WasEscaped,
)
from quecsim.at.receive import (
    TIMEOUT,
    Transfer,
    default_size,
    finish,
    printed,
    receive,
    refused,
)
from quecsim.at.results import AtError, Cme
from quecsim.at.spec import Command, Integer, Text
from quecsim.at.storage import SOURCE, Place, place_of
from quecsim.checksum import Checksum
from quecsim.flash.disk import DiskFile
from quecsim.flash.ramdisk import RamDisk
from quecsim.flash.ufs import UfsError

_CHUNK_BYTES = 1024


def _test_text(context: Context) -> str:
    seconds = TIMEOUT.describe(context)
    return f"+QFUPL: <filename>[,(1-<freesize>)[,{seconds}[,(0,1)]]]"


QFUPL = Command(
    "+QFUPL",
    "Upload a file to the storage",
    source=f"{SOURCE}; ACK mode: Quectel forum thread 57329",
    params=(
        Text("filename"),
        Integer("file_size", low=1, high=(1 << 31) - 1, default=default_size, optional=True),
        TIMEOUT,
        Integer("ackmode", allowed=(0, 1), default=0, optional=True),
    ),
    bad_parameter=Cme.INVALID_INPUT,
    test_text=_test_text,
    role="writing",
    asking=file_by_name,
)


@QFUPL.write
def _upload(context: Context, filename: str, file_size: int, timeout: int, ackmode: int) -> Steps:
    files = context.profile.files
    place = place_of(context, filename)
    transfer = Transfer(
        "+QFUPL",
        place.label,
        file_size,
        timeout,
        ackmode == 1,
        full_cme=Cme.WRITE_FAILED,
    )
    file = yield FlashWork(lambda: _create(context, place, transfer), f"created {transfer.name}")
    is_open = True
    try:
        received = yield from receive(context, transfer, file)
        is_open = False
        yield FlashWork(file.close, f"closed {transfer.name}")
    except UfsError as error:
        kept = yield from _kept(place, file if is_open else None)
        yield Unstore(kept)
        yield from refused(transfer, error)
    summary = f"+QFUPL: {received.count},{printed(context, received.checksum.value)}"
    end = CloseData(
        received.why, summary, checksum=received.checksum.value, file_bytes=received.count
    )
    yield from finish(end, files.upload_timeout)


def _create(context: Context, place: Place, transfer: Transfer) -> DiskFile:
    """Make the empty file. Raises AtError where there is one already, or no room."""
    disk, files = place.disk, context.profile.files
    size = disk.stat(place.name)
    if size is not None and (
        files.existing_file == "refuse" or context.handles.is_open(transfer.name)
    ):
        raise AtError(Cme.FILE_EXISTS)
    if files.no_room == "refuse" and transfer.size > disk.room_for(place.name, size):
        raise AtError(Cme(files.no_room_error))
    if size is not None:
        disk.delete(place.name)
    file = disk.create(place.name)
    if isinstance(disk, RamDisk):
        disk.reserve(place.name, min(transfer.size, disk.free_bytes()))
    return file


def _kept(place: Place, file: DiskFile | None) -> Generator[Effect, Any, int]:
    """How much of a file there is after the storage has failed; `file` is still to be closed."""
    if file is not None:
        with suppress(UfsError):
            yield FlashWork(file.close, f"closed {place.label}")
    with suppress(UfsError):
        return (yield FlashWork(lambda: place.disk.stat(place.name), "looked at it")) or 0
    return 0


QFDWL = Command(
    "+QFDWL",
    "Download a file from the storage",
    source=f"{SOURCE}; framing: log of an M-series device",
    params=(Text("filename"),),
    bad_parameter=Cme.INVALID_INPUT,
    test_text="+QFDWL: <filename>",
    role="storage",
    asking=file_to_host,
)


@QFDWL.write
def _download(context: Context, filename: str) -> Steps:
    place = place_of(context, filename)
    name = place.label
    file = yield FlashWork(lambda: place.disk.open(place.name, 2), f"opened {name}")
    yield Connect()
    yield OpenData("+QFDWL", name, 0, ack=False, timeout_ns=0, is_idle_timer=True)
    checksum, sent, why = Checksum(), 0, DataEndWhy.SIZE
    while data := (yield FlashWork(lambda: file.read(_CHUNK_BYTES), f"read {name}")):
        yield Raw(data)
        checksum.update(data)
        sent += len(data)
        if (yield WasEscaped()):
            why = DataEndWhy.ESCAPE
            break
    yield FlashWork(file.close, f"closed {name}")
    summary = f"+QFDWL: {sent},{printed(context, checksum.value)}"
    yield CloseData(why, summary)
    yield Info(summary)


COMMANDS = (QFUPL, QFDWL)
