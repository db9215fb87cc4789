"""Data mode from the host's side of a file: the loop that QFUPL, QFWRITE and QSSLCERT share."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from quecsim.at.context import Context
from quecsim.at.effects import (
    AckByte,
    CloseData,
    Connect,
    DataEndWhy,
    Effect,
    FlashWork,
    Info,
    OpenData,
    Steps,
    Store,
    Take,
)
from quecsim.at.results import AtError, Cme
from quecsim.at.spec import Integer
from quecsim.checksum import Checksum, checksum_text
from quecsim.flash.disk import DiskFile
from quecsim.flash.ufs import UfsError, UfsFault
from quecsim.profiles.schema import TimeoutReply
from quecsim.units import s


def default_size(context: Context) -> int:
    """How many bytes are expected where the host does not say."""
    return context.profile.files.default_size_bytes


def printed(context: Context, checksum: int) -> str:
    """A checksum as this device prints it."""
    return checksum_text(checksum, padded=context.profile.files.checksum_padded)


TIMEOUT = Integer(
    "timeout",
    low=lambda context: context.profile.files.timeout_min_s,
    high=lambda context: context.profile.files.timeout_max_s,
    default=lambda context: context.profile.files.default_timeout_s,
    optional=True,
)


CONNECT = Connect()


@dataclass(slots=True)
class Transfer:
    """A file that the host is about to send. `full_cme` is the error of a disk that gets full."""

    command: str
    name: str
    size: int
    timeout_s: int
    ack: bool = False
    full_cme: Cme = Cme.NO_SPACE


@dataclass(slots=True)
class Received:
    """What came of it."""

    count: int
    checksum: Checksum
    why: DataEndWhy


def receive(
    context: Context, transfer: Transfer, file: DiskFile, opening: Effect = CONNECT
) -> Generator[Effect, Any, Received]:
    """Say CONNECT (or what else is the `opening`), then take the data block by block into `file`.

    Ends at the size, when no data comes for the time-out, with `+++` or by DTR. Raises UfsError
    for a block that the storage does not take: see `refused`.
    """
    files, escape = context.profile.files, context.profile.escape
    yield opening
    yield OpenData(
        transfer.command,
        transfer.name,
        transfer.size,
        transfer.ack,
        s(transfer.timeout_s),
        files.upload_timer == "idle",
        escape.ends_file_data,
        files.ack_block_bytes if transfer.ack else 0,
        ends_on_dtr=escape.dtr_ends_file_data and context.settings.dtr > 0,
    )
    block_bytes = files.ack_block_bytes if transfer.ack else files.data_buffer_bytes
    result = Received(0, Checksum(), DataEndWhy.SIZE)
    while result.count < transfer.size:
        taken = yield Take(min(block_bytes, transfer.size - result.count))
        result.count += len(taken.data)
        result.checksum.update(taken.data)
        yield from _store_block(context, transfer, file, taken.data, result.count)
        if taken.end is not None:
            result.why = taken.end
            break
    return result


def _store_block(
    context: Context, transfer: Transfer, file: DiskFile, block: bytes, count: int
) -> Steps:
    """Store a block that ends at byte `count` of the transfer, and say `A` where it earns one."""
    acks = [AckByte(count)] if _earns_ack(context, transfer, count, len(block)) else []
    is_early = context.profile.files.ack_when == "received"
    if is_early:
        yield from acks
    if block:
        yield Store(file, transfer.name, block)
        if _is_synced(context, count, len(block)):
            yield FlashWork(file.sync, f"brought {transfer.name} to the flash")
    if not is_early:
        yield from acks


def _is_synced(context: Context, count: int, block_bytes: int) -> bool:
    """Whether the block that ends at byte `count` reaches the next place to make the file safe."""
    every = context.profile.files.sync_every_bytes
    return every > 0 and block_bytes > 0 and count // every > (count - block_bytes) // every


def _earns_ack(context: Context, transfer: Transfer, count: int, block_bytes: int) -> bool:
    files = context.profile.files
    is_whole = transfer.ack and block_bytes == files.ack_block_bytes
    return is_whole and (count < transfer.size or files.ack_final_full_block)


def refused(transfer: Transfer, error: UfsError) -> Steps:
    """The storage does not take the data: leave data mode at once, with the error that says so; the
    rest of the data meets the command line.
    """
    yield CloseData(DataEndWhy.ERROR, "")
    is_full = error.kind is UfsFault.NO_SPACE
    raise AtError(transfer.full_cme if is_full else Cme.WRITE_FAILED)


def finish(end: CloseData, on_timeout: TimeoutReply, says: Effect | None = None) -> Steps:
    """Leave data mode with the summary line of `end`, or with 421 where time ran out.

    `says` is how the summary is said, where it is not said as information text.
    """
    summary, timed_out = end.summary, end.why is DataEndWhy.IDLE
    is_silent = timed_out and on_timeout == "cme421"
    yield CloseData(end.why, "") if is_silent else end
    if not is_silent:
        yield says or Info(summary)
    if timed_out and on_timeout != "summary_ok":
        raise AtError(Cme.TIMEOUT)
