"""Files by handle: numbers and how many there are, reading at the end, writing."""

from collections.abc import Iterator
from functools import partial

from quecsim.probe.bench import FILE_COMMAND_S, Bench
from quecsim.probe.causes import KEYS as ERROR_KEYS
from quecsim.probe.causes import by_text, provoke, tell
from quecsim.probe.finding import Finding, NotMeasuredError, not_measured
from quecsim.probe.reply import Reply
from quecsim.probe.sending import OPEN, WRITE, Sending, close, handle_in, open_own, sending
from quecsim.probe.step import Needs, Step

_MOST_OPEN = 40
_NO_HANDLE = 999_999


def _numbers(bench: Bench) -> Iterator[Finding]:
    bench.require(OPEN)
    if bench.open_handles():
        raise NotMeasuredError("files are open on the module: not by this probe")
    first, second = open_own(bench, 0, 0), open_own(bench, 1, 0)
    close(bench, first)
    again = open_own(bench, 2, 0)
    if again == first:
        yield Finding("files.first_handle", first, f"{first}, {second}, and {again} anew")
    else:
        why_not = (
            f"handles count on ({first}, {second}, {again}): the first after a start is not known"
        )
        yield not_measured("files.first_handle", why_not)
    yield _most(bench)
    for handle in bench.open_handles():
        close(bench, int(handle))
    yield from tell(bench)


def _most(bench: Bench) -> Finding:
    """Open more and more files; two are open."""
    key, count = "files.max_open_files", 2
    while count < _MOST_OPEN:
        text = f'AT+QFOPEN="{bench.own_name(count + 1)}",0'
        reply = bench.command(text, FILE_COMMAND_S)
        if handle_in(reply) is None:
            provoke(bench, "max_open_files", by_text(bench, text))
            return Finding(key, count, f"AT+QFOPEN of more and more files: {reply.final}")
        count += 1
    return not_measured(key, f"{count} files could be opened, and no more was tried")


NUMBERS = Step(
    name="handles",
    title="opens files of its own until the module has no more handles",
    seconds=4,
    keys=("files.first_handle", "files.max_open_files", *ERROR_KEYS),
    run=_numbers,
    needs=Needs(storage_bytes=12 * 4096, written_bytes=12 * 4096, settings=("AT+CMEE",)),
)


def _write(bench: Bench) -> Iterator[Finding]:
    """A file is written by handle, then read beyond its end."""
    bench.require(WRITE)
    with sending(bench, 4, number=0, by=WRITE) as out:
        out.begin()
        out.send(b"data")
        yield _blank_line(out)
    handle = open_own(bench, 0, 2)
    provoke(bench, "file_read_only", partial(_write_to, bench, handle))
    provoke(bench, "size_exceeded", by_text(bench, f"AT+QFSEEK={handle},1000,0"))
    bench.command(f"AT+QFREAD={handle},4", FILE_COMMAND_S)
    bench.settle()
    yield _end_of_file(bench, handle)
    close(bench, handle)
    provoke(bench, "invalid_handle", by_text(bench, f"AT+QFCLOSE={_NO_HANDLE}"))
    yield from tell(bench)


def _blank_line(out: Sending) -> Finding:
    key, raw = "files.write_blank_line", out.end().reply.raw
    for is_blank, start in ((True, b"\r\n+QFWRITE:"), (False, b"+QFWRITE:")):
        if raw.startswith(start):
            return Finding(key, is_blank, "what comes right behind the data of AT+QFWRITE")
    return not_measured(key, f"behind the data of AT+QFWRITE comes {raw[:16]!r}")


def _write_to(bench: Bench, handle: int) -> Reply:
    """AT+QFWRITE of a file that is open for reading only; where it is taken, with its byte."""
    reply = bench.command(f"AT+QFWRITE={handle},1,1", FILE_COMMAND_S)
    if reply.connected:
        bench.write(b"x")
        bench.read_reply("", FILE_COMMAND_S)
    return reply


def _end_of_file(bench: Bench, handle: int) -> Finding:
    key, text = "files.read_eof", f"AT+QFREAD={handle},4"
    reply = bench.command(text, FILE_COMMAND_S)
    if reply.connected:
        bench.settle()
        is_zero = reply.final == "CONNECT 0"
        if is_zero:
            return Finding(key, "connect0", f"AT+QFREAD at the end: {reply.final}")
        return not_measured(key, f"AT+QFREAD at the end says {reply.final}")
    if not reply.final:
        return not_measured(key, "AT+QFREAD at the end has no answer")
    provoke(bench, "read_zero_byte", by_text(bench, text))
    return Finding(key, "cme402", f"AT+QFREAD at the end: {reply.final}")


WRITING = Step(
    name="write",
    title="writes a file of 4 bytes by handle, and reads beyond its end",
    seconds=3,
    keys=("files.write_blank_line", "files.read_eof", *ERROR_KEYS),
    run=_write,
    needs=Needs(storage_bytes=4096, written_bytes=4096, settings=("AT+CMEE",)),
)
