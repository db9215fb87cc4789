"""How the module was when its record began, as far as its own words tell: the simulated device of a
profile is brought into the same state first, and that is told.

Nobody knows whether such a state is the module's own, or was set before anybody listened.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from quecsim.flash.labels import label_of, split_spelling
from quecsim.likeness.exchange import Exchange
from quecsim.profiles.schema import Profile
from quecsim.rig import RigConfig
from quecsim.units import S, ms

_LISTED = re.compile(r'\+QFLST: ?"([^"]{1,255})",(\d{1,9})')
_DOWNLOADED = re.compile(rb"\r\n\+QFDWL: ?(\d+),[0-9A-Fa-f]+\r\n")
_CONNECT = b"CONNECT\r\n"
_ERROR = re.compile(r"\+CME ERROR: ?(.+)")
_CMEE = re.compile(r"\+CMEE: ?([012])\b")
_QUOTED = re.compile(r'"([^"]*)"')
_SOME_BYTE = b"\x00"
_USUAL_BAUD, _BITS_PER_BYTE = 115_200, 10
_MANY_BYTES, _LATE_MS = 1024, 20
_MAKERS = ("+QFUPL", "+QFOPEN", "+QSECWRITE")


@dataclass(frozen=True, slots=True)
class Beginning:
    """`echo` and `cmee` are None where the record does not tell; `baud` 0 likewise. `files` were
    there, by their label. `knows_rate`: the module had found the host's rate. `is_fast`: data came
    faster than the line's rate allows, as over USB.
    """

    echo: bool | None = None
    cmee: int | None = None
    baud: int = 0
    files: dict[str, bytes] = field(default_factory=dict)
    knows_rate: bool = True
    is_fast: bool = False

    def lines(self, profile: Profile) -> list[bytes]:
        """What brings a device of that profile into that state."""
        lines = []
        if profile.autobaud is not None and self.knows_rate:
            lines += [b"AT\r"] * (profile.autobaud.lost_lines + 1)
        if self.cmee not in (None, profile.at.cmee):
            lines.append(b"AT+CMEE=%d\r" % self.cmee)
        if self.echo not in (None, profile.at.echo):
            lines.append(b"ATE%d\r" % self.echo)
        return lines

    def config(self, config: RigConfig, profile: Profile) -> RigConfig:
        """The same for what no command sets."""
        config = replace(config, contents=dict(self.files))
        if self.is_fast and profile.usb is not None:
            return replace(config, port="usb")
        has_rate = self.baud in profile.uart.bauds and profile.autobaud is None
        is_unlimited = self.is_fast or config.is_unlimited
        return replace(config, ipr=self.baud if has_rate else None, is_unlimited=is_unlimited)

    def words(self, profile: Profile) -> list[str]:
        """What of it is otherwise than a device of `profile` starts, in words."""
        told = []
        if self.echo is not None and self.echo != profile.at.echo:
            told.append("echo on" if self.echo else "echo off")
        if self.cmee is not None and self.cmee != profile.at.cmee:
            told.append(f"AT+CMEE={self.cmee}")
        if self.is_fast:
            told.append("data faster than the line, as over USB")
        told += [f"{name} is there, {len(data)} bytes" for name, data in self.files.items()]
        return told


def beginning_of(
    exchanges: Iterable[Exchange],
    *,
    baud: int = 0,
    has_echo: bool = True,
    has_times: bool = True,
) -> Beginning:
    """What the exchanges of a module tell; `has_echo`: they have the bytes as they were,
    `has_times`: and their times.
    """
    exchanges = list(exchanges)
    return Beginning(
        echo=_echo(exchanges) if has_echo else None,
        cmee=_cmee(exchanges),
        baud=baud,
        files=_Files(exchanges).found,
        knows_rate=any(each.reply for each in exchanges[:1]),
        is_fast=has_times and any(_is_fast(each, baud or _USUAL_BAUD) for each in exchanges),
    )


def _is_fast(exchange: Exchange, baud: int) -> bool:
    """Its data cannot have come over a line of that rate, whatever the clock of the listener."""
    begun, summary = exchange.begun, exchange.summary
    if begun is None or summary is None or summary.received < _MANY_BYTES:
        return False
    line_ns = summary.received * _BITS_PER_BYTE * S // baud
    return summary.at_ns - begun.at_ns + ms(_LATE_MS) < line_ns


def _echo(exchanges: Iterable[Exchange]) -> bool | None:
    """By the first line that was answered."""
    return next((bool(each.echo) for each in exchanges if each.reply.strip()), None)


def _cmee(exchanges: Iterable[Exchange]) -> int | None:
    """By what it says itself, or by its errors, before anything has set it. A number may stand for
    words that the module has not.
    """
    found = None
    for each in exchanges:
        if ("+CMEE", "read") in each.calls and (match := _CMEE.search(_text(each))):
            return int(match[1])
        if ("+CMEE", "write") in each.calls or _resets(each):
            break
        if each.result is not None and (error := _ERROR.fullmatch(each.result.text)):
            found = max(found or 1, 1 if error[1].isdecimal() else 2)
    return found


def _resets(exchange: Exchange) -> bool:
    return any(name in ("Z", "&F") for name in exchange.names)


def _text(exchange: Exchange) -> str:
    return exchange.reply.decode("latin-1")


class _Files:
    """Which files were there before anybody made them: by the first word about each."""

    def __init__(self, exchanges: Iterable[Exchange]) -> None:
        self.found: dict[str, bytes] = {}
        self._known: set[str] = set()  # what was there first is settled
        for each in exchanges:
            self._see(each)

    def _see(self, exchange: Exchange) -> None:
        for spelled, size in _LISTED.findall(_text(exchange)):
            self._was_there(label_of(spelled), _SOME_BYTE * int(size))
        quoted = _QUOTED.search(exchange.text)
        if quoted is None or exchange.result is None:
            return
        name, is_ok = label_of(quoted[1]), exchange.result.text == "OK"
        command = exchange.names[-1] if exchange.names else ""
        if command == "+QFDWL" and is_ok:
            self._was_there(name, _downloaded(exchange.reply))
        elif _needs_file(exchange, command, is_ok=is_ok):
            self._was_there(name, _SOME_BYTE)
        if command in (*_MAKERS, "+QFDEL"):
            self._known.add(name)

    def _was_there(self, name: str, content: bytes) -> None:
        """A file of the flash; others nobody can put there."""
        if name in self._known or "*" in name or not name or split_spelling(name)[0] != "UFS":
            return
        self._known.add(name)
        self.found[name] = content


def _needs_file(exchange: Exchange, command: str, *, is_ok: bool) -> bool:
    """The answer is one that only a file gets that is there."""
    if not is_ok:
        return exchange.result is not None and exchange.result.cause == "file_exists"
    opens_it = command == "+QFOPEN" and exchange.text.rstrip().endswith(",2")
    return opens_it or command == "+QFDEL"


def _downloaded(reply: bytes) -> bytes:
    """The content of a file in the reply of AT+QFDWL."""
    begin, match = reply.find(_CONNECT), _DOWNLOADED.search(reply)
    if begin < 0 or match is None:
        return _SOME_BYTE
    return reply[begin + len(_CONNECT) :][: int(match[1])]
