"""Command lines as jobs: one call after the other, from the line's end to its final result."""

from collections import Counter
from collections.abc import Callable, Iterable
from types import GeneratorType
from typing import cast

from quecsim.at.context import Context
from quecsim.at.effects import Info, Pause, Steps
from quecsim.at.grammar import Call, Claimed, Form, parse_body
from quecsim.at.lexer import InputLine
from quecsim.at.results import AtError, Tcpip
from quecsim.at.spec import Catalogue, Command
from quecsim.device.canned import CannedReplies, said
from quecsim.device.jobs import Job, JobKind
from quecsim.device.responder import Responder
from quecsim.device.shared import Shared
from quecsim.device.transfers import Transfers, asked
from quecsim.faults.places.commands import CommandFaults
from quecsim.trace.event import Called, Result
from quecsim.units import s, us

UNKNOWN = "any unknown command"
LATENCY = "the command line was being processed"
_SETTLING = "the line settings were being changed"


class CommandLines:
    """Makes a job of a command line, and ends it: with the final result, and what follows that.

    `context` is what the commands see; it is another one after a restart.
    """

    def __init__(
        self,
        shared: Shared,
        catalogue: Catalogue,
        context: Context,
        responder: Responder,
        transfers: Transfers,
        faults: CommandFaults,
        points: Counter[str],
    ) -> None:
        self.context = context
        self._shared = shared
        self._catalogue = catalogue
        self._responder = responder
        self._transfers = transfers
        self._faults = faults
        self._points = points  # where a fault could come in
        self._latency_ns = us(shared.profile.at.command_latency_us)
        self._keeps_spaces = shared.profile.at.spaces == "kept"
        self._canned = CannedReplies(shared.profile)

    def job(self, line: InputLine, number: int) -> Job:
        """The job that executes command line `number`."""
        first = Pause(self._latency_ns, LATENCY)
        steps = self._too_long()
        job = Job(JobKind.LINE, LATENCY, steps, number, line.text, first, doing=LATENCY)
        if not line.too_long:
            job.steps = self._calls(job)
        self._transfers.line = number
        self.watch(job)
        return job

    def watch(self, job: Job) -> None:
        """Let the faults see the effects of `job`, if there are any that need to."""
        if job.is_watched or not self._faults.is_armed or job.kind is not JobKind.LINE:
            return
        job.is_watched = True
        if job.first is not None:
            job.steps = self._faults.begin(job.steps)
        else:
            has_result = not (job.is_answered or job.is_silent)
            job.steps = self._faults.take_over(job.steps, has_result=has_result)

    def finish(self, job: Job, error: AtError | None) -> None:
        """The steps of the line are over: say the final result, unless that is out already."""
        if job.is_answered:
            assert error is None, error
            self._transfers.end(self._shared.now_ns, "OK")
            return
        self.answer(job, error)
        job.is_answered = True

    def answer_early(self, job: Job) -> None:
        """Say OK now, and go on: what the job says from here on is unsolicited."""
        assert not job.is_answered
        job.is_answered = True
        text, now_ns = self._say(None), self._shared.now_ns
        self._shared.record.add(Result(now_ns, text, job.text, job.number))

    def answer(self, job: Job, error: AtError | None) -> None:
        """Say the final result of a line, and put it on record."""
        now_ns = self._shared.now_ns
        text = "" if job.is_silent else self._say(error)
        number, cause = self._responder.number(error), error.cause if error is not None else ""
        self._transfers.end(now_ns, text, number, cause)
        self._shared.record.add(Result(now_ns, text, job.text, job.number, number, cause))

    def settle(self, job: Job, is_on: Callable[[], bool]) -> None:
        """Go on with what is to be done when the reply has left the UART."""
        actions, job.after_reply = job.after_reply, []
        job.steps, job.is_settling, job.is_watched = self._settling(actions, is_on), True, True

    def _settling(self, actions: list[Callable[[int], None]], is_on: Callable[[], bool]) -> Steps:
        """The first action that ends this is the last."""
        yield Pause(self._shared.sending_ns(), _SETTLING)
        for action in actions:
            if is_on():
                action(self._shared.now_ns)

    def _say(self, error: AtError | None) -> str:
        self._points["result"] += 1
        return self._responder.final(self._shared.now_ns, error)

    def _too_long(self) -> Steps:
        raise AtError
        yield  # pragma: no cover - makes this a generator

    def _calls(self, job: Job) -> Steps:
        claim = self._canned.find if self._canned else None
        for call in parse_body(job.text, claim, keeps_spaces=self._keeps_spaces):
            if isinstance(call, Claimed):
                yield from self._canned_reply(call)
                if job.is_silent:
                    return
                continue
            command = self._begin_call(call)
            if command is None:
                if self._is_refused(job):
                    return
                continue
            self._responder.end_block()
            self._faults.before_call(call)
            if call.form is Form.TEST and Form.TEST in command.forms:
                for text in command.test_lines(self.context):
                    yield Info(text)
                continue
            if command.is_tcpip:
                yield from self._tcpip(command, call)
            elif (steps := self._steps_of(command, command.query(call))) is not None:
                yield from steps
            self._faults.after_call(call)
            self._transfers.end(self._shared.now_ns, "OK")
            if job.is_answered:  # the line is over, and so is what stands behind
                return

    def _tcpip(self, command: Command, call: Call) -> Steps:
        """A call whose end AT+QIGETERROR can tell."""
        context = self.context
        try:
            steps = self._steps_of(command, command.query(call))
            if steps is not None:
                yield from steps
        except AtError as error:
            context.tcpip_error = error.tcpip
            raise
        context.tcpip_error = Tcpip.NONE

    def _canned_reply(self, call: Claimed) -> Steps:
        now_ns, number = self._shared.now_ns, self._transfers.line
        form = Form.WRITTEN.name.lower()
        of = call.by.command
        self._shared.record.add(Called(now_ns, number, call.name, form, True, canned=of))
        self._responder.end_block()
        yield from said(call.by, self._shared, self.context.control)

    def _is_refused(self, job: Job) -> bool:
        """As the profile has it for unknown commands: AtError, no answer at all (True), or OK."""
        policy = self._shared.profile.commands.unknown
        if policy == "error":
            raise AtError
        job.is_silent = policy == "silent"
        return job.is_silent

    def _begin_call(self, call: Call) -> Command | None:
        """Put the call on record, and the transfer that it asks for; None for a command that the
        device does not know.
        """
        now_ns, number = self._shared.now_ns, self._transfers.line
        command = self._catalogue.get(call.name)
        is_known = command is not None
        role = command.role if command is not None else ""
        form = call.form.name.lower()
        allowed_ns = s(self.context.profile.files.command_s) if role else 0
        policy = self._shared.profile.commands.unknown
        canned = UNKNOWN if command is None and policy != "error" else ""
        event = Called(now_ns, number, call.name, form, is_known, role, allowed_ns, canned)
        self._shared.record.add(event)
        if command is None:
            return None
        # Before anything is checked: an upload that is refused has a name, too.
        ask = asked(command, call, self.context)
        if ask is not None:
            self._transfers.ask(now_ns, command.name, ask)
        return command

    def _steps_of(self, command: Command, call: Call) -> Steps | None:
        """What the call does; None where it is done. Raises AtError where it cannot be.

        A handler's own generator is given as it is: one in between would see each of its steps.
        """
        handler = command.handlers.get(call.form)
        if handler is None or len(call.arguments) > self.context.profile.at.parameters:
            raise AtError
        values = command.bind(call, self.context) if call.form is Form.WRITE else []
        outcome = handler(self.context, *values)
        if outcome is None or isinstance(outcome, GeneratorType):
            return outcome
        texts = (outcome,) if isinstance(outcome, str) else cast("Iterable[str]", outcome)
        return _told(texts)


def _told(texts: Iterable[str]) -> Steps:
    """Information texts, one after the other."""
    for text in texts:
        assert isinstance(text, str)
        yield Info(text)
