"""pyserial's `spy://PORT?file=FILE`: what a Python program wrote and read, with control lines.

000000.000 DTR  active
000000.301 TX   0000  41 54 49 0D                                       ATI.
000000.602 RX   0000  41 54 49 0D 0D 0A 51 75  65 63 74 65 6C 0D 0A 45  ATI...Quectel..E
"""

import re
from collections.abc import Iterator
from functools import partial

from quecsim.captures.file import CaptureFile
from quecsim.captures.opened import Opened, Options, Tally, Told
from quecsim.captures.stamps import seconds_ns
from quecsim.errors import QuecsimError
from quecsim.observed.heard import Heard, Side
from quecsim.trace.event import HostDtr, HostRts

_COLOUR = re.compile(r"\x1b\[\d{1,3}m")
_LINE = re.compile(r"(\d{6,10}\.\d{3}) (\S{1,8}) +(.*)\Z")
_DUMP = re.compile(r"[0-9A-F]{4,}  (.{49})")
_HEX = re.compile(r"[0-9A-F]{2}\Z")
_SIDES: dict[str, Side] = {"TX": "host", "RX": "device"}
_SAMPLE_LINES = 50


def recognize(file: CaptureFile) -> int:
    """2: its lines are those of spy://, 0: they are not."""
    lines = [_COLOUR.sub("", line) for line in file.head_lines()[:_SAMPLE_LINES] if line.strip()]
    return (
        2 if lines and sum(_LINE.match(line) is not None for line in lines) * 2 > len(lines) else 0
    )


def open_spy(file: CaptureFile, options: Options) -> Opened:
    """Raises QuecsimError where it is something else."""
    if not recognize(file):
        raise QuecsimError(
            "there are no lines of spy:// in it", where=str(file.path),
            hint='open the port with serial.serial_for_url("spy:///dev/ttyUSB2?file=spy.log")',
        )  # fmt: skip
    return Opened(
        read=partial(_told, file, options.swap), lacks=("byte-times", "modem-lines"),
        baud=options.baud, notes=("what the device said is told when the program read it",),
    )  # fmt: skip


def _told(file: CaptureFile, is_swapped: bool, tally: Tally) -> Iterator[Told]:
    other: dict[Side, Side] = {"host": "device", "device": "host"}
    for number, raw in enumerate(file.whole_lines(tally), 1):
        line = _COLOUR.sub("", raw.decode(errors="replace")).rstrip()
        match = _LINE.match(line)
        if match is None:
            if line:
                tally.bad(f"line {number}")
            continue
        at_ns = seconds_ns(match[1])
        if (side := _SIDES.get(match[2])) is not None:
            if (data := _bytes(match[3])) is None:
                tally.bad(f"line {number}")
            elif data:
                yield Heard(at_ns, other[side] if is_swapped else side, data)
        elif match[2] in ("DTR", "RTS") and match[3] in ("active", "inactive"):
            is_on = match[3] == "active"
            yield HostDtr(at_ns, is_on) if match[2] == "DTR" else HostRts(at_ns, is_on)


def _bytes(dump: str) -> bytes | None:
    """Those of a line; None: it is none."""
    if dump == "<empty>":
        return b""
    match = _DUMP.match(dump.ljust(60))
    words = match[1].split() if match is not None else []
    if not words or not all(_HEX.match(word) for word in words):
        return None
    return bytes.fromhex("".join(words))
