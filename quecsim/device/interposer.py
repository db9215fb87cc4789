"""Faults of replies: what stands between a running command and what it asks the device to do.

A handler knows nothing of faults. Its effects pass through here while any fault is armed that may
hold one up, drop it, or put something in front of it; without such a fault nothing stands between.
"""

from collections.abc import Callable
from typing import Any

from quecsim.at.effects import AckByte, Answer, Connect, Effect, Info, NoReply, Pause, Steps
from quecsim.at.grammar import Call, Form
from quecsim.at.results import AtError, Cme
from quecsim.device.board import Board
from quecsim.device.tally import Armed, Tally
from quecsim.faults.spec import (
    AckLate,
    AckLost,
    ConnectLate,
    DiskFull,
    EchoOn,
    ErrorReply,
    ExistingFile,
    Fault,
    UrcFault,
    UrcMoment,
)
from quecsim.flash.labels import label_of
from quecsim.flash.ufs import UfsError, UfsFault
from quecsim.units import format_ns, ms

_BEFORE: dict[type, UrcMoment] = {
    Connect: "before_connect",
    AckByte: "before_ack",
    Info: "inside_reply",
    Answer: "before_result",
}
_LATE = "a fault held its answer back"
_SUFFIXES = {Form.READ: "?", Form.TEST: "=?"}
_ALL_FILES = ("*", "UFS:*")
_FULL = (Cme.NO_SPACE, Cme.DRIVE_FULL)


class Interposer:
    """Owns the faults that concern commands and their replies."""

    def __init__(self, board: Board, tally: Tally, say: Callable[[str], bool]) -> None:
        """`say` sends an unsolicited result code at once; False where the host has it off."""
        self._board = board
        self._tally = tally
        self._say = say
        self._effects: list[Armed] = []
        self._calls: list[Armed] = []
        self._seen: Exception | None = None

    @property
    def is_armed(self) -> bool:
        """There is a fault that needs to see the effects."""
        return bool(self._effects)

    def arm(self, index: int, fault: Fault) -> None:
        """From here on the fault counts what it could hit."""
        if isinstance(fault, ErrorReply | EchoOn | ExistingFile):
            self._calls.append(Armed(index, fault))
        elif isinstance(fault, AckLate | AckLost | ConnectLate | DiskFull) or (
            isinstance(fault, UrcFault) and fault.moment is not None
        ):
            self._effects.append(Armed(index, fault))

    # calls

    def before_call(self, call: Call) -> None:
        """A command is about to run. Raises AtError where a fault has it fail."""
        self._tally.points["command"] += 1
        for armed in self._calls:
            if isinstance(armed.fault, ErrorReply):
                self._refuse(armed, armed.fault, call)
            elif isinstance(armed.fault, ExistingFile) and not armed.seen:
                self._meet(armed, armed.fault, call)

    def after_call(self, call: Call) -> None:
        """It has run."""
        settings = self._board.settings
        if call.name != "E" or settings.echo:
            return
        for armed in self._calls:
            if isinstance(armed.fault, EchoOn):
                settings.echo = 1
                self._fire(armed, "ATE0 was answered, and the echo stayed on")

    def _refuse(self, armed: Armed, fault: ErrorReply, call: Call) -> None:
        if call.name + _SUFFIXES.get(call.form, "") != fault.command:
            return
        armed.seen += 1
        if fault.call <= armed.seen < fault.call + fault.times:
            self._fire(armed, f"call {armed.seen} of AT{fault.command} answered {fault.reply}")
            number = fault.reply.rpartition(": ")[2]
            raise AtError(int(number) if number.isdecimal() else None)

    def _meet(self, armed: Armed, fault: ExistingFile, call: Call) -> None:
        texts = [argument.text for argument in call.arguments if argument and argument.is_quoted]
        wanted = label_of(fault.name)
        if any(text in _ALL_FILES or label_of(text) == wanted for text in texts):
            armed.seen = 1
            self._fire(armed, f"AT{call.name} named {fault.name}")

    # effects

    def begin(self, steps: Steps) -> Steps:
        """A command that is about to begin, with the faults between."""
        return self._steps(steps, has_result=True)

    def take_over(self, steps: Steps, *, has_result: bool) -> Steps:
        """The same of a command that waits for the answer to an effect."""
        steps = self._going_on(steps, has_result=has_result)
        next(steps)
        return steps

    def _going_on(self, steps: Steps, *, has_result: bool) -> Steps:
        failure, answer = None, None
        try:
            answer = yield Info("")  # nobody performs it: it was asked for before
        except (UfsError, AtError) as error:
            failure = error
        yield from self._steps(steps, has_result=has_result, answer=answer, failure=failure)

    def _steps(
        self,
        steps: Steps,
        *,
        has_result: bool,
        answer: Any = None,
        failure: Exception | None = None,
    ) -> Steps:
        while True:
            try:
                effect = steps.throw(failure) if failure else steps.send(answer)
            except StopIteration:
                if has_result:
                    self._at_moment("before_result")
                return
            except (AtError, UfsError) as error:
                self._watch(error)
                if has_result:
                    self._at_moment("before_result")
                raise
            answer = failure = None
            has_result = has_result and not isinstance(effect, Answer | NoReply)
            if not (yield from self._before(effect)):
                continue
            try:
                answer = yield effect
            except (AtError, UfsError) as error:
                self._watch(error)
                failure = error
            if isinstance(effect, Connect):
                self._at_moment("after_connect")

    def _before(self, effect: Effect) -> Any:
        """What comes ahead of an effect; False: it does not come at all."""
        if moment := _BEFORE.get(type(effect)):
            self._at_moment(moment)
        if isinstance(effect, AckByte):
            return (yield from self._before_ack(effect))
        if isinstance(effect, Connect):
            for armed in self._effects:
                fault = armed.fault
                if isinstance(fault, ConnectLate):
                    armed.seen += 1
                    if armed.seen == fault.connect:
                        yield self._late(armed, f"CONNECT {armed.seen}", fault.delay_ms)
        return True

    def _before_ack(self, effect: AckByte) -> Any:
        is_lost = False
        for armed in self._effects:
            fault = armed.fault
            if not isinstance(fault, AckLate | AckLost):
                continue
            armed.seen += 1
            name = f"A number {armed.seen}, of byte {effect.received}"
            if isinstance(fault, AckLost):
                if armed.seen == fault.ack:
                    is_lost = True
                    self._fire(armed, f"{name}, was never sent")
            elif armed.seen == fault.ack or (fault.every and not armed.seen % fault.every):
                yield self._late(armed, name, fault.delay_ms)
        if is_lost:
            self._tally.points["ack"] += 1
        return not is_lost

    def _late(self, armed: Armed, name: str, delay_ms: int) -> Pause:
        self._fire(armed, f"{name}, came {format_ns(ms(delay_ms))} late")
        return Pause(ms(delay_ms), _LATE)

    def _at_moment(self, moment: UrcMoment) -> None:
        for armed in self._effects:
            fault = armed.fault
            if isinstance(fault, UrcFault) and fault.moment == moment:
                armed.seen += 1
                if armed.seen == fault.nth:
                    self.send_urc(armed.index, fault.text, moment.replace("_", " "))

    def send_urc(self, index: int, text: str, place: str) -> None:
        """Say it now; it counts as fired where the host's settings let it out."""
        if self._say(text):
            self._tally.fire(index, self._board.now_ns, f"{text!r} was sent {place}")

    def _watch(self, error: AtError | UfsError) -> None:
        """A full disk shows as the error of an effect, or of the whole command; seen once."""
        if isinstance(error, UfsError):
            is_full = error.kind is UfsFault.NO_SPACE
        else:
            is_full = error.cme in (self._board.profile.files.no_room_cme, *_FULL)
        for armed in self._effects if is_full else ():
            if isinstance(armed.fault, DiskFull) and error is not self._seen:
                self._fire(armed, "a command met the full storage")
        self._seen = error

    def _fire(self, armed: Armed, what: str) -> None:
        self._tally.fire(armed.index, self._board.now_ns, what)
