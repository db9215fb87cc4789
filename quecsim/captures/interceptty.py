"""interceptty: a line for each byte, with an arrow for its direction, and with -T a time.

    [02:23 45.154301]< 0x41 (A)
    > \t0x0d (^M)

Which arrow is the host's is told by what is said. With an end of line (-e) a line has many bytes,
`41(A):54(T):0d([CR])`.
"""

import re
from collections.abc import Iterator
from functools import partial

from quecsim.captures.channels import reader
from quecsim.captures.file import CaptureFile
from quecsim.captures.opened import Opened, Options, Piece, Tally
from quecsim.captures.stamps import DayClock, clock_ns
from quecsim.errors import QuecsimError
from quecsim.trace.setup import Lack

_LINE = re.compile(r"(?:\[(\d\d:\d\d) (\d\d\.\d{1,9})\]|\s*)\s*([<>])\s+(.*)\Z")
_PLAIN = re.compile(r"0x([0-9a-fA-F]{2})(?: \(.{0,8}\))?\Z")
_MANY = re.compile(r"(?:^|:)([0-9a-fA-F]{2})(?:\((?:\[[A-Z0-9]+\]|' '|.)\))?(?=:|\Z)")
_SAMPLE_LINES = 50


def recognize(file: CaptureFile) -> int:
    """2: its lines are those of interceptty, 0: they are not."""
    lines = [line for line in file.head_lines()[:_SAMPLE_LINES] if line.strip()]
    found = [match for line in lines if (match := _LINE.match(line)) and _bytes(match[4])]
    return 2 if found and len(found) * 2 > len(lines) else 0


def open_interceptty(file: CaptureFile, options: Options) -> Opened:
    """Raises QuecsimError: no such lines, or nobody can say which arrow is the host's."""
    if not recognize(file):
        raise QuecsimError(
            "there are no lines of interceptty in it", where=str(file.path),
            hint="make it with: interceptty -T -o FILE /dev/ttyUSB2 ./port",
        )  # fmt: skip
    heard, sides = reader(partial(_pieces, file), options, str(file.path))
    has_times = any(match[1] for line in file.head_lines() if (match := _LINE.match(line)))
    lacks: list[Lack] = ["byte-times", "modem-lines", *([] if has_times else ["times"])]  # type: ignore[list-item]
    return Opened(
        read=heard, lacks=tuple(lacks), baud=options.baud, is_clock=True, notes=sides.notes
    )


def _pieces(file: CaptureFile, tally: Tally) -> Iterator[Piece]:
    clock, at_ns = DayClock(), 0
    for number, raw in enumerate(file.whole_lines(tally), 1):
        line = raw.decode(errors="replace").rstrip("\r\n")
        match = _LINE.match(line)
        data = _bytes(match[4]) if match is not None else b""
        if match is None or not data:
            if line.strip() and not line.startswith("#"):
                tally.bad(f"line {number}")
            continue
        if match[1]:
            try:
                at_ns = clock.ns(clock_ns(f"{match[1]}:{match[2]}"))
            except ValueError:
                tally.bad(f"line {number}")
        yield Piece(at_ns, match[3], data)


def _bytes(text: str) -> bytes:
    """Those of a line; none: it makes no sense."""
    if (match := _PLAIN.match(text)) is not None:
        return bytes.fromhex(match[1])
    words: list[str] = _MANY.findall(text)
    return bytes.fromhex("".join(words)) if words and text[:2] == words[0] else b""
