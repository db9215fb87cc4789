"""Data mode from the host's side of a file: the loop that QFUPL and QFWRITE share."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from quecsim.at.effects import (
    AckByte,
    CloseData,
    Connect,
    DataEndWhy,
    Effect,
    Info,
    OpenData,
    Steps,
    Store,
    Take,
)
from quecsim.at.results import AtError, Cme
from quecsim.checksum import Checksum
from quecsim.commands.context import Context
from quecsim.flash.ufs import UfsError, UfsFault, UfsFile
from quecsim.profiles.schema import TimeoutReply
from quecsim.units import s


@dataclass(slots=True)
class Transfer:
    """A file that the host is about to send."""

    command: str
    name: str
    size: int
    timeout_s: int
    ack: bool = False


@dataclass(slots=True)
class Received:
    """What came of it."""

    count: int
    checksum: Checksum
    why: DataEndWhy


def receive(
    context: Context, transfer: Transfer, file: UfsFile
) -> Generator[Effect, Any, Received]:
    """Say CONNECT, then take the data block by block into `file`.

    Ends at the size, when no data comes for the time-out, or with `+++`. A write that the storage
    refuses ends it at once with its +CME number: the rest of the data meets the command line.
    """
    files = context.profile.files
    yield Connect()
    yield OpenData(
        transfer.command,
        transfer.name,
        transfer.size,
        transfer.ack,
        s(transfer.timeout_s),
        files.upload_timer == "idle",
    )
    block_bytes = files.ack_block_bytes if transfer.ack else files.data_buffer_bytes
    result = Received(0, Checksum(), DataEndWhy.SIZE)
    while result.count < transfer.size:
        taken = yield Take(min(block_bytes, transfer.size - result.count))
        if taken.data:
            yield from _store(file, transfer.name, taken.data)
        result.count += len(taken.data)
        result.checksum.update(taken.data)
        if taken.end is not None:
            result.why = taken.end
            break
        if transfer.ack and _earns_ack(context, transfer, result, len(taken.data)):
            yield AckByte(result.count)
    return result


def _earns_ack(context: Context, transfer: Transfer, result: Received, block: int) -> bool:
    files = context.profile.files
    is_last = result.count == transfer.size
    return block == files.ack_block_bytes and (not is_last or files.ack_final_full_block)


def _store(file: UfsFile, name: str, data: bytes) -> Steps:
    try:
        yield Store(file, name, data)
    except UfsError as error:
        yield CloseData(DataEndWhy.ERROR, "")
        is_full = error.kind is UfsFault.NO_SPACE
        raise AtError(Cme.NO_SPACE if is_full else Cme.WRITE_FAILED) from None


def finish(summary: str, why: DataEndWhy, on_timeout: TimeoutReply) -> Steps:
    """Leave data mode with the summary line, or with 421 where time ran out."""
    timed_out = why is DataEndWhy.IDLE
    is_silent = timed_out and on_timeout == "cme421"
    yield CloseData(why, "" if is_silent else summary)
    if not is_silent:
        yield Info(summary)
    if timed_out and on_timeout != "summary_ok":
        raise AtError(Cme.TIMEOUT)
