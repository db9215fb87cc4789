"""A script, said to a real module through the probe's bench: with files of its own only, which are
deleted in the end, and echo and AT+CMEE as they were before.

    heard = Speaker(bench, script).say(runs=3)

What both sides say meanwhile is heard with its times; what the bench asks before and afterwards is
not part of it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import translate
from functools import partial

from quecsim.errors import QuecsimError
from quecsim.host.at_client import NUMBERED_ERRORS
from quecsim.likeness.script import Script, filled
from quecsim.observed.answers import STARTED
from quecsim.observed.heard import Heard, Side
from quecsim.probe.bench import Bench
from quecsim.probe.prepare import cmee_of, is_echoed, set_echo
from quecsim.probe.reply import Piece, has_final, whole_lines
from quecsim.scenario.journey import Step, Turn

ANSWER_S = 20.0
_QUIET_S = 0.1
_DATA_S = 10.0  # how long a script's uploads wait for data, at the most
_CR = b"\r"
_PROMPT = re.compile(rb"(?:^|\r\n)> ?\Z")
_OPENED = re.compile(rb"\+QFOPEN: ?(\d{1,10})\r")
_IN_PLACE = (Turn.SEND_BYTES, Turn.PAUSE, Turn.EXPECT_LATER, Turn.EXPECT, Turn.PROMPT)
_OWN_FILES = {"file": 0, "file2": 1}

Progress = Callable[[int, int], None]
"""So many steps of so many are over."""


@dataclass(slots=True)
class Listener:
    """The bench's log: what is said while it listens, from `since_ns` on."""

    is_listening: bool = False
    heard: list[Heard] = field(default_factory=list)
    since_ns: int = -1

    def hear(self, at_ns: int, side: Side, data: bytes) -> None:
        """One side has said something."""
        if not self.is_listening:
            return
        if self.since_ns < 0:
            self.since_ns = at_ns
        self.heard.append(Heard(max(0, at_ns - self.since_ns), side, data))


class Speaker:
    """Says `script` to the module on `bench`, whose log `listener` is."""

    def __init__(self, bench: Bench, listener: Listener, script: Script) -> None:
        self._bench = bench
        self._listener = listener
        self._script = script
        self._values: dict[str, str] = {}
        self._takes_data = False
        self._said = b""  # since the last line
        self._is_sent = False  # what the script said last
        self._asked = ""

    def say(self, runs: int, progress: Progress = lambda _done, _all: None) -> list[Heard]:
        """The script, so many times; what was heard.

        Raises QuecsimError where the module goes through a restart or does not answer any more, and
        PortError where the port goes away. What was changed is put back in any case.
        """
        steps = self._script.steps
        with self._bench.scope():
            self._keep_settings()
            for name, number in _OWN_FILES.items():
                if any(f"{{{name}}}" in step.text for step in steps):
                    self._values[name] = self._bench.own_name(number)
            self._bench.settle()
            self._bench.data_s = _DATA_S
            for run in range(runs):
                self._run(partial(_onwards, progress, run, runs, len(steps)))
        return self._listener.heard

    def _keep_settings(self) -> None:
        bench = self._bench
        echo, cmee = is_echoed(bench), cmee_of(bench)
        if cmee is not None:
            text = f"AT+CMEE={cmee}"
            bench.undo(text, lambda: bench.command(text).ok)
        bench.undo(f"echo {'on' if echo else 'off'}", lambda: set_echo(bench, on=echo))

    def _run(self, progress: Callable[[int], None]) -> None:
        steps = self._script.steps
        self._listener.is_listening = True
        try:
            for number, (step, following) in enumerate(zip(steps, (*steps[1:], None), strict=True)):
                progress(number)
                self._step(step, following)
        finally:
            self._listener.is_listening = False

    def _step(self, step: Step, following: Step | None) -> None:
        text = filled(step.text, self._values)
        if step.turn is Turn.SEND:
            self._bench.wire.waiting()
            self._asked, self._said, self._takes_data, self._is_sent = text, b"", False, True
            self._send(text.encode("latin-1") + _CR, following)
        elif step.turn is Turn.SEND_BYTES:
            data = self._script.data[step.name] if step.name else step._replace(text=text).data
            self._is_sent = self._takes_data or data[:2].upper() == b"AT"
            if self._is_sent:
                self._asked = self._asked if self._takes_data else text
                self._send(data, following)
        elif step.turn is Turn.PAUSE:
            self._hear(self._bench.wire.pieces(step.number / 1000))
        elif step.turn in (Turn.EXPECT, Turn.EXPECT_LATER, Turn.PROMPT):
            self._await(text)

    def _send(self, data: bytes, following: Step | None) -> None:
        """Send it, and wait for the answer unless the script says what else comes now."""
        said = len(self._said)
        self._bench.write(data)
        if following is not None and following.turn in _IN_PLACE[1:]:
            return
        wants_data = following is not None and following.turn is Turn.SEND_BYTES

        def is_answered(raw: bytes) -> bool:
            return _is_answered(self._said[said:] + raw, wants_data=wants_data)

        self._hear(self._bench.wire.pieces(ANSWER_S, is_answered))
        self._hear(self._bench.wire.pieces(_QUIET_S))
        if not is_answered(b""):
            self._must_be_there()

    def _await(self, text: str) -> None:
        """Until a line like this has come, or an error."""
        if not self._is_sent:
            return
        like = re.compile(translate(text.replace("[", "[[]").replace("?", "[?]")))

        def has_come(raw: bytes) -> bool:
            lines = whole_lines(self._said + raw)
            return any(like.match(line) or _is_error(line) for line in lines)

        if not has_come(b""):
            self._hear(self._bench.wire.pieces(ANSWER_S, has_come))

    def _hear(self, pieces: list[Piece]) -> None:
        """What came: whether data is wanted now, a file's number, or the module's restart."""
        self._said += b"".join(data for _, data in pieces)
        lines = whole_lines(self._said)
        finals = [line for line in lines if has_final(line.encode() + b"\r\n")]
        self._takes_data = bool(finals) and finals[-1].startswith("CONNECT")
        self._takes_data |= _PROMPT.search(self._said) is not None
        if match := _OPENED.search(self._said):
            self._values["handle"] = match[1].decode()
        if any(STARTED.fullmatch(line) for line in lines) and not _restarts(self._asked):
            raise QuecsimError(
                f"the module started anew in the middle of the script, after {self._asked}",
                hint="nothing is compared: see that its supply is good, and try again",
            )

    def _must_be_there(self) -> None:
        """A line without any answer is one; a module without any is the end of it."""
        self._listener.is_listening = False
        is_there = self._bench.sync() or self._bench.recover()
        self._listener.is_listening = True
        if not is_there:
            raise QuecsimError(
                f"the module does not answer any more, after {self._asked}",
                hint="switch it off and on, and try again",
            )


def _onwards(progress: Progress, run: int, runs: int, steps: int, done: int) -> None:
    progress(run * steps + done, runs * steps)


def _restarts(line: str) -> bool:
    """The script itself asks for it."""
    return re.match(r"(?i)AT\+(CFUN=.*1,1|QRST|QPOWD)", line) is not None


def _is_error(line: str) -> bool:
    return line == "ERROR" or line.startswith(NUMBERED_ERRORS)


def _is_answered(raw: bytes, *, wants_data: bool) -> bool:
    """A final result has come; CONNECT is one only where data follows."""
    finals = [line for line in whole_lines(raw) if has_final(line.encode() + b"\r\n")]
    if wants_data and _PROMPT.search(raw):
        return True
    return any(wants_data or not line.startswith("CONNECT") for line in finals)
