"""How the host talks to the command line: commands that were none, and what was wrong with them.

The events say where a command line was and what came of it; the bytes themselves (`HostStream`) say
what the host meant. Bytes behind an upload, or behind one that was refused, may be file data: there
only what the device knows as a command is looked at.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache
from typing import Any, NamedTuple

from quecsim.at.reference import usage
from quecsim.commands.catalogue import FAMILIES, catalogue
from quecsim.profiles.schema import Profile
from quecsim.report.advice.hint import Hint, shown
from quecsim.report.advice.lines import of_junk, of_line, of_unfinished
from quecsim.report.advice.stream import HostStream
from quecsim.report.model import Advice
from quecsim.trace import event as ev
from quecsim.trace.kinds import UPLOADS
from quecsim.units import S

_MOST_KEPT = 20
_MOST_BYTES = 2048
_SILENCE_NS = S
_SIMILAR = 0.8
_LINE_BEGIN = re.compile(rb"(?:\A|[\r\n\0\xbf])(AT)", re.IGNORECASE)
_BAD_INPUT = ("", "invalid_input")
_FAMILY_CHARS = 3  # `+QF`: what tells the families of commands apart
# What a host may have a reason for, so that it is told only where something went wrong.
_ONLY_IN_TROUBLE = frozenset({"control", "nul", "rubbish", "unknown", "not-here"})


class _Line(NamedTuple):
    """A command line that was answered with an error."""

    at_ns: int
    offset: int
    data: bytes
    call: ev.Called | None  # the one that failed
    cause: str


class _Junk(NamedTuple):
    """What stood in front of a command line."""

    at_ns: int
    offset: int
    data: bytes


class CommandTalk:
    """Feed it the events of a run by its `handlers`, behind those of `stream`."""

    def __init__(self, stream: HostStream) -> None:
        self._stream = stream
        self._from = 0  # behind the last command line, or the last data
        self._is_behind_data = False
        self._is_data = False
        self._is_asked = False
        self._current: ev.CommandLine | None = None
        self._call: ev.Called | None = None
        self._lines: list[_Line] = []
        self._junk: list[_Junk] = []
        self.handlers: dict[type, Callable[[Any], None]] = {
            ev.CommandLine: self._on_line,
            ev.Called: self._on_called,
            ev.Result: self._on_result,
            ev.TransferAsked: self._on_asked,
            ev.TransferEnd: self._on_transfer_end,
            ev.DataBegin: self._on_data_begin,
            ev.DataEnd: self._on_data_end,
            ev.Power: self._on_power,
        }

    def advice(
        self, profile: Profile | None, now_ns: int, *, is_ended: bool, all_well: bool
    ) -> list[Advice]:
        """What was seen, one entry for each kind, in the order of the stream."""
        found: dict[str, Advice] = {}
        names = _names(profile)
        for each in self._found(profile, names, now_ns, is_ended=is_ended):
            if each.kind in _ONLY_IN_TROUBLE and all_well:
                continue
            key = f"{each.kind} {each.advice}"
            first = found.setdefault(key, each)
            if first is not each:
                count = first.count + 1
                found[key] = Advice(
                    kind=first.kind, seen=first.seen, advice=first.advice, at_ns=first.at_ns,
                    offset=first.offset, count=count,
                )  # fmt: skip
        return sorted(found.values(), key=lambda each: each.offset or 0)

    def unfinished(self, now_ns: int, *, is_ended: bool) -> bytes:
        """What waits for the end of its command line, once the host has stopped writing."""
        rest = self._last(now_ns, is_ended=is_ended)
        match = _LINE_BEGIN.search(rest)
        return b"" if match is None or b"\r" in rest[match.end() :] else rest[match.start(1) :]

    def _last(self, now_ns: int, *, is_ended: bool) -> bytes:
        """What the host wrote last, where it is silent since and a command was expected."""
        is_silent = is_ended or now_ns - self._stream.at_ns >= _SILENCE_NS
        if self._is_data or self._is_asked or self._is_behind_data or not is_silent:
            return b""
        return self._stream.part(self._from, self._stream.sent) or b""

    def _found(
        self, profile: Profile | None, names: Collection[str], now_ns: int, *, is_ended: bool
    ) -> Iterator[Advice]:
        for line in self._lines:
            hint = of_line(line.data, names) or _of_call(line, profile, names)
            if hint is not None:
                yield _advice(hint, line.at_ns, line.offset)
        rest = self.unfinished(now_ns, is_ended=is_ended)
        last = self._last(now_ns, is_ended=is_ended).removesuffix(rest)[:_MOST_BYTES]
        end = self._stream.sent - len(rest)
        for each in (*self._junk, _Junk(self._stream.at_ns, self._from, last)):
            for hint in of_junk(each.data, names):
                yield _advice(hint, each.at_ns, each.offset)
        if rest and (unfinished := of_unfinished(rest)) is not None:
            yield _advice(unfinished, self._stream.at_ns, end)

    # what happened

    def _on_line(self, event: ev.CommandLine) -> None:
        if event.offset < 0:
            return
        before = self._stream.part(self._from, event.offset) or b""
        is_doubtful = self._is_behind_data and before and before[-1] not in b"\r\n"
        if before.strip() and not self._is_behind_data and len(self._junk) < _MOST_KEPT:
            self._junk.append(_Junk(event.at_ns, self._from, before[:_MOST_BYTES]))
        self._from = event.offset + event.count
        self._current = None if is_doubtful else event
        self._call = None
        if not is_doubtful:
            self._is_behind_data = False

    def _on_called(self, event: ev.Called) -> None:
        if self._current is not None and event.number == self._current.number:
            self._call = event

    def _on_result(self, event: ev.Result) -> None:
        line, self._current = self._current, None
        if line is None or line.number != event.number:
            return
        if event.text in ("OK", "SEND OK", "") or len(self._lines) >= _MOST_KEPT:
            return
        data = self._stream.part(line.offset, line.offset + line.count) or b""
        self._lines.append(_Line(line.at_ns, line.offset, data, self._call, event.cause))

    def _on_asked(self, _event: ev.TransferAsked) -> None:
        self._is_asked = True

    def _on_data_begin(self, _event: ev.DataBegin) -> None:
        self._is_data, self._is_asked = True, False

    def _on_data_end(self, event: ev.DataEnd) -> None:
        self._is_data, self._is_behind_data = False, True
        self._from = max(self._from, event.offset)

    def _on_transfer_end(self, _event: ev.TransferEnd) -> None:
        if self._is_asked:  # refused: the data may come all the same
            self._is_asked, self._is_behind_data = False, True

    def _on_power(self, _event: ev.Power) -> None:
        self._is_data = self._is_asked = self._is_behind_data = False
        self._current, self._from = None, self._stream.sent


def _advice(hint: Hint, at_ns: int, offset: int) -> Advice:
    return Advice(kind=hint.kind, seen=hint.seen, advice=hint.advice, at_ns=at_ns, offset=offset)


def _names(profile: Profile | None) -> frozenset[str]:
    if profile is None:
        return frozenset()
    return frozenset(command.name for command in catalogue(profile))


def _of_call(line: _Line, profile: Profile | None, names: Collection[str]) -> Hint | None:
    """What is wrong with a command that can be read as one."""
    call = line.call
    if call is None or profile is None or call.name[:1] != "+":
        return None
    if call.name.encode() not in line.data.upper():  # noise has made another of it
        return None
    if not call.is_known:
        return _unknown(call.name, profile.name, frozenset(names))
    is_input = call.form == "malformed" or line.cause in _BAD_INPUT
    if call.role != "writing" or not is_input:
        return None
    command = catalogue(profile).find(call.name)
    seen = f"{shown(line.data.strip())} is not as the device wants it"
    return Hint("syntax", seen, f"the form is {usage(command)}")


@lru_cache(maxsize=256)
def _unknown(name: str, device: str, names: frozenset[str]) -> Hint:
    """A command that the device does not have: misspelled, another device's, or unknown."""
    seen = f"AT{name} is no command of this device ({device})"
    everywhere = {command.name for family in FAMILIES.values() for command in family}
    if name in everywhere:
        ways = [f"AT{way}" for way in UPLOADS if way in names]
        advice = f"to upload it has {', '.join(ways)}" if name in UPLOADS else "leave it out"
        return Hint("not-here", seen, f"other devices have it; {advice}")
    near = _nearest(name, names)
    if near is not None and _is_same_family(name, near):
        return Hint("misspelled", seen, f"did you mean AT{near}?")
    return Hint("unknown", seen, f"`quecsim commands {device}` lists what it has")


def _nearest(name: str, names: Iterable[str]) -> str | None:
    """The name that is most like it; of two that are as near, the first of the alphabet."""
    near = get_close_matches(name, names, n=5, cutoff=_SIMILAR)
    return min(near, key=lambda one: (-SequenceMatcher(None, one, name).ratio(), one), default=None)


def _is_same_family(name: str, near: str) -> bool:
    """+QICLOSE is no misspelled +QFCLOSE, and +QUFPL is a misspelled +QFUPL."""
    is_family = name[:_FAMILY_CHARS] == near[:_FAMILY_CHARS]
    return is_family or sorted(name) == sorted(near)
