"""Uploads that end well, are refused, or are not sent to their end: AT+QFUPL, and AT+QFWRITE."""

import re
from collections.abc import Iterator
from functools import partial

from quecsim.probe.bench import FILE_COMMAND_S, Bench
from quecsim.probe.causes import KEYS as ERROR_KEYS
from quecsim.probe.causes import provoke, tell
from quecsim.probe.choices import by_number
from quecsim.probe.finding import Finding, NotMeasuredError, not_measured
from quecsim.probe.reply import Reply
from quecsim.probe.sending import UPLOAD, WRITE, Ended, sending, stored
from quecsim.probe.step import Needs, Step
from quecsim.probe.storage import space

_BLOCK = 4096
_SMALL_SUM = b"\x00\x01"  # its checksum is 0001, or 1
_LETTERS = b"\xab\xcd"
_TOO_MUCH_BYTES = 1_000_000
_HIGHS_S = (65_535, 3600, 255, 200, 180, 179, 120, 60)
_LARGEST_SIZE = (1 << 31) - 1
_NO_ROOM = ("file_too_large", "no_space", "drive_full")


def _refusals(bench: Bench) -> Iterator[Finding]:
    bench.require(UPLOAD)
    yield from _checksum(bench)
    yield _existing(bench)
    yield from _no_room(bench)
    yield from tell(bench)


def _checksum(bench: Bench) -> Iterator[Finding]:
    """How a small checksum is printed."""
    printed = {data: _sum_of(bench, data) for data in (_SMALL_SUM, _LETTERS)}
    forms = {"1": False, "0001": True}
    small, letters = printed.values()
    if small in forms:
        method = f"AT+QFUPL of 2 bytes: their checksum is printed as {small}"
        yield Finding("files.checksum_padded", forms[small], method)
    else:
        yield not_measured("files.checksum_padded", f"the checksum 0x1 is printed as {small!r}")
    if letters != "abcd":
        bench.notes.append(f"the checksum 0xabcd is printed as {letters!r}")


def _sum_of(bench: Bench, data: bytes) -> str:
    with sending(bench, len(data)) as out:
        out.begin()
        out.send(data)
        return out.end().other


def _existing(bench: Bench) -> Finding:
    """The upload of a name that is there already."""
    key, method = "files.existing_file", "AT+QFUPL of a name twice"
    stored(bench, b"old")
    reply = provoke(bench, "file_exists", partial(_again, bench))
    if reply.connected:
        return Finding(key, "overwrite", f"{method}: {reply.final}")
    if not reply.final or reply.ok:
        return not_measured(key, f"{method}: {reply.final or 'no answer'}")
    return Finding(key, "refuse", f"{method}: {reply.final}")


def _again(bench: Bench) -> Reply:
    text = f'AT{UPLOAD}="{bench.own_name(0)}",3,1'
    bench.data_s = 1.0
    reply = bench.command(text, FILE_COMMAND_S)
    if reply.connected:
        bench.write(b"new")
        bench.read_reply("", FILE_COMMAND_S)
    return reply


def _no_room(bench: Bench) -> Iterator[Finding]:
    """The upload of more than there is room for; nothing of it is sent."""
    free = space(bench, "UFS")
    if not free:
        raise NotMeasuredError("the module does not say how much room it has")
    size = min(free[0] + _TOO_MUCH_BYTES, _LARGEST_SIZE)
    bench.delete_own(0)
    reply = _too_large(bench, size)
    method = f"AT+QFUPL of {size} bytes, with room for {free[0]}"
    if reply.connected:
        yield Finding("files.no_room", "at_end", f"{method}: {reply.final}")
        yield not_measured("files.no_room_error", "a size that does not fit is taken")
        return
    finding = by_number(bench, "files.no_room_error", reply, _NO_ROOM, method)
    if reply.final:
        yield Finding("files.no_room", "refuse", f"{method}: {reply.final}")
    if finding.is_measured:
        provoke(bench, str(finding.value), partial(_too_large, bench, size))
    yield finding


def _too_large(bench: Bench, size: int) -> Reply:
    bench.data_s = 1.0
    reply = bench.command(f'AT{UPLOAD}="{bench.own_name(0)}",{size},1', FILE_COMMAND_S)
    if reply.connected:
        bench.read_reply("", FILE_COMMAND_S)
    return reply


REFUSALS = Step(
    name="refusals",
    title="uploads 2 bytes, then the same name again, then asks for more room than there is",
    seconds=3,
    keys=(
        "files.checksum_padded",
        "files.existing_file",
        "files.no_room",
        "files.no_room_error",
        *ERROR_KEYS,
    ),
    run=_refusals,
    needs=Needs(storage_bytes=_BLOCK, written_bytes=5 * _BLOCK, settings=("AT+CMEE",)),
)


def _timeouts(bench: Bench) -> Iterator[Finding]:
    """Uploads of which one byte is sent."""
    for key, command in (("upload", UPLOAD), ("write", WRITE)):
        if bench.has(command):
            yield _style(f"files.{key}_timeout", _cut_short(bench, command), command)
        else:
            yield not_measured(f"files.{key}_timeout", f"the module has no AT{command}")
    yield _timer(bench)
    yield from tell(bench)


def _cut_short(bench: Bench, command: str) -> Ended:
    """One byte of ten; what the module says when its time-out of 1 s is over."""
    ended: list[Ended] = []

    def ask() -> Reply:
        with sending(bench, 10, by=command) as out:
            out.begin()
            out.send(b"x")
            ended.append(out.end())
        return ended[-1].reply

    provoke(bench, "timeout", ask)
    if command == UPLOAD:
        _note_rest(bench)
    return ended[0]


def _note_rest(bench: Bench) -> None:
    """What is left of an upload that was cut short."""
    text = f'AT+QFLST="{bench.own_name(0)}"'
    told = bench.command(text, FILE_COMMAND_S).info("+QFLST:")
    size = told[0].rpartition(",")[2] if told else ""
    rest = f"a file of {size} bytes" if size.isdecimal() else "no file"
    bench.notes.append(f"an upload of 10 bytes of which 1 came leaves {rest}")


def _style(key: str, ended: Ended, command: str) -> Finding:
    told = " / ".join((*ended.reply.lines, ended.reply.final))
    if not ended.style:
        return not_measured(key, f"a time-out of AT{command} ends with {told}")
    method = f"AT{command} of 10 bytes with a time-out of 1 s, and 1 sent: {told}"
    return Finding(key, ended.style, method)


def _timer(bench: Bench) -> Finding:
    """A byte each 0.4 s, with a time-out of 1 s: does a byte begin the time anew?"""
    method = "a byte each 0.4 s, with a time-out of 1 s"
    with sending(bench, 8) as out:
        out.begin()
        for _ in range(6):
            out.send(b"x")
            out.hears(0.4)
        if out.has_ended(0.0):
            bench.data_s = 0.0
            bench.settle()
            return Finding("files.upload_timer", "total", method)
        out.send(b"xx")
        out.end()
    return Finding("files.upload_timer", "idle", method)


TIMEOUTS = Step(
    name="timeouts",
    title="begins uploads and does not send all of it, with time-outs of 1 s",
    seconds=9,
    keys=("files.upload_timeout", "files.write_timeout", "files.upload_timer", *ERROR_KEYS),
    run=_timeouts,
    needs=Needs(storage_bytes=_BLOCK, written_bytes=5 * _BLOCK, settings=("AT+CMEE",)),
)


def _limits(bench: Bench) -> Iterator[Finding]:
    """The time-outs that are taken: as the test form says, and as is tried."""
    files = bench.base.files
    command = UPLOAD if bench.has(UPLOAD) else WRITE
    told = re.findall(r"\((\d+)-(\d+)\)", " ".join(bench.command(f"AT{command}=?").lines))
    usual = (files.timeout_min_s, files.timeout_max_s)
    said = (int(told[-1][0]), int(told[-1][1])) if told else usual
    lows, highs = (list(dict.fromkeys(pair)) for pair in zip(said, usual, strict=True))
    yield _limit(bench, "files.timeout_min_s", lows, -1)
    others = [high for high in _HIGHS_S if high not in highs]
    yield _limit(bench, "files.timeout_max_s", highs if told else [*highs, *others], 1)
    yield _default(bench)


def _limit(bench: Bench, key: str, candidates: list[int], beyond: int) -> Finding:
    for limit in candidates:
        if _takes(bench, limit) and not _takes(bench, limit + beyond):
            method = f"a time-out of {limit} is taken, and {limit + beyond} is not"
            return Finding(key, limit, method, 2)
    return not_measured(key, f"the limit is none of {', '.join(map(str, candidates))} s")


def _takes(bench: Bench, timeout_s: int) -> bool:
    if timeout_s < 0:
        return False
    with sending(bench, 1, timeout_s=timeout_s) as out:
        try:
            out.begin()
        except NotMeasuredError:
            return False
        out.send(b"x")
        out.end(FILE_COMMAND_S)
    return True


def _default(bench: Bench) -> Finding:
    """How long the module waits where the command does not say."""
    key = "files.default_timeout_s"
    with sending(bench, 8, timeout_s=60) as out:
        out.text = out.text.rpartition(",")[0]
        out.begin()
        out.send(b"x")
        begin_ns = bench.now_ns()
        ended = out.end(65)
    waited_s = (ended.reply.last_ns - begin_ns) / 1e9
    return Finding(key, round(waited_s), f"the time until the reply: {waited_s:.2f} s",
                   low=round(waited_s - 0.4), high=round(waited_s + 0.4))  # fmt: skip


LIMITS = Step(
    name="limits",
    title="uploads 1 byte with the shortest and longest time-out, and leaves one without",
    seconds=7,
    keys=("files.timeout_min_s", "files.timeout_max_s", "files.default_timeout_s"),
    run=_limits,
    needs=Needs(storage_bytes=_BLOCK, written_bytes=5 * _BLOCK),
)
