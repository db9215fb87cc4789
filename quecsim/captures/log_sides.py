"""Who says the lines of a log: by the marks before them (`>`, `[TX]`, `<-`) if these are marks, or
else by what they say.

A line that begins with AT is the host's; if the next one is the same, it is the device's echo. All
others are the device's, but for data: behind CONNECT of an upload, and behind the prompt `>`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from quecsim.captures.escapes import hexadecimal
from quecsim.captures.log_lines import LogLine
from quecsim.captures.spoken import Voice, is_command, is_result
from quecsim.observed.heard import Side

_ENOUGH_LINES = 20_000
_SURE_LINES = 5
_UPLOADS = re.compile(
    rb"AT\+(?:QFUPL|QFWRITE|QFTPPUT|QHTTPURL|QHTTPPOST|QHTTPPUT|QSECWRITE|QSSLCERT|QMTPUB|QIUPL)",
    re.IGNORECASE,
)
_PROMPTED = re.compile(
    rb"AT\+(?:CMGS|CMGW|QISEND|QSSLSEND|QMTPUB|QMTPUBEX|QIWRITE|QSEND)", re.IGNORECASE
)
_COUNTED = re.compile(rb"AT\+Q(?:ISEND|SSLSEND|IWRITE)=\d+,\d+", re.IGNORECASE)
_ACKS = re.compile(rb"A+\Z")


@dataclass(frozen=True, slots=True)
class Marks:
    """What marks stand for: a side, or None: nothing, they are part of what is said, or stand
    before every line (`separators`). `is_mixed`: unmarked lines are of both sides.
    """

    sides: dict[str, Side]
    separators: frozenset[str]
    is_mixed: bool

    def text_of(self, line: LogLine) -> bytes:
        """What is said in the line."""
        is_mark = line.mark in self.sides or line.mark in self.separators
        return line.text if is_mark or not line.mark else line.rest

    def side_of(self, line: LogLine) -> Side | None:
        """Whose the line is by its mark; None: it has none that says so."""
        return self.sides.get(line.mark) if line.mark else None


def marks_of(lines: Iterable[LogLine]) -> Marks:
    """Listens to what is said behind each mark, until it is clear."""
    voices: dict[str, Voice] = {}
    for number, line in enumerate(lines):
        voice = voices.setdefault(line.mark, Voice())
        text = line.text if line.mark else line.rest
        data = line.data if line.mark else None
        data = data or (hexadecimal(text) if line.mark else None)
        voice.hear(0, data if data is not None else text + b"\r\n")
        if number == _ENOUGH_LINES or len(voices) > _SURE_LINES * _SURE_LINES:
            break
    marked = {mark: voice for mark, voice in voices.items() if mark}
    sides: dict[str, Side] = {}
    for mark, voice in marked.items():
        if voice.is_host or voice.is_device:
            sides[mark] = "host" if voice.is_host else "device"
    bare = voices.get("", Voice())
    if not _are_marks(sides, marked, bare):
        separators = frozenset(mark for mark, voice in marked.items() if voice.commands)
        return Marks({}, separators, is_mixed=True)
    return Marks(sides, frozenset(), is_mixed=bare.commands > 0)


def _are_marks(sides: dict[str, Side], marked: dict[str, Voice], bare: Voice) -> bool:
    """One side has a mark, and the other has another, or none. A mark before both is none."""
    found = set(sides.values())
    if found == {"host", "device"}:
        return True
    if found == {"host"}:
        others = sum(voice.results for mark, voice in marked.items() if mark not in sides)
        return bare.commands == 0 and (bare.results + others > 0 or not bare.bytes)
    return found == {"device"} and bare.is_host


@dataclass(frozen=True, slots=True)
class Spoken:
    """`side` says `data`; `is_exact`: it was written byte by byte, and is no text whose end had to
    be guessed.
    """

    side: Side
    data: bytes
    is_exact: bool = False


class Sides:
    """Reads the lines one after the other. `noise` counts those of nobody, `missing` the uploads
    whose data is not in the log.
    """

    def __init__(self, marks: Marks) -> None:
        self.noise = self.missing = 0
        self._marks = marks
        self._last_host = b""
        self._command = b""
        self._is_data = self._has_data = self._is_prompted = False

    def read(self, line: LogLine) -> Iterator[Spoken]:
        """What is said in it, and by whom."""
        text = self._marks.text_of(line)
        side = self._marks.side_of(line)
        data = line.data
        if side is not None and data is None:
            data = hexadecimal(text)
        if side is None and self._marks.sides and not self._is_of_somebody(text):
            self.noise += 1
            return
        if data is not None:
            yield self._exact(side, data)
            return
        if side is None:
            yield from self._by_words(text)
        elif side == "host":
            yield self._host(text)
        else:
            yield self._device(text)

    def _is_of_somebody(self, text: bytes) -> bool:
        """Whether an unmarked line, where others have marks, is somebody's all the same."""
        if set(self._marks.sides.values()) == {"host", "device"}:
            return False
        return bool(text.strip()) or not self._marks.is_mixed

    def _exact(self, side: Side | None, data: bytes) -> Spoken:
        words = data.strip()
        if side is None:
            side = "host" if is_command(words) else "device"
        if side == "host":
            self._note_host(words)
        else:
            self._note_device(words)
        return Spoken(side, data, is_exact=True)

    def _by_words(self, text: bytes) -> Iterator[Spoken]:
        words = text.strip()
        if self._marks.sides:  # the other side has the marks
            is_host = "host" not in self._marks.sides.values()
            yield self._host(text) if is_host else self._device(text)
        elif is_command(words) or words == b"+++":
            if words == self._last_host:
                self._last_host = b""
                yield Spoken("device", words + b"\r")
            else:
                yield self._host(words)
        elif words[:1] == b">" and _PROMPTED.match(self._command):
            yield Spoken("device", b"\r\n> ")
            self._is_prompted = True
            if words[1:].strip():
                yield self._host(words[1:].strip())
        elif self._is_data and words and not is_result(words) and not _ACKS.match(words):
            yield self._host(text)
        else:
            yield self._device(text)

    def _host(self, text: bytes) -> Spoken:
        """A line of the host's with the end that it must have had: data has none but between its
        lines, and what follows a prompt ends with SUB where the command has not said how much.
        """
        is_first, is_prompted = not self._has_data, self._is_prompted
        self._note_host(text.strip())
        if self._is_data:
            return Spoken("host", text if is_first else b"\n" + text)
        if is_prompted:
            return Spoken("host", text + (b"" if _COUNTED.match(self._command) else b"\x1a"))
        return Spoken("host", text + b"\r")

    def _device(self, text: bytes) -> Spoken:
        self._note_device(text.strip())
        return Spoken("device", text + b"\r\n")

    def _note_host(self, words: bytes) -> None:
        self._last_host, self._is_prompted = words, False
        if is_command(words):
            self._command, self._is_data = words, False
        elif self._is_data:
            self._has_data = True

    def _note_device(self, words: bytes) -> None:
        if words:
            self._last_host = b""
            self._is_prompted = words == b">" and _PROMPTED.match(self._command) is not None
        if words.endswith(b"CONNECT") and _UPLOADS.match(self._command):
            self._is_data, self._has_data = True, False
        elif self._is_data and is_result(words):
            self.missing += not self._has_data
            self._is_data = False
