"""Logs of AT commands as people keep them, and paste them into forums: lines of both sides, with or
without times and marks.
"""

from collections.abc import Iterator
from functools import partial

from quecsim.captures.escapes import hexadecimal
from quecsim.captures.file import CaptureFile
from quecsim.captures.log_lines import LogLine, log_line
from quecsim.captures.log_sides import Marks, Sides, marks_of
from quecsim.captures.opened import Opened, Options, Tally, Told
from quecsim.captures.spoken import is_command, is_result
from quecsim.captures.stamps import DayClock
from quecsim.date import utc_parts
from quecsim.errors import QuecsimError
from quecsim.observed.heard import Heard, Side
from quecsim.trace.setup import Lack
from quecsim.units import S

_SAMPLE_LINES = 500
_FEW_TEXT_PER_CENT = 90
_FEW_STAMPS_PER_CENT = 25


def recognize(file: CaptureFile) -> int:
    """1: it is text, with a command or an answer in it, 0: it is not."""
    head = file.head
    plain = sum(byte in b"\t\r\n\x1b" or byte >= 0x20 for byte in head[:4096])
    if plain * 100 < min(len(head), 4096) * _FEW_TEXT_PER_CENT:
        return 0
    lines = [log_line(line.encode()) for line in file.head_lines()[:_SAMPLE_LINES]]
    return int(any(_is_at(line) for line in lines))


def open_text(file: CaptureFile, options: Options) -> Opened:
    """Raises QuecsimError where there is neither a command nor an answer in it."""
    marks = marks_of(_lines(file))
    stamps = has_stamps(file)
    sides, is_exact = _looked_through(file, marks)
    if is_exact is None:
        raise QuecsimError(
            "there is neither an AT command nor an answer in it", where=str(file.path),
            hint="a log has a line for each command and each line of an answer",
        )  # fmt: skip
    lacks: list[Lack] = ["byte-times", "modem-lines"]
    lacks += ["times"] if not stamps else []
    lacks += ["exact-bytes"] if not is_exact else []
    lacks += ["host-bytes"] if sides.missing else []
    return Opened(
        read=partial(_told, file, marks, stamps, options),
        lacks=tuple(lacks),
        baud=options.baud,
        is_clock=True,
        date=first_date(file) if stamps else "",
        notes=tuple(_notes(marks, sides)),
    )


def is_marked(file: CaptureFile) -> bool:
    """Whether marks before the lines say who says them."""
    return bool(marks_of(log_line(line.encode()) for line in file.head_lines()).sides)


def has_stamps(file: CaptureFile) -> bool:
    """Whether the lines have times: a good part of them."""
    lines = [line for line in file.head_lines()[:_SAMPLE_LINES] if line.strip()]
    stamped = sum(log_line(line.encode()).at_ns is not None for line in lines)
    return stamped * 100 > len(lines) * _FEW_STAMPS_PER_CENT


def first_date(file: CaptureFile) -> str:
    """The first moment in ISO 8601; empty where no line has a date."""
    for line in _lines(file):
        if line.at_ns is not None:
            if not line.is_dated:
                return ""
            year, month, day, hour, minute, second = utc_parts(line.at_ns // S)
            return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
    return ""


def first_ns(file: CaptureFile) -> int:
    """The first time in it: what stands before that has no better one."""
    return next((line.at_ns for line in _lines(file) if line.at_ns is not None), 0)


def _is_at(line: LogLine) -> bool:
    data = line.data or hexadecimal(line.text.strip()) or b""
    texts = [line.text, line.rest, *data.split(b"\r")]
    return any(is_command(each.strip()) or is_result(each.strip()) for each in texts)


def _lines(file: CaptureFile) -> Iterator[LogLine]:
    return map(log_line, file.lines())


def _looked_through(file: CaptureFile, marks: Marks) -> tuple[Sides, bool | None]:
    """What the lines say on the whole, and whether all bytes are written one by one; None: nobody
    says anything.
    """
    sides, exact, count, has_at = Sides(marks), 0, 0, False
    for line in _lines(file):
        for spoken in sides.read(line):
            if spoken.data.strip():
                count += 1
                exact += spoken.is_exact
                words = spoken.data.strip()
                has_at = has_at or is_command(words) or is_result(words)
    return sides, (exact == count if has_at else None)


def _notes(marks: Marks, sides: Sides) -> Iterator[str]:
    if marks.sides:
        names = ", ".join(f'{side}: "{mark}"' for mark, side in sorted(marks.sides.items()))
        yield f"lines are marked: {names}"
    else:
        yield "lines have no marks: those that begin with AT are taken for the host's"
    if sides.noise:
        yield f"lines without a mark are nobody's, and were left out: {sides.noise}"
    if sides.missing:
        yield f"uploads whose data is not in the log: {sides.missing}"


def _told(
    file: CaptureFile, marks: Marks, has_times: bool, options: Options, _tally: Tally
) -> Iterator[Told]:
    sides, clock = Sides(marks), DayClock()
    at_ns = first_ns(file) if has_times else 0
    other: dict[Side, Side] = {"host": "device", "device": "host"}
    for line in _lines(file):
        if has_times and line.at_ns is not None:
            at_ns = clock.ns(line.at_ns) if line.is_clock and not line.is_dated else line.at_ns
        for spoken in sides.read(line):
            side = other[spoken.side] if options.swap else spoken.side
            yield Heard(at_ns, options.side or side, spoken.data)
