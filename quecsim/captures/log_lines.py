"""A line of a log, taken apart: when, who (if it says so), and what.

    [02:23:45.154] AT+CSQ
    2026-06-01 12:34:56,789 DEBUG modem: TX b'AT+CSQ\\r'
    12:34:56.789 -> AT+CSQ
    [   12.345678] < +CSQ: 24,99

What stands for a side is only guessed here: any arrow or word that could. Whether it does is
decided for the whole log (`quecsim.captures.log_sides`).
"""

import re
from dataclasses import dataclass

from quecsim.captures.escapes import written
from quecsim.captures.stamps import clock_ns, seconds_ns
from quecsim.units import MS

_COLOUR = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")
_CLOCK = re.compile(
    r"[\[(]?(?:(\d{4})[-/](\d\d)[-/](\d\d)[T ,_]+|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}[ ,]+"
    r"|[A-Z][a-z]{2} +\d{1,2} )?(\d{1,2}:\d\d:\d\d)(?:[.,:](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?[\])]?"
    r"(?=[\s:|>\-]|\Z)"
)
_SECONDS = re.compile(r"[\[(] *(\d{1,9}\.\d{1,9}) ?s?[\])]|(\d{1,9}\.\d{3,9}) ?s?(?=[ :\t])")
_TICKS = re.compile(r"(?:[DIVWE] )?\((\d{1,12})\) [\w.-]{1,30}:|[\[(] *(\d{1,12}) ?ms[\])]")
_LEVEL = re.compile(r"\[?(?:DEBUG|INFO|TRACE|VERBOSE|NOTICE)\]?[:/]?(?=\s)", re.IGNORECASE)
_WORDS = (
    "TX|RX|TXD|RXD|SEND|SENT|SENDING|RECV|RECEIVED|RECEIVE|RCVD|OUT|IN|WRITE|READ|HOST|MCU|MODEM"
    "|MODULE|DEVICE|REQ|RSP|CMD|RESP"
)
_MARK = re.compile(
    rf"([\[(<](?:{_WORDS})[\])>]\s?:?|(?:{_WORDS})\s?(?::|-?->|=>|<-|>+|<+(?!(?:CR|LF)>)|(?=\s))"
    r"|-{1,3}>|<-{1,3}|={1,2}>|<={1,2}|>{1,3}|<{1,3}(?!(?:CR|LF)>))\s*",
    re.IGNORECASE,
)
_NAME = re.compile(r"[\w.\-\[\]]{1,30}:\s+")
_GAP = re.compile(r"\s*[:|\-]?\s+|\s*")


@dataclass(frozen=True, slots=True)
class LogLine:
    """`at_ns` None: it says no time. `is_dated`: since 1970, otherwise of its day, or from some
    start. `mark` could stand for a side, empty: nothing does; `text` is what is behind it, and
    `rest` is both.
    """

    at_ns: int | None
    is_dated: bool
    is_clock: bool
    mark: str
    text: bytes
    rest: bytes

    @property
    def data(self) -> bytes | None:
        """The bytes, where they are written with their ends; None: it is just text."""
        return written(self.text)


def log_line(raw: bytes) -> LogLine:
    """`raw` is one line, its end included or not."""
    line = _COLOUR.sub(b"", raw).rstrip(b"\r\n\0")
    head = line[:160].decode("latin-1")
    start = len(head) - len(head.lstrip())
    at_ns, is_dated, is_clock, end = _stamp(head, start)
    if at_ns is not None:
        gap = _GAP.match(head, end)
        end = gap.end() if gap is not None else end
    rest_at = end if at_ns is not None else 0
    mark, text_at = _mark(head, rest_at if at_ns is not None else start)
    text = line[text_at:] if mark else line[rest_at:]
    return LogLine(at_ns, is_dated, is_clock, mark, text, line[rest_at:])


def _stamp(head: str, start: int) -> tuple[int | None, bool, bool, int]:
    """The time, whether it has a date, whether it is a clock's, and where it ends."""
    try:
        if match := _CLOCK.match(head, start):
            date = f"{match[1]}-{match[2]}-{match[3]} " if match[1] else ""
            part = f".{match[5]}" if match[5] else ""
            text = f"{date}{match[4]}{part}{(match[6] or '') if date else ''}"
            return clock_ns(text), bool(date), True, match.end()
        if match := _SECONDS.match(head, start):
            return seconds_ns(match[1] or match[2]), False, False, match.end()
        if match := _TICKS.match(head, start):
            return int(match[1] or match[2]) * MS, False, False, match.end()
    except ValueError:
        pass
    return None, False, False, start


def _mark(head: str, start: int) -> tuple[str, int]:
    """What could stand for a side, and where the text behind it begins."""
    if match := _LEVEL.match(head, start):
        start = match.end()
        start += len(head[start:]) - len(head[start:].lstrip())
    match = _MARK.match(head, start)
    if match is None and (name := _NAME.match(head, start)) is not None:
        match = _MARK.match(head, name.end())
    if match is None:
        return "", start
    inner = _MARK.match(head, match.end())
    if inner is not None and any(char.isalpha() for char in inner[1]):
        match = inner  # `-> [TX]`, `modem: TX`: the word says more
    return match[1].strip().upper(), match.end()
