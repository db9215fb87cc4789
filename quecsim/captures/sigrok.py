"""What sigrok's UART decoder has read: the annotations of sigrok-cli, and those that PulseView
exports.

    {"ph": "E", "ts": 160023.500000, "pid": "uart-1", "tid": "TX", "name": "41"},
    320047-320064 uart-1: rx-data: 41
    320047-320064 UART: TX: 41
    uart-1: 41

The first has times and sides, whatever else is missing: sigrok-cli writes it with
--protocol-decoder-jsontrace. The others count samples, or nothing; the last does not even say on
which wire, where a decoder has two.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice, pairwise

from quecsim.captures.cells import cell_byte
from quecsim.captures.channels import reader
from quecsim.captures.file import CaptureFile
from quecsim.captures.opened import Opened, Options, Piece, Tally
from quecsim.captures.stamps import seconds_ns
from quecsim.errors import QuecsimError
from quecsim.trace.setup import Lack
from quecsim.units import S

_JSON = re.compile(
    r'\s*\{"ph": ?"(.)", ?"ts": ?([0-9.eE+-]+), ?"pid": ?("[^"]*"), ?"tid": ?("[^"]*"),'
    r' ?"name": ?(".*")\},?\s*\Z'
)
_TEXT = re.compile(
    r"(?:(\d{1,18})-(\d{1,18}) )?([\w .\[\]()/-]{1,60}?): (?:([\w /-]{1,60}?): )?(.*)\Z"
)
_WIRES = {
    "tx": "TX",
    "rx": "RX",
    "tx-data": "TX",
    "rx-data": "RX",
    "tx data": "TX",
    "rx data": "RX",
}
_BIT_WORDS = {
    "Start bit", "Stop bit", "Parity bit", "Frame error", "Parity error", "Start bit error",
    "Stop bit error", "Break",
}  # fmt: skip
_DATA_BITS = 8
_HEX = re.compile(r"[0-9A-Fa-f]{2}\Z")
_SAMPLE_LINES = 2000
_USUAL_RATES = tuple(
    step * 10**power // 10
    for power in range(4, 10)
    for step in (10, 12, 16, 20, 24, 25, 40, 48, 50, 80)
)
_NEAR_PER_CENT = 3
_HOW = (
    "decode it with: sigrok-cli -i FILE -P uart:rx=...:tx=...:baudrate=115200"
    " -A uart=rx-data:tx-data --protocol-decoder-jsontrace > session.json"
)


@dataclass(frozen=True, slots=True)
class Annotation:
    """One that stands for a byte, from its first data bit to its last: in nanoseconds or samples;
    -1: it does not say.
    """

    start: int
    end: int
    channel: str
    text: str


@dataclass(frozen=True, slots=True)
class Clock:
    """How times are to be read: `per_second` of them are one second, 0: there are none."""

    per_second: int
    lacks: tuple[Lack, ...] = ()
    notes: tuple[str, ...] = ()


def recognize(file: CaptureFile) -> int:
    """2: its lines are annotations of a UART decoder, 0: they are not."""
    lines = [line for line in file.head_lines()[:_SAMPLE_LINES] if line.strip()]
    if _is_json(file):
        return 2
    found = [match for line in lines if (match := _TEXT.match(line))]
    is_uart = any("uart" in match[3].lower() for match in found)
    return 2 if is_uart and len(found) * 2 > len(lines) else 0


def open_sigrok(file: CaptureFile, options: Options) -> Opened:
    """Raises QuecsimError: no annotations, or nobody can say which wire is the host's."""
    if not recognize(file):
        raise QuecsimError("there are no annotations of a UART decoder", where=str(file.path),
                           hint=_HOW)  # fmt: skip
    sample = list(islice(_annotations(file, Tally()), _SAMPLE_LINES))
    clock = _clock(file, sample, options)
    is_decimal = all(each.text.isdecimal() for each in sample) and any(
        len(each.text) != 2 for each in sample
    )
    read = partial(_pieces, file, clock.per_second, is_decimal)
    heard, sides = reader(read, options, str(file.path))
    lacks: tuple[Lack, ...] = ("modem-lines", *clock.lacks)
    return Opened(
        read=heard, lacks=lacks, baud=options.baud, has_byte_times=clock.per_second > 0,
        notes=(*sides.notes, *clock.notes),
    )  # fmt: skip


def _is_json(file: CaptureFile) -> bool:
    return file.head.lstrip().startswith(b'{"traceEvents"')


def _clock(file: CaptureFile, sample: list[Annotation], options: Options) -> Clock:
    """Raises QuecsimError where without any times two wires are in one list."""
    if _is_json(file):
        return Clock(S)
    no_times: tuple[Lack, ...] = ("times", "byte-times")
    if not sample or any(each.end < 0 for each in sample):
        _refuse_mixed(file, sample)
        return Clock(0, no_times)
    if options.sample_rate:
        return Clock(options.sample_rate)
    if options.baud:
        rate = _sample_rate(sample, options.baud)
        return Clock(rate, notes=(f"{rate} samples a second, as it follows from --baud",))
    note = "samples are counted, but not how many a second: give --baud or --sample-rate"
    return Clock(0, no_times, (note,))


def _sample_rate(sample: list[Annotation], baud: int) -> int:
    """From how many samples a byte takes; where that is near a usual rate, that one."""
    samples = sum(each.end - each.start for each in sample)
    rate = max(1, samples * baud // (_DATA_BITS * len(sample)))
    near = min(_USUAL_RATES, key=lambda usual: abs(usual - rate))
    return near if abs(near - rate) * 100 <= near * _NEAR_PER_CENT else rate


def _refuse_mixed(file: CaptureFile, sample: list[Annotation]) -> None:
    """Where it is not said which wire a byte is on, and one byte begins within another, the two
    wires are mixed for good.
    """
    lines = [line for line in file.head_lines() if line.strip()]
    starts = [line.endswith(": Start bit") for line in lines]
    is_mixed = any(one and other for one, other in pairwise(starts))
    if is_mixed and not any(each.channel[-2:] in ("TX", "RX") for each in sample):
        raise QuecsimError(
            "both wires are in it, and it does not say which byte is on which",
            where=str(file.path), hint=_HOW,
        )  # fmt: skip


def _annotations(file: CaptureFile, tally: Tally) -> Iterator[Annotation]:
    is_bit_by_bit = any(line.endswith(": Start bit") for line in file.head_lines())
    read = _JsonLines().read if _is_json(file) else partial(_of_text, is_bit_by_bit)
    for number, raw in enumerate(file.whole_lines(tally), 1):
        line = raw.decode(errors="replace").rstrip("\r\n")
        try:
            made = read(line, tally)
        except (ValueError, RecursionError):
            tally.bad(f"line {number}")
            continue
        if made is not None:
            yield made


class _JsonLines:
    """Each annotation has two lines, at its begin and its end."""

    def __init__(self) -> None:
        self._begin: dict[str, int] = {}

    def read(self, line: str, tally: Tally) -> Annotation | None:
        """One that is over. ValueError: the line makes no sense."""
        match = _JSON.match(line)
        if match is None:
            if line.strip(" \t[],{}") and not line.startswith('{"traceEvents"'):
                raise ValueError(line)
            return None
        name = str(json.loads(match[5]))
        wire, at_ns = str(json.loads(match[4])), seconds_ns(match[2]) // 1_000_000
        if match[1] != "E":
            if wire.lower() in _WIRES:
                self._begin[wire] = at_ns
            return None
        if _is_of_bits(name, tally) or (short := _WIRES.get(wire.lower())) is None:
            return None
        start_ns = self._begin.get(wire, at_ns)
        return Annotation(start_ns, at_ns, f"{json.loads(match[3])} {short}", name)


def _of_text(is_bit_by_bit: bool, line: str, tally: Tally) -> Annotation | None:
    if not line.strip():
        return None
    match = _TEXT.match(line)
    if match is None:
        raise ValueError(line)
    start, end, decoder, row, text = match.groups()
    if len(text) > 2 and text[0] == text[-1] == '"':
        text = text[1:-1]
    wire = _WIRES.get(row.lower()) if row is not None else ""
    if _is_of_bits(text, tally) or wire is None:
        return None
    if is_bit_by_bit and not wire and text in ("0", "1"):
        return None
    channel = f"{decoder} {wire}".strip()
    return Annotation(int(start or -1), int(end or -1), channel, text)


def _is_of_bits(text: str, tally: Tally) -> bool:
    """It tells of a bit, and not of a byte."""
    if text not in _BIT_WORDS:
        return False
    tally.framing_errors += text == "Frame error"
    tally.parity_errors += text == "Parity error"
    return True


def _pieces(file: CaptureFile, per_second: int, is_decimal: bool, tally: Tally) -> Iterator[Piece]:
    for each in _annotations(file, tally):
        try:
            byte = _byte(each.text, is_decimal)
        except ValueError:
            tally.bad(f'the annotation "{each.text[:20]}"')
            continue
        # The stop bit comes behind the data bits.
        over = each.end + max(0, each.end - each.start) // _DATA_BITS
        yield Piece(over * S // per_second if per_second else 0, each.channel, bytes((byte,)))


def _byte(text: str, is_decimal: bool) -> int:
    """In hexadecimal, which is the decoder's usual format; `[0D]` is how ascii writes it."""
    if is_decimal:
        return cell_byte(text, is_decimal=True)
    bare = text[1:-1] if len(text) == 4 and text[0] == "[" else text
    return int(bare, 16) if _HEX.match(bare) else cell_byte(text, is_decimal=False)
