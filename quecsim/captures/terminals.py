"""Logs of terminal programs: picocom, tio and minicom write down what came from the device, and so
what it echoes, but nothing else of what the host sent.

    [02:23:04.109] AT+CSQ\\r\\r\\n            tio --timestamp --log-file FILE
    [2026-11-30 02:23:45.856] +CSQ: 24,99   minicom, with the times of C-a N
    +CSQ: 24,99\\r\\n                        picocom --logfile FILE

A command that the device echoes is what the host said. Where the log has its CRs, what the device
said is exact.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quecsim.captures import text
from quecsim.captures.file import CaptureFile
from quecsim.captures.log_lines import log_line
from quecsim.captures.opened import Opened, Options, Tally, Told
from quecsim.captures.spoken import is_command
from quecsim.captures.stamps import DayClock
from quecsim.errors import QuecsimError
from quecsim.observed.heard import Heard, Side
from quecsim.trace.setup import Lack

_TIO = re.compile(rb"\[(?:\d{4}-\d\d-\d\dT)?\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:?\d\d)?\](?: |\Z)")
_MINICOM = re.compile(rb"\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{3})?\] ")
_SAMPLE_LINES = 500
_FEW_PER_CENT = 25


def recognize_picocom(file: CaptureFile) -> int:
    """2: bytes as they came, with the CRs of an echo, and no times."""
    is_text = text.recognize(file)
    return 2 if is_text and b"\r\r\n" in file.head and not text.has_stamps(file) else 0


def recognize_tio(file: CaptureFile) -> int:
    """2: lines with tio's times, and no other marks."""
    return _recognize(file, _TIO)


def recognize_minicom(file: CaptureFile) -> int:
    """2: lines with minicom's times, and no other marks."""
    return _recognize(file, _MINICOM)


def _recognize(file: CaptureFile, stamp: "re.Pattern[bytes]") -> int:
    lines = [line for line in file.head.split(b"\n")[:_SAMPLE_LINES] if line.strip()]
    stamped = sum(stamp.match(line) is not None for line in lines)
    is_it = stamped * 100 > len(lines) * _FEW_PER_CENT and text.recognize(file)
    return 2 if is_it and not text.is_marked(file) else 0


def open_terminal(file: CaptureFile, options: Options) -> Opened:
    """Raises QuecsimError where there is neither a command nor an answer in it."""
    if not text.recognize(file):
        raise QuecsimError(
            "there is neither an AT command nor an answer in it", where=str(file.path),
            hint="the log of a terminal is what the device said",
        )  # fmt: skip
    log = Log(
        file=file, options=options, is_raw=b"\r" in file.head, has_times=text.has_stamps(file),
        has_local_echo=_has_local_echo(file),
    )  # fmt: skip
    missing: dict[Lack, bool] = {
        "times": not log.has_times,
        "byte-times": True,
        "exact-bytes": not log.is_raw,
        "host-bytes": not log.has_local_echo,
        "modem-lines": True,
    }
    whose = _ALL if log.has_local_echo else _ECHOED
    return Opened(
        read=log.read, baud=options.baud, is_clock=True, notes=(whose,),
        lacks=tuple(lack for lack, is_missing in missing.items() if is_missing),
        date=text.first_date(file) if log.has_times else "",
    )  # fmt: skip


_ECHOED = "of the host there is only what the device echoes: its commands, and no data"
_ALL = "the terminal has written down what it sent (its own echo): that is the host's"


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """A terminal's log. `is_raw`: bytes as they came; otherwise lines, whose ends are lost.
    `has_local_echo`: what was typed is in it, before the time of a line, or in lines without one.
    """

    file: CaptureFile
    options: Options
    is_raw: bool
    has_times: bool
    has_local_echo: bool

    def read(self, _tally: Tally) -> Iterator[Told]:
        """All of it."""
        clock = DayClock()
        at_ns = text.first_ns(self.file) if self.has_times else 0
        for raw in self.file.lines():
            before, stamp, said = self._parts(raw)
            if stamp and (line := log_line(stamp)).at_ns is not None:
                at_ns = line.at_ns if line.is_dated else clock.ns(line.at_ns)
            for each in self._said(before, said):
                yield Heard(at_ns, each[0], each[1])

    def _said(self, before: bytes, said: bytes) -> Iterator[tuple[Side, bytes]]:
        if self.options.side is not None:
            if before or said:
                yield self.options.side, before + said
            return
        if before and self.has_local_echo:
            yield "host", before if self.is_raw else _with_end(before)
        elif before:
            said = before + said
        words = said.strip()
        if not self.has_local_echo and is_command(words):
            yield "host", words + b"\r"
        if said:
            end = b"\r\r\n" if is_command(words) else b"\r\n"
            yield "device", said if self.is_raw else said.rstrip(b"\n") + end

    def _parts(self, raw: bytes) -> tuple[bytes, bytes, bytes]:
        """What stands before a time, the time, and what is behind it."""
        if not self.has_times:
            return b"", b"", raw
        match = _TIO.search(raw) or _MINICOM.search(raw)
        if match is None:
            return (raw, b"", b"") if raw.strip() else (b"", b"", raw)
        return raw[: match.start()], match[0], raw[match.end() :]


def _with_end(typed: bytes) -> bytes:
    words = typed.rstrip(b"\n")
    return words + (b"\r" if is_command(words) else b"\n" if words != typed else b"")


def _has_local_echo(file: CaptureFile) -> bool:
    """A command stands before the time of a line."""
    found = [(match, line) for line in file.head.split(b"\n") if (match := _TIO.search(line))]
    return any(is_command(line[: match.start()].strip()) for match, line in found if match.start())
