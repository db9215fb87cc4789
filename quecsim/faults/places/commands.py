"""Commands: what stands between one that runs and what it asks the device to do.

A handler knows nothing of faults. Its effects pass through here while any fault is armed that may
hold one up, drop it, or put something in front of it; without such a fault nothing stands between.
"""

from collections import Counter
from collections.abc import Generator
from typing import Any, Protocol, TypeAlias

from quecsim.at.effects import AckByte, Answer, Connect, Effect, Info, NoReply, Pause, Steps
from quecsim.at.grammar import Call
from quecsim.at.results import AtError
from quecsim.at.settings import Settings
from quecsim.faults.armed import Armed
from quecsim.flash.ufs import UfsError
from quecsim.profiles.schema import Profile
from quecsim.units import format_ns, ms

_BEFORE: dict[type, str] = {
    Connect: "before_connect",
    AckByte: "before_ack",
    Info: "inside_reply",
    Answer: "before_result",
}
_LATE = "a fault held its answer back"

Before: TypeAlias = Generator[Effect, Any, bool]
"""The effects that come ahead of another, which comes itself where this returns True."""


class DeviceView(Protocol):
    """The device, as far as a fault of commands looks at it."""

    now_ns: int
    settings: Settings
    profile: Profile


class CallFault:
    """A fault that sees the calls of commands."""

    def before_call(self, call: Call) -> None:
        """A command is about to run. Raises AtError to have it fail."""

    def after_call(self, call: Call) -> None:
        """It has run."""


class EffectFault:
    """A fault that sees the effects of commands."""

    def before(self, _effect: Effect, /) -> Before:
        """What comes ahead of an effect."""
        return True
        yield  # pragma: no cover - makes this a generator

    def at_moment(self, moment: str) -> None:
        """It is such a moment: `before_connect`, `after_connect`, `before_ack`, ..."""

    def failed(self, error: AtError | UfsError) -> None:
        """An effect, or a whole command, has failed so; each error is told once."""


class CommandFaults:
    """Owns the faults that concern commands and their replies. `shared` is what they look at."""

    def __init__(self, shared: DeviceView, points: Counter[str]) -> None:
        self.shared = shared
        self._points = points
        self._effects: list[EffectFault] = []
        self._calls: list[CallFault] = []
        self._held: list[tuple[Armed, str, int]] = []
        self._told: Exception | None = None

    @property
    def is_armed(self) -> bool:
        """There is a fault that needs to see the effects."""
        return bool(self._effects)

    def watch(self, fault: CallFault | EffectFault) -> None:
        """From here on it sees the calls, or the effects."""
        if isinstance(fault, CallFault):
            self._calls.append(fault)
        else:
            self._effects.append(fault)

    # calls

    def before_call(self, call: Call) -> None:
        """A command is about to run. Raises AtError where a fault has it fail."""
        self._points["command"] += 1
        for fault in self._calls:
            fault.before_call(call)

    def after_call(self, call: Call) -> None:
        """It has run."""
        for fault in self._calls:
            fault.after_call(call)

    # effects

    def begin(self, steps: Steps) -> Steps:
        """A command that is about to begin, with the faults between."""
        return self._steps(steps, has_result=True)

    def take_over(self, steps: Steps, *, has_result: bool) -> Steps:
        """The same of a command that waits for the answer to an effect."""
        steps = self._going_on(steps, has_result=has_result)
        next(steps)
        return steps

    def hold_back(self, armed: Armed, name: str, delay_ms: int) -> Generator[Effect, Any, None]:
        """Hold an answer back, called `name`; it fires when the answer comes at last."""
        held = armed, name, self.shared.now_ns
        self._held.append(held)
        yield Pause(ms(delay_ms), _LATE)
        self._held.remove(held)
        armed.fire(self.shared.now_ns, f"{name} came {format_ns(ms(delay_ms))} late")

    def give_up(self, now_ns: int) -> None:
        """The power has gone, or the run ends: what is held back does not come any more."""
        for armed, name, since_ns in self._held:
            lasted = format_ns(now_ns - since_ns)
            armed.fire(now_ns, f"{name} was held back for {lasted}, and did not come")
        self._held.clear()

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
                self._failed(error)
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
                self._failed(error)
                failure = error
            if isinstance(effect, Connect):
                self._at_moment("after_connect")

    def _before(self, effect: Effect) -> Before:
        """What comes ahead of an effect; False: it does not come at all."""
        if moment := _BEFORE.get(type(effect)):
            self._at_moment(moment)
        comes = True
        for fault in self._effects:
            comes &= yield from fault.before(effect)
        if not comes and isinstance(effect, AckByte):
            self._points["ack"] += 1  # nobody else counts it
        return comes

    def _at_moment(self, moment: str) -> None:
        for fault in self._effects:
            fault.at_moment(moment)

    def _failed(self, error: AtError | UfsError) -> None:
        if error is not self._told:
            self._told = error
            for fault in self._effects:
                fault.failed(error)
