"""Runs one command line at a time: calls handlers, performs their effects, answers.

The interpreter knows how to do things now; when something takes time or bytes, it says what it
waits for (`Wait`) and the device calls `resume` when that has come.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from types import GeneratorType
from typing import Any

from quecsim.at.context import Context
from quecsim.at.effects import (
    AckByte,
    AfterReply,
    Announce,
    Answer,
    CloseData,
    Connect,
    Discard,
    Effect,
    FileChange,
    FlashWork,
    Info,
    NoReply,
    OpenData,
    Pause,
    Raw,
    Steps,
    Store,
    Take,
    Taken,
    WasEscaped,
)
from quecsim.at.grammar import Call, Form, parse_body
from quecsim.at.lexer import Line
from quecsim.at.results import AtError
from quecsim.at.spec import Catalogue, Command
from quecsim.at.storage import at_error
from quecsim.device.doing import flash_doing
from quecsim.device.interposer import Interposer
from quecsim.device.ledger import Ledger
from quecsim.device.responder import Responder
from quecsim.device.transfers import Transfers, asked
from quecsim.flash.nor import Nor
from quecsim.flash.ufs import UfsError
from quecsim.trace.event import Ack, Called, FileChanged, FlashBusy, Result, Stored, Upgrade
from quecsim.trace.recorder import Recorder
from quecsim.units import s


class WaitKind(Enum):
    """What the running command waits for."""

    DONE = auto()  # nothing: the line is finished
    TIME = auto()  # until a time
    DATA = auto()  # bytes from the host
    ROOM = auto()  # room in the transmitter


@dataclass(frozen=True, slots=True)
class Wait:
    """What must happen before `resume`. `doing` says in words what keeps the device busy;
    `is_flash`: it is the flash's work, and that can be torn until then.
    """

    kind: WaitKind
    until_ns: int = 0
    doing: str = ""
    count: int = 0
    is_flash: bool = False


DONE = Wait(WaitKind.DONE)
ROOM = Wait(WaitKind.ROOM, doing="its transmit buffer was full")
_STORING = "storing the data"


@dataclass(slots=True)
class DataHooks:
    """How the interpreter tells the device about data mode."""

    opened: Callable[[int, OpenData], None]
    closed: Callable[[int, CloseData], None]
    was_escaped: Callable[[int], bool]
    spoiled: Callable[[int], None]
    discarded: Callable[[Discard], None]
    announce: Callable[[str], object]


class Interpreter:
    """Executes command lines against a context."""

    def __init__(
        self,
        catalogue: Catalogue,
        context: Context,
        nor: Nor,
        responder: Responder,
        ledger: Ledger,
        record: Recorder,
        hooks: DataHooks,
        has_room: Callable[[], bool],
        faults: Interposer,
        points: Counter[str],
        transfers: Transfers,
    ) -> None:
        self.context = context
        self.stored_in_transfer = 0
        self.after_reply: list[Callable[[int], None]] = []
        self._catalogue = catalogue
        self._nor = nor
        self._responder = responder
        self._ledger = ledger
        self._record = record
        self._hooks = hooks
        self._has_room = has_room
        self._faults = faults
        self._transfers = transfers
        self._now_ns = 0
        self._points = points  # where a fault could come in
        self._is_interposed = False
        self._task: Steps | None = None
        self._line = ""
        self._is_silent = False
        self._is_answered = False
        self._answer: Any = None
        self._failure: Exception | None = None

    @property
    def is_running(self) -> bool:
        """A command line is being executed."""
        return self._task is not None

    def start(self, now_ns: int, line: Line, number: int) -> Wait:
        """Execute command line `number`."""
        assert self._task is None
        self._line, self._now_ns = line.text, now_ns
        self._transfers.line = number
        self._task = self._too_long() if line.too_long else self._calls(line.text)
        self._is_interposed = self._faults.is_armed
        if self._is_interposed:
            self._task = self._faults.begin(self._task)
        self._answer = self._failure = None
        return self.resume(now_ns)

    def interpose(self) -> None:
        """A fault was injected that needs to see the effects of what runs now."""
        if self._task is not None and not self._is_interposed and self._faults.is_armed:
            has_result = not (self._is_answered or self._is_silent)
            self._task = self._faults.take_over(self._task, has_result=has_result)
            self._is_interposed = True

    def start_job(self, now_ns: int, steps: Steps) -> Wait:
        """Do something that no command line asked for; it ends without a result."""
        assert self._task is None
        self._line, self._task = "", steps
        self._transfers.line = 0
        self._is_interposed = False
        self._answer = self._failure = None
        self._is_answered = True
        return self.resume(now_ns)

    def answer(self, value: Any) -> None:
        """What the effect that is being waited for gives back."""
        self._answer = value

    def resume(self, now_ns: int) -> Wait:
        """Go on until something takes time or bytes, or the line is done."""
        assert self._task is not None
        self._now_ns = now_ns
        while True:
            answer, failure = self._answer, self._failure
            self._answer = self._failure = None
            try:
                effect = self._task.throw(failure) if failure else self._task.send(answer)
            except StopIteration:
                return self._finish(now_ns, None)
            except UfsError as error:
                return self._finish(now_ns, at_error(error))
            except AtError as error:
                return self._finish(now_ns, error)
            wait = self._perform(now_ns, effect)
            if wait is not None:
                return wait
            if not self._has_room():
                return ROOM

    def abandon(self) -> None:
        """Power is gone, or the device restarts: the command never ends."""
        self._task = None
        self._is_silent = self._is_answered = False
        self.after_reply.clear()

    # a line is a generator over its calls

    def _too_long(self) -> Steps:
        raise AtError
        yield  # pragma: no cover - makes this a generator

    def _calls(self, body: str) -> Steps:
        for call in parse_body(body):
            command = self._begin_call(call)
            self._responder.end_block()
            self._faults.before_call(call)
            if call.form is Form.TEST and Form.TEST in command.forms:
                for text in command.test_lines(self.context):
                    yield Info(text)
                continue
            yield from self._handle(command, command.query(call))
            self._faults.after_call(call)
            self._transfers.end(self._now_ns, "OK")
            if self._is_answered:  # the line is over for the host, and so is what stands behind
                return

    def _begin_call(self, call: Call) -> Command:
        """Put the call on record, and the transfer that it asks for. Raises AtError for a command
        that the device does not know.
        """
        now_ns, number = self._now_ns, self._transfers.line
        command = self._catalogue.get(call.name)
        is_known = command is not None
        role = command.role if command is not None else ""
        form = call.form.name.lower()
        allowed_ns = s(self.context.profile.files.command_s) if role else 0
        self._record.add(Called(now_ns, number, call.name, form, is_known, role, allowed_ns))
        if command is None:
            raise AtError
        ask = asked(command, call, self.context)
        if ask is not None:
            self._transfers.ask(now_ns, command.name, ask)
        return command

    def _handle(self, command: Command, call: Call) -> Steps:
        handler = command.handlers.get(call.form)
        if handler is None or len(call.arguments) > self.context.profile.at.parameters:
            raise AtError
        values = command.bind(call, self.context) if call.form is Form.WRITE else []
        outcome = handler(self.context, *values)
        if isinstance(outcome, GeneratorType):
            yield from outcome
        elif isinstance(outcome, str):
            yield Info(outcome)
        elif outcome is not None:
            for text in outcome:
                assert isinstance(text, str)
                yield Info(text)

    def _finish(self, now_ns: int, error: AtError | None) -> Wait:
        self._task = None
        if self._is_answered:
            assert error is None, error
            self._is_answered = self._is_silent = False
            self._transfers.end(now_ns, "OK")
            return DONE
        text = "" if self._is_silent else self._say_final(now_ns, error)
        self._is_silent = False
        number = self._responder.number(error)
        cause = error.cause if error is not None else ""
        self._transfers.end(now_ns, text, number, cause)
        line = self._transfers.line
        self._record.add(Result(now_ns, text, self._line, line, number, cause))
        return DONE

    def _say_final(self, now_ns: int, error: AtError | None) -> str:
        self._points["result"] += 1
        return self._responder.final(now_ns, error)

    # effects: None means "done, go on"

    def _perform(self, now_ns: int, effect: Effect) -> Wait | None:
        return _PERFORM[type(effect)](self, now_ns, effect)

    def _do_info(self, now_ns: int, effect: Info) -> None:
        self._points["info"] += 1
        self._responder.info(now_ns, effect.text)

    def _do_answer(self, now_ns: int, _effect: Answer) -> None:
        assert not self._is_answered
        self._is_answered = True
        text = self._say_final(now_ns, None)
        self._record.add(Result(now_ns, text, self._line, self._transfers.line))

    def _do_announce(self, now_ns: int, effect: Announce) -> None:
        if effect.step:
            self._record.add(Upgrade(now_ns, effect.step, effect.number))
        self._responder.end_block()
        self._hooks.announce(effect.text)

    def _do_pause(self, now_ns: int, effect: Pause) -> Wait | None:
        if not effect.duration_ns:
            return None
        return Wait(WaitKind.TIME, now_ns + effect.duration_ns, effect.doing)

    def _do_connect(self, now_ns: int, effect: Connect) -> None:
        self._points["connect"] += 1
        self._responder.connect(now_ns, effect.suffix)

    def _do_raw(self, now_ns: int, effect: Raw) -> None:
        self._responder.raw(now_ns, effect.data)

    def _do_ack(self, now_ns: int, effect: AckByte) -> None:
        self._points["ack"] += 1
        if self.context.profile.files.ack_framing == "crlf":
            self._responder.info(now_ns, "A")
            self._responder.end_block()
        else:
            self._responder.ack(now_ns)
        self._record.add(Ack(now_ns, effect.received, self._transfers.open))

    def _do_after(self, _now_ns: int, effect: AfterReply) -> None:
        self.after_reply.append(effect.action)

    def _do_no_reply(self, _now_ns: int, _effect: NoReply) -> None:
        self._is_silent = True

    def _do_open(self, now_ns: int, effect: OpenData) -> None:
        self.stored_in_transfer = 0
        self._hooks.opened(now_ns, effect)

    def _do_take(self, _now_ns: int, effect: Take) -> Wait:
        return Wait(WaitKind.DATA, count=effect.count)

    def _do_discard(self, _now_ns: int, effect: Discard) -> None:
        self._hooks.discarded(effect)

    def _do_close(self, now_ns: int, effect: CloseData) -> None:
        self._hooks.closed(now_ns, effect)
        if effect.result:
            self._transfers.end(now_ns, effect.result)

    def _do_file_change(self, now_ns: int, effect: FileChange) -> None:
        number = self._transfers.line
        self._record.add(FileChanged(now_ns, number, effect.what, effect.name, effect.handle))

    def _do_was_escaped(self, now_ns: int, _effect: WasEscaped) -> None:
        self._answer = self._hooks.was_escaped(now_ns)

    def _do_flash(self, now_ns: int, effect: FlashWork) -> Wait | None:
        return self._work(now_ns, effect.work, effect.why)

    def _do_store(self, now_ns: int, effect: Store) -> Wait | None:
        count = len(effect.data)
        wait = self._work(now_ns, lambda: effect.file.write(effect.data), _STORING)
        failure = self._failure
        written = failure.written if isinstance(failure, UfsError) else count
        self._ledger.in_hand -= count
        self._ledger.stored += written
        if written < count:
            self._hooks.spoiled(count - written)
        self.stored_in_transfer += written
        until_ns = wait.until_ns if wait is not None else now_ns
        transfer = self._transfers.open
        self._record.add(Stored(until_ns, effect.name, written, self.stored_in_transfer, transfer))
        return wait

    def _work(self, now_ns: int, work: Callable[[], Any], why: str) -> Wait | None:
        """Let the file system do it at once, and the flash take its time over it."""
        self._nor.begin()
        try:
            self._answer = work()
        except (UfsError, AtError) as error:
            self._failure = error
        finally:  # a power cut passes through: the flash's work ends all the same
            done = self._nor.end()
        if not done.duration_ns:
            return None
        ops = [(op.kind.value, *op[1:]) for op in done.ops]
        self._record.add(FlashBusy(now_ns, now_ns + done.duration_ns, why, ops))
        until_ns = now_ns + done.duration_ns
        return Wait(WaitKind.TIME, until_ns, flash_doing(why, ops), is_flash=True)


_PERFORM: dict[type, Callable[..., Wait | None]] = {
    Info: Interpreter._do_info,
    Answer: Interpreter._do_answer,
    Announce: Interpreter._do_announce,
    Pause: Interpreter._do_pause,
    Connect: Interpreter._do_connect,
    Raw: Interpreter._do_raw,
    AckByte: Interpreter._do_ack,
    FlashWork: Interpreter._do_flash,
    Store: Interpreter._do_store,
    OpenData: Interpreter._do_open,
    Take: Interpreter._do_take,
    Discard: Interpreter._do_discard,
    CloseData: Interpreter._do_close,
    FileChange: Interpreter._do_file_change,
    WasEscaped: Interpreter._do_was_escaped,
    NoReply: Interpreter._do_no_reply,
    AfterReply: Interpreter._do_after,
}

__all__ = ["DONE", "DataHooks", "Interpreter", "Taken", "Wait", "WaitKind"]
