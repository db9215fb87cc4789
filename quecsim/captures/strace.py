"""strace: what a program wrote into its serial port and read from it, and how it set the port.

    20597 12:34:56.839070 write(3, "\\x41\\x54\\x49\\x0d", 4) = 4
    20597 12:34:57.039382 read(3, "\\x41\\x54\\x49\\x0d\\x0d\\x0a"..., 200) = 60

The port is the file on which commands are written. Take it with
`strace -f -tt -xx -s 65536 -e trace=openat,read,write,ioctl PROGRAM`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from quecsim.captures.escapes import unescaped
from quecsim.captures.file import CaptureFile
from quecsim.captures.opened import Opened, Options, Tally, Told
from quecsim.captures.spoken import Voice, is_command
from quecsim.captures.stamps import DayClock, clock_ns, seconds_ns
from quecsim.errors import QuecsimError
from quecsim.observed.heard import Heard, Side
from quecsim.trace.event import HostDtr, HostLine, HostRts
from quecsim.trace.setup import Lack

_HEAD = re.compile(
    r"(?:\[pid +(\d+)\] |(\d+) +)?(?:(\d\d:\d\d:\d\d(?:\.\d+)?) |(\d{9,}\.\d+) )?(.*)\Z"
)
_OF_STRACE = re.compile(r"[a-z_0-9]+\(|\+\+\+ |--- |<\.\.\. |strace: ")
_CALL = re.compile(r"(read|write|ioctl)\((\d+)(?:<([^\"]*?)>+)?, (.*)\Z")
_OPENED = re.compile(r"(?:open|openat|openat2|creat|dup|dup2|dup3|socket|pipe2?|close)\(.*\Z")
_CLOSED = re.compile(r"close\((\d+)")
_RESUMED = re.compile(r"<\.\.\. (read|write) resumed>(?:, )?(.*)\Z")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"(\.\.\.)?')
_RESULT = re.compile(r".*\) += (\d+)(?:<.*>)?\Z")
_UNFINISHED = "<unfinished ...>"
_SPEED = re.compile(r"\bB(\d{2,7})\b")
_SIZE = re.compile(r"\bCS([5-8])\b")
_LINES = {"TIOCMBIS": True, "TIOCMBIC": False}
_SAMPLE_LINES = 400
_MOST_FILES = 64
_MOST_PENDING = 256
_HOW = "strace -f -tt -xx -s 65536 -e trace=openat,read,write,ioctl -o FILE PROGRAM"


@dataclass(frozen=True, slots=True)
class Call:
    """One call on the file `key` (its number, and its path, or how often that number was opened
    before): what it said, or how it set the port (`what` is its text). `is_cut`: not all is shown.
    """

    at_ns: int
    key: tuple[int, str]
    name: str
    data: bytes = b""
    what: str = ""
    is_cut: bool = False


def recognize(file: CaptureFile) -> int:
    """2: its lines are calls, 0: they are not."""
    lines = [line for line in file.head_lines()[:_SAMPLE_LINES] if line.strip()]
    texts = [match[5] for line in lines if (match := _HEAD.match(line)) is not None]
    are_calls = sum(_OF_STRACE.match(text) is not None for text in texts) * 10 > len(lines) * 9
    return 2 if are_calls and any(_CALL.match(text) for text in texts) else 0


def open_strace(file: CaptureFile, options: Options) -> Opened:
    """Raises QuecsimError: no calls, or none with AT commands."""
    if not recognize(file):
        raise QuecsimError("there are no calls of read and write in it", where=str(file.path),
                           hint=f"make it with: {_HOW}")  # fmt: skip
    port, is_cut = _port(file)
    heads = [_HEAD.match(line) for line in file.head_lines()]
    has_times = any(head is not None and (head[3] or head[4]) for head in heads)
    lacks: list[Lack] = ["byte-times", "modem-lines"]
    notes = [f"the port is file {port[0]} of the program {_path(port[1])}".rstrip()]
    if not has_times:
        lacks.append("times")
        notes.append("strace -tt has times")
    if is_cut:
        lacks.append("exact-bytes")
        notes.append(f"strace has cut long strings: take it again with {_HOW}")
    return Opened(
        read=partial(_told, file, port, options.swap), lacks=tuple(lacks), baud=options.baud,
        is_clock=True, notes=tuple(notes),
    )  # fmt: skip


def _path(key: str) -> str:
    """The path in a key, as it is written; empty: it has none."""
    path = unescaped(key.encode("latin-1", errors="replace")).decode(errors="replace")
    return path.partition("<")[0] if path.startswith("/") else ""


def _port(file: CaptureFile) -> tuple[tuple[int, str], bool]:
    """The file on which a host speaks; whether it is cut. Raises QuecsimError: there is none."""
    voices: dict[tuple[int, str], Voice] = {}
    cut: set[tuple[int, str]] = set()
    for call in _calls(file, Tally()):
        if call.is_cut:
            cut.add(call.key)
        if call.name == "write" and (call.key in voices or len(voices) < _MOST_FILES):
            voices.setdefault(call.key, Voice()).hear(0, call.data)
    hosts = [key for key, voice in voices.items() if voice.is_host]
    if not hosts:
        raise QuecsimError(
            "the program writes no AT commands into any file", where=str(file.path),
            hint=f"strace the program that has the port open: {_HOW}",
        )  # fmt: skip
    port = max(hosts, key=lambda key: voices[key].commands)
    return port, port in cut


def _told(
    file: CaptureFile, port: tuple[int, str], is_swapped: bool, tally: Tally
) -> Iterator[Told]:
    sides: dict[str, Side] = {"write": "host", "read": "device"}
    if is_swapped:
        sides = {"write": "device", "read": "host"}
    is_begun = bool(port[1])
    for call in _calls(file, tally):
        if call.key != port:
            continue
        # Nobody has seen this number opened: what was read under it before may be another file.
        is_begun = is_begun or (call.name == "write" and is_command(call.data.strip()[:80]))
        if call.data and is_begun:
            yield Heard(call.at_ns, sides[call.name], call.data)
        elif call.name == "ioctl":
            yield from _settings(call)


def _settings(call: Call) -> Iterator[Told]:
    """How the port is set by an ioctl."""
    if "TCSETS" in call.what and (speed := _SPEED.search(call.what)):
        bits = _SIZE.search(call.what)
        parity = "N" if "PARENB" not in call.what else "O" if "PARODD" in call.what else "E"
        frame = f"{bits[1] if bits else 8}{parity}{2 if 'CSTOPB' in call.what else 1}"
        flow = "rtscts" if "CRTSCTS" in call.what else "xonxoff" if "IXON" in call.what else "none"
        yield HostLine(call.at_ns, int(speed[1]), frame, flow)
        return
    for word, is_on in _LINES.items():
        if word in call.what:
            if "TIOCM_DTR" in call.what:
                yield HostDtr(call.at_ns, is_on)
            if "TIOCM_RTS" in call.what:
                yield HostRts(call.at_ns, is_on)


def _calls(file: CaptureFile, tally: Tally) -> Iterator[Call]:
    reader = _Lines()
    for number, raw in enumerate(file.lines(), 1):
        try:
            call = reader.read(raw.decode(errors="replace").rstrip("\n"))
        except ValueError:
            tally.bad(f"line {number}")
            continue
        if call is not None:
            yield call


class _Lines:
    """Lines, one after the other: calls that another process has cut in two are put together, and
    numbers that are opened again are another file.
    """

    def __init__(self) -> None:
        self._clock = DayClock()
        self._at_ns = 0
        self._pending: dict[str, tuple[str, tuple[int, str], str]] = {}
        self._opened: dict[int, int] = {}

    def read(self, line: str) -> Call | None:
        """The call that is over with this line. ValueError: it makes no sense."""
        match = _HEAD.match(line)
        if match is None:
            return None
        if match[3]:
            self._at_ns = self._clock.ns(clock_ns(match[3]))
        elif match[4]:
            self._at_ns = seconds_ns(match[4])
        text = match[5]
        if _OPENED.match(text):
            self._note_file(text)
            return None
        found = self._whole(match[1] or match[2] or "", text)
        return _call(self._at_ns, *found) if found is not None else None

    def _note_file(self, text: str) -> None:
        result = _RESULT.match(text)
        closed = _CLOSED.match(text)
        number = int(closed[1]) if closed is not None else int(result[1]) if result else -1
        if number in self._opened or len(self._opened) < _MOST_PENDING:
            self._opened[number] = self._opened.get(number, 0) + 1

    def _whole(self, process: str, text: str) -> tuple[str, tuple[int, str], str] | None:
        """Name, file and the rest of a call that is over."""
        if (match := _CALL.match(text)) is not None:
            number = int(match[2])
            opened = self._opened.get(number, 0)
            path = match[3] or (f"({opened})" if opened else "")
            found = (match[1], (number, path), match[4])
            if not text.endswith(_UNFINISHED):
                return found
            if len(self._pending) < _MOST_PENDING:
                self._pending[process] = found
            return None
        if (match := _RESUMED.match(text)) is not None and process in self._pending:
            name, key, begin = self._pending.pop(process)
            return name, key, (begin.removesuffix(_UNFINISHED) + match[2]).lstrip()
        return None


def _call(at_ns: int, name: str, key: tuple[int, str], rest: str) -> Call | None:
    """None: it has failed, or said nothing. ValueError."""
    if name == "ioctl":
        return Call(at_ns, key, name, what=rest)
    result = _RESULT.match(rest)
    if result is None or result[1] == "0":
        return None
    string = _STRING.match(rest)
    if string is None:
        raise ValueError(rest)
    data = unescaped(string[1].encode("latin-1", errors="replace"))
    return Call(at_ns, key, name, data[: int(result[1])], is_cut=string[2] is not None)
