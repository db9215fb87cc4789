"""A record without what the host's payload says: a digest of it in its place.

A payload may be a private key, and a trace goes to whoever is to look at it. So every byte of the
host's that is no command is written as `*`, and so is everything in which such bytes could come
back: what was read by mistake, what the device sent, files that were there before. The lengths and
the times stay, so that a report says the same. What is hidden is said to be (`HostBytes.hidden`),
and `PayloadDigest` names it: with the payload at hand the record can be run again
(`quecsim.trace.restore`).

What is a command is told by its form, with doubt in favour of hiding: a whole line that begins with
`AT`, outside of data mode. A digest is made of 16 bytes or more: of fewer, it could be guessed.
"""

import re
from base64 import b64decode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from msgspec.structs import replace

from quecsim.trace import event as ev

FULL, DIGEST = "full", "digest"
LEAST_BYTES = 16
_MARK = "*"
_HIDDEN_FILE = "hidden"

_FORM = r"AT(?:[+&^$*#%][ -~]{0,500}|[A-Z][ -~]{0,12})?"
_COMMAND = re.compile(_FORM, re.IGNORECASE)
_COMMAND_LINE = re.compile(_FORM.encode() + rb"\r\n?", re.IGNORECASE)
_COMMAND_BEGINS = re.compile(rb"A(?:T(?:[+&^$*#%A-Z][ -~]{0,500})?)?", re.IGNORECASE)
_NAME = re.compile(r"[+&^$*#%][A-Z0-9]{1,20}|[A-Z]?", re.IGNORECASE)
_CONTROLS = (b"+++", b"\x1a", b"\x1b", b"\x11", b"\x13")
_ANSWERS = re.compile(rb"(?:\r\n[ -~]{1,600}\r\n)+|A|> |\r\n> ")


class Redactor:
    """Gives each event back without payload. Feed it all events of a run in their order, in
    whatever pieces; `end` has what is left to say.
    """

    def __init__(self) -> None:
        self._is_data = False  # the host's bytes are those of an upload
        self._is_download = False  # the device's bytes are those of a file
        self._is_hiding = False  # the host's last line was none of a command
        self._is_inside = False  # of a command that has not ended
        self._hash = sha256()
        self._count = 0
        self._at_ns = 0

    def feed(self, events: Iterable[ev.Event]) -> list[ev.Event]:
        """The same without payload, and digests between them."""
        given: list[ev.Event] = []
        for event in events:
            self._at_ns = event.at_ns
            if type(event) is ev.HostBytes:
                given += self._host_bytes(event)
            else:
                given.append(self._other(event))
                if type(event) is ev.DataEnd:
                    given += self._digest()
        return given

    def end(self) -> list[ev.Event]:
        """Nothing more comes: the digest of what was hidden last."""
        return list(self._digest(is_last=True))

    def _host_bytes(self, event: ev.HostBytes) -> Iterator[ev.Event]:
        hidden = tuple(self._hidden(event.data))
        if not hidden:
            yield from self._digest()
            yield event
            return
        data = bytearray(event.data)
        for start, count in hidden:
            self._hash.update(event.data[start : start + count])
            self._count += count
            data[start : start + count] = _MARK.encode() * count
        yield replace(event, data=bytes(data), hidden=hidden)

    def _digest(self, *, is_last: bool = False) -> Iterator[ev.Event]:
        if self._count >= LEAST_BYTES or (is_last and self._count):
            told = self._hash.hexdigest() if self._count >= LEAST_BYTES else ""
            yield ev.PayloadDigest(self._at_ns, self._count, told)
            self._hash, self._count = sha256(), 0

    def _hidden(self, data: bytes) -> Iterator[tuple[int, int]]:
        """(first, count) of each stretch that is no command."""
        if self._is_data:
            if data not in _CONTROLS and not _COMMAND_LINE.fullmatch(data):
                yield 0, len(data)
            return
        place = begin = 0
        while place < len(data):
            if end := self._command_end(data, place):
                if place > begin:
                    yield begin, place - begin
                place = begin = end
            else:
                self._is_hiding, self._is_inside = True, False
                place = _next_line(data, place)
        if place > begin:
            yield begin, place - begin

    def _command_end(self, data: bytes, place: int) -> int:
        """Where the command that begins or goes on at `place` ends; 0: there is none."""
        if self._is_inside:
            return self._inner_end(data, place)
        if found := _COMMAND_LINE.match(data, place):
            self._is_hiding = False
            return found.end()
        if self._is_hiding:
            return 0
        if data[place] in b"\r\n":
            return place + 1
        found = _COMMAND_BEGINS.match(data, place)
        if found and found.end() == len(data):
            self._is_inside = True
            return found.end()
        return len(data) if data in _CONTROLS else 0

    def _inner_end(self, data: bytes, place: int) -> int:
        """The same for a command that came in pieces."""
        end = place
        while end < len(data) and 32 <= data[end] < 127:
            end += 1
        if end < len(data):
            self._is_inside = False
            return end + 1 if data[end] in b"\r\n" else end
        return end

    def _other(self, event: ev.Event) -> ev.Event:
        match event:
            case ev.DataBegin():
                self._is_data = True
            case ev.DataEnd():
                self._is_data = self._is_hiding = self._is_inside = False
            case ev.TransferAsked(way="out"):
                self._is_download = True
            case ev.TransferEnd():
                self._is_download = False
            case ev.Start():
                return _without_files(event)
            case ev.Eaten():
                return replace(event, data=_MARK.encode() * len(event.data))
            case ev.Sent() if not self._is_answer(event.data):
                return replace(event, data=_MARK.encode() * len(event.data))
            case ev.CommandLine() | ev.Swallowed():
                return replace(event, text=_told(event.text))
            case ev.Result():
                return replace(event, line=_told(event.line))
            case ev.BleAsked(count=count) if count < LEAST_BYTES:
                return replace(event, digest="")
            case ev.LinkSent(count=count) if count < LEAST_BYTES:
                return replace(event, sha256="")
            case ev.Called() if not _NAME.fullmatch(event.name):
                return replace(event, name=_MARK * len(event.name))
        return event

    def _is_answer(self, data: bytes) -> bool:
        """It is the device's own, or the echo of a command."""
        if _ANSWERS.fullmatch(data) and not self._is_download:
            return True
        return data in (b"\r\nCONNECT\r\n", b"\r\nOK\r\n") or not (
            self._is_hiding or self._is_data or self._is_download
        )


def _next_line(data: bytes, place: int) -> int:
    ends = [at for at in (data.find(b"\r", place), data.find(b"\n", place)) if at >= 0]
    return min(ends) + 1 if ends else len(data)


def _told(text: str) -> str:
    return text if _COMMAND.fullmatch(text) else _MARK * len(text)


def _without_files(start: ev.Start) -> ev.Start:
    """The set-up, without what was in the files that were there before."""
    config = dict(start.config)
    if "contents" in config:
        config["contents"] = {name: hidden_file(data) for name, data in config["contents"].items()}
    scenario = dict(start.origin.scenario)
    for key in ("files", "case"):
        scenario.pop(key, None)
    image = replace(start.origin.image, packed=b"")
    origin = replace(start.origin, scenario=scenario, image=image)
    return replace(start, config=config, origin=origin)


def hidden_file(data: Any) -> Any:
    """What stands for a file (base64, as in `Start.config`); hidden twice it is the same."""
    if not isinstance(data, str) or data.startswith(f"{_HIDDEN_FILE} "):
        return data
    plain = b64decode(data)
    told = sha256(plain).hexdigest() if len(plain) >= LEAST_BYTES else ""
    return f"{_HIDDEN_FILE} {len(plain)} {told}"


def is_hidden_file(data: Any) -> bool:
    """It stands for a file."""
    return isinstance(data, str) and data.startswith(f"{_HIDDEN_FILE} ")
