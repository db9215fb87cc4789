"""The host of a journey: it says what stands there, and takes nothing else for an answer."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fnmatch import translate
from typing import Any

from quecsim.errors import QuecsimError
from quecsim.render.dialogue import seconds
from quecsim.render.layout import safe
from quecsim.scenario.journey import Content, Journey, Step, Turn, steps_of
from quecsim.scenario.schema import Scenario
from quecsim.virtual.clock import DAY_NS
from quecsim.virtual.run import FunctionRun, run_function

_CR, _LF, _PROMPT = b"\r", b"\n", b">"
_POLL_S = 0.05
_SHOWN_BYTES = 40


class Astray(Exception):  # noqa: N818 - a way may be wrong without an error of ours
    """The device has said something else than stands in the journey."""


@dataclass(slots=True)
class Said:
    """A line of the dialogue as it was: `way` as in the journey, `at_ns` since its beginning."""

    way: str
    text: str
    at_ns: int


@dataclass(slots=True)
class Walk:
    """How far a host came. `astray` says in a sentence where it was told something else."""

    said: list[Said] = field(default_factory=list)
    astray: str = ""


def data_of(scenario: Scenario, journey: Journey) -> dict[str, bytes]:
    """The bytes of `data`, by name. Raises QuecsimError for a file that the scenario lacks."""
    return {name: _content(scenario, name, one) for name, one in journey.data.items()}


def _content(scenario: Scenario, name: str, one: Content) -> bytes:
    if one.base64 is not None:
        return one.base64
    if one.text is not None:
        return one.text.encode()
    if one.authority is not None:
        from quecsim.tls.authority import piece

        return piece(one.authority)
    if one.file is not None and one.file in scenario.contents:
        return scenario.contents[one.file]
    known = ", ".join(scenario.contents) or "none"
    raise QuecsimError(
        f"data.{name} has no text, base64, authority or file of [files] (there: {known})",
        where=f"journey.data.{name}",
    )


@dataclass(frozen=True, slots=True)
class Pace:
    """How the host writes its data: `chunk_bytes` at a time, with `gap_ms` between."""

    chunk_bytes: int = 1024
    gap_ms: int = 0


class Walker:
    """Walks on an open port of pyserial. `tell` hears of each line at once."""

    def __init__(
        self,
        port: Any,
        journey: Journey,
        data: dict[str, bytes],
        tell: Callable[[Said], None] | None = None,
        pace: Pace = Pace(),
    ) -> None:
        self._pace = pace
        self._port = port
        self._journey = journey
        self._data = data
        self._tell = tell
        self._unread = bytearray()
        self._echoes: list[bytes] = []  # lines that may come back before anything else
        self._may_have_blank = False
        self._begin_s = time.monotonic()
        self.walk = Walk()

    def go(self) -> Walk:
        """To the end, or until something else comes."""
        self._port.timeout = _POLL_S
        try:
            for step in steps_of(self._journey):
                _DO[step.turn](self, step)
        except Astray as error:
            self.walk.astray = str(error)
        return self.walk

    # what the host does

    def _send(self, step: Step) -> None:
        line = step.text.encode("latin-1")
        self._echoes.append(line)
        self._say(">", step.text)
        self._write(line + _CR)

    def _send_bytes(self, step: Step) -> None:
        data = self._data[step.name] if step.name else step.data
        self._say(">>", f"{len(data)} bytes of {step.name}" if step.name else step.text)
        self._write(data)

    def _write(self, data: bytes) -> None:
        chunk_bytes, gap_ms = self._pace.chunk_bytes, self._pace.gap_ms
        for place in range(0, len(data), chunk_bytes):
            if place and gap_ms:
                time.sleep(gap_ms / 1000)
            self._port.write(data[place : place + chunk_bytes])

    def _pause(self, step: Step) -> None:
        self._say("~", str(step.number))
        time.sleep(step.number / 1000)

    # what it takes for an answer

    def _expect(self, step: Step) -> None:
        line = self._next_line(step)
        if not _is_like(line, step.text):
            raise self._astray(step, f"{line!r} came")
        self._say("<", line)

    def _expect_later(self, step: Step) -> None:
        end_s = time.monotonic() + self._journey.within_ms / 1000
        while not _is_like(line := self._next_line(step), step.text):
            self._say("<", line)
            if time.monotonic() >= end_s:  # one that never stops talking
                raise self._astray(step, f"{line!r} came, and others, but not that")
        self._say("<", line)

    def _expect_prompt(self, step: Step) -> None:
        for _ in self._until(step):
            head = bytes(self._unread).lstrip(_CR + _LF)
            echo = next((each for each in self._echoes if head.startswith(each)), None)
            if echo is not None:
                head = head[len(echo) :].lstrip(_CR + _LF)
            if head.startswith(_PROMPT):
                self._unread[:] = head[len(_PROMPT) :]
                self._may_have_blank = True
                self._echoes.clear()
                self._say("<", ">")
                return
            if _LF in head:
                line = head.split(_LF)[0].strip(_CR).decode("latin-1")
                raise self._astray(step, f"{line!r} came")

    def _expect_bytes(self, step: Step) -> None:
        wanted = self._data[step.name] if step.name else None
        count = step.number if wanted is None else len(wanted)
        for _ in self._until(step):
            if len(self._unread) >= count:
                break
        came = bytes(self._unread[:count])
        del self._unread[:count]
        if wanted is not None and came != wanted:
            place = next(at for at in range(count) if came[at] != wanted[at])
            raise self._astray(step, f"byte {place} of it is another one")
        self._say("<<", f"{count} bytes" + (f" of {step.name}" if step.name else ""))

    def _next_line(self, step: Step) -> str:
        """The next one that is no echo, and not empty."""
        for _ in self._until(step):
            while _LF in self._unread:
                place = self._unread.index(_LF)
                raw = bytes(self._unread[:place])
                del self._unread[: place + 1]
                line = self._without_echo(raw).strip(_CR)
                if line:
                    return line.decode("latin-1")
        raise AssertionError

    def _without_echo(self, line: bytes) -> bytes:
        for echo in self._echoes:
            if line.startswith(echo + _CR):
                self._echoes.remove(echo)
                return line[len(echo) :]
        return line

    def _until(self, step: Step) -> Iterator[None]:
        """Look again and again, as long as an answer may take."""
        end_s = time.monotonic() + self._journey.within_ms / 1000
        while True:
            yield
            data = self._port.read(max(1, self._port.in_waiting))
            self._unread += data
            if self._may_have_blank and self._unread:  # the one of `> `
                self._may_have_blank = False
                self._unread[:] = self._unread.removeprefix(b" ")
            if not data and time.monotonic() >= end_s:
                there = bytes(self._unread[:_SHOWN_BYTES])
                raise self._astray(step, f"{there!r} came" if there else "nothing came")

    def _astray(self, step: Step, what: str) -> Astray:
        sign = "" if step.turn is Turn.PROMPT else f"{step.turn.value} "
        expected = step.turn.value if step.turn is Turn.PROMPT else step.text
        return Astray(f"line {step.line} of the journey ({sign}{expected}): {what}")

    def _say(self, way: str, text: str) -> None:
        said = Said(way, text, round((time.monotonic() - self._begin_s) * 1e9))
        self.walk.said.append(said)
        if self._tell is not None:
            self._tell(said)


def _is_like(line: str, pattern: str) -> bool:
    """`*` stands for anything, and nothing else for another than itself."""
    plain = "".join(f"[{char}]" if char in "[?" else char for char in pattern)
    return re.match(translate(plain), line) is not None


_DO: dict[Turn, Callable[[Walker, Step], None]] = {
    Turn.SEND: Walker._send,
    Turn.SEND_BYTES: Walker._send_bytes,
    Turn.EXPECT: Walker._expect,
    Turn.EXPECT_LATER: Walker._expect_later,
    Turn.EXPECT_BYTES: Walker._expect_bytes,
    Turn.PROMPT: Walker._expect_prompt,
    Turn.PAUSE: Walker._pause,
}


@dataclass(frozen=True, slots=True)
class JourneyRun:
    """What came of it: the host's way, all that is known of the run, and the files that are not as
    they should be, in sentences.
    """

    walk: Walk
    ran: FunctionRun
    wrong_files: list[str]
    ends: str = "well"

    @property
    def trouble(self) -> str:
        """The first thing that is not as it stands in the scenario; empty: all is."""
        astray = self.walk.astray or next(iter(self.wrong_files), "")
        if self.ends != "lost":
            return astray
        lost = self.ran.report.counters.lost
        return "" if astray and lost else "no byte got lost, and some should"


def run_journey(
    scenario: Scenario,
    tell: Callable[[Said], None] | None = None,
    pace: Pace = Pace(),
) -> JourneyRun:
    """Play it in virtual time. Raises QuecsimError for a scenario without a journey."""
    journey = scenario.journey
    if journey is None:
        raise QuecsimError(
            f"scenario {scenario.name} has no journey", hint="add a [journey] table to its file"
        )
    data = data_of(scenario, journey)
    steps_of(journey)  # a mistake is told before anything runs
    stored: dict[str, bytes | None] = {}

    def host(port: Any, _name: str, _data: bytes) -> Walk:
        walk = Walker(port, journey, data, tell, pace).go()
        for name in journey.holds:
            stored[name] = _stored(port, name)
        return walk

    ran = run_function(scenario, host, next(iter(journey.holds), "UFS:none"), b"", limit_ns=DAY_NS)
    if ran.error is not None:
        raise ran.error
    assert isinstance(ran.returned, Walk)
    wrong = [_wrong(name, stored[name], data[is_to]) for name, is_to in journey.holds.items()]
    return JourneyRun(ran.returned, ran, [each for each in wrong if each], journey.ends)


def _stored(port: Any, name: str) -> bytes | None:
    from quecsim.flash.ufs import UfsError

    prefix, _, bare = name.rpartition(":")
    disk = port.device.rig.device.context.disks[prefix.upper() or "UFS"]
    try:
        file = disk.open(bare, 2)
        try:
            return bytes(file.read(1 << 24))
        finally:
            file.close()
    except UfsError:
        return None


def _wrong(name: str, stored: bytes | None, wanted: bytes) -> str:
    if stored is None:
        return f"{name} is not there"
    if stored == wanted:
        return ""
    return f"{name} has {len(stored)} bytes and should have {len(wanted)}, or other ones"


def said_text(said: Said) -> str:
    """One line for people: time as in the dialogue of a run, way, text."""
    return f"{seconds(said.at_ns):>15}  {said.way:<2}  {safe(said.text)}"
