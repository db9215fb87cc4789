"""Does what the jobs ask for: one method for each effect, and the wait that some of them bring.

An effect that is done at once leaves its answer with the job; one that takes time, or needs
something, tells the engine what the job waits for from now on (`Waits`).
"""

from collections.abc import Callable
from typing import Any, Protocol

from quecsim.at import effects as fx
from quecsim.at.results import AtError
from quecsim.device.busy import Busy
from quecsim.device.components import Components
from quecsim.device.doing import flash_doing
from quecsim.device.jobs import Job, JobKind
from quecsim.flash.ufs import UfsError
from quecsim.trace.event import (
    Ack,
    FileChanged,
    FlashBusy,
    Forwarded,
    MessageSent,
    Stored,
    UpgradeStep,
)

_STORING = "storing the data"


class Waits(Protocol):
    """How a job is made to wait. Each returns True where it has to, False where it can go on."""

    def wait_busy(self, job: Job, until_ns: int, doing: str) -> bool:
        """Until the processor, or the flash, has done its work."""

    def wait_time(self, job: Job, until_ns: int, doing: str) -> bool:
        """Until then, and others may go on."""

    def wait_data(self, job: Job, take: fx.Take) -> bool:
        """Until the host's bytes are there, or end."""

    def wait_news(self, job: Job, wanted: fx.AwaitNews) -> bool:
        """Until there is news of that name."""

    def data_mode_changed(self, job: Job, *, is_on: bool) -> None:
        """Data mode has begun, or is over."""

    def spawn(self, steps: fx.Steps, name: str) -> bool:
        """Start a background job; False where too many run."""

    def take_over(self, wanted: fx.TakeOver) -> None:
        """Go on with that in place of a command line, when there is a moment for it."""


class Performer:
    """Performs effects, each at the shared's time."""

    def __init__(self, components: Components, busy: Busy, waits: Waits) -> None:
        self._shared = components.shared
        self._record = components.shared.record
        self._nor = components.nor
        self._busy = busy
        self._responder = components.responder
        self._lines = components.lines
        self._data = components.data
        self._urcs = components.urcs
        self._reader = components.reader
        self._transfers = components.transfers
        self._waits = waits
        self._points = components.faults.points  # where a fault could come in

    def perform(self, job: Job, effect: fx.Effect) -> bool:
        """Do it; True where the job waits now."""
        return bool(_PERFORM[type(effect)](self, job, effect))

    # what the device says

    def _info(self, job: Job, effect: fx.Info) -> None:
        assert job.kind is not JobKind.BACKGROUND, "only a command has something to say at once"
        self._points["info"] += 1
        self._responder.info(self._shared.now_ns, effect.text)

    def _answer(self, job: Job, _effect: fx.Answer) -> None:
        self._lines.answer_early(job)

    def _announce(self, job: Job, effect: fx.Announce) -> None:
        if effect.step:
            self._record.add(UpgradeStep(self._shared.now_ns, effect.step, effect.number))
        if not effect.text:
            return
        if job.kind is JobKind.BACKGROUND:  # somebody else may be speaking
            self._urcs.schedule(self._shared.now_ns, effect.text)
            return
        self._responder.end_block()
        self._urcs.send_now(effect.text)

    def _connect(self, _job: Job, effect: fx.Connect) -> None:
        self._points["connect"] += 1
        self._responder.connect(self._shared.now_ns, effect.suffix)

    def _prompt(self, _job: Job, _effect: fx.Prompt) -> None:
        has_blank = self._shared.profile.at.prompt_blank
        self._responder.prompt(self._shared.now_ns, has_blank=has_blank)

    def _raw(self, _job: Job, effect: fx.Raw) -> None:
        self._responder.raw(self._shared.now_ns, effect.data)

    def _ack(self, _job: Job, effect: fx.AckByte) -> None:
        now_ns = self._shared.now_ns
        self._points["ack"] += 1
        if self._shared.profile.files.ack_framing == "crlf":
            self._responder.info(now_ns, "A")
            self._responder.end_block()
        else:
            self._responder.ack(now_ns)
        self._record.add(Ack(now_ns, effect.received, self._transfers.open))

    def _no_reply(self, job: Job, _effect: fx.NoReply) -> None:
        job.is_silent = True

    def _after_reply(self, job: Job, effect: fx.AfterReply) -> None:
        job.after_reply.append(effect.action)

    # time, news, other jobs

    def _pause(self, job: Job, effect: fx.Pause) -> bool:
        until_ns = self._shared.now_ns + effect.duration_ns
        return bool(effect.duration_ns) and self._waits.wait_busy(job, until_ns, effect.doing)

    def _sleep(self, job: Job, effect: fx.Sleep) -> bool:
        until_ns = self._shared.now_ns + effect.duration_ns
        return bool(effect.duration_ns) and self._waits.wait_time(job, until_ns, effect.doing)

    def _await_news(self, job: Job, effect: fx.AwaitNews) -> bool:
        return self._waits.wait_news(job, effect)

    def _spawn(self, job: Job, effect: fx.Spawn) -> None:
        job.answer = self._waits.spawn(effect.steps, effect.name)

    def _take_over(self, job: Job, effect: fx.TakeOver) -> None:
        assert job.kind is JobKind.BACKGROUND, "a command has the line already"
        self._waits.take_over(effect)

    # data from the host

    def _open(self, job: Job, effect: fx.OpenData) -> None:
        if not effect.is_prompted:
            self._urcs.enter_data_mode()
        self._reader.drop_line_feed()
        self._data.open(effect)
        self._waits.data_mode_changed(job, is_on=True)

    def _take(self, job: Job, effect: fx.Take) -> bool:
        return self._waits.wait_data(job, effect)

    def _discard(self, _job: Job, effect: fx.Discard) -> None:
        self._data.discard(effect)

    def _close(self, job: Job, effect: fx.CloseData) -> None:
        self._data.close(effect)
        self._waits.data_mode_changed(job, is_on=False)
        if effect.result:
            self._transfers.end(self._shared.now_ns, effect.result)

    def _was_escaped(self, job: Job, _effect: fx.WasEscaped) -> None:
        job.answer = self._data.was_escaped()

    def _forward(self, _job: Job, effect: fx.Forward) -> None:
        count, mode, ledger = len(effect.data), self._data.open_mode, self._shared.ledger
        ledger.in_hand -= count
        ledger.forwarded += count
        mode.forwarded += count
        event = Forwarded(
            self._shared.now_ns, effect.to, count, mode.forwarded, self._transfers.open
        )
        self._record.add(event)

    def _dispatch(self, _job: Job, effect: fx.Dispatch) -> None:
        now_ns = self._shared.now_ns
        self._record.add(
            MessageSent(now_ns, effect.reference, effect.to, effect.body, effect.is_pdu)
        )

    # files

    def _file_change(self, job: Job, effect: fx.FileChange) -> None:
        now_ns, number = self._shared.now_ns, job.number
        self._record.add(FileChanged(now_ns, number, effect.what, effect.name, effect.handle))

    def _flash(self, job: Job, effect: fx.FlashWork) -> bool:
        return self._work(job, effect.work, effect.why)

    def _store(self, job: Job, effect: fx.Store) -> bool:
        count, mode, ledger = len(effect.data), self._data.open_mode, self._shared.ledger
        begin_ns = self._shared.now_ns
        waits = self._work(job, lambda: effect.file.write(effect.data), _STORING)
        failure = job.failure
        written = failure.written if isinstance(failure, UfsError) else count
        ledger.in_hand -= count
        ledger.stored += written
        if written < count:
            self._data.lose_taken(count - written, "storage", "the storage did not take them")
        mode.stored += written
        until_ns = self._busy.until_ns if waits else begin_ns
        transfer = self._transfers.open
        self._record.add(Stored(until_ns, effect.name, written, mode.stored, transfer))
        return waits

    def _unstore(self, _job: Job, effect: fx.Unstore) -> None:
        self._data.unstore(effect.kept, "storage", "the storage gave them up after all")

    def _work(self, job: Job, work: Callable[[], Any], why: str) -> bool:
        """Let the file system do it at once, and the flash take its time over it."""
        self._nor.begin()
        try:
            job.answer = work()
        except (UfsError, AtError) as error:
            job.failure = error
        finally:  # a power cut passes through: the flash's work ends all the same
            done = self._nor.end()
        if not done.duration_ns:
            return False
        now_ns = self._shared.now_ns
        ops = [(op.kind.value, *op[1:]) for op in done.ops]
        self._record.add(FlashBusy(now_ns, now_ns + done.duration_ns, why, ops))
        self._busy.flash_since_ns = now_ns
        return self._waits.wait_busy(job, now_ns + done.duration_ns, flash_doing(why, ops))


_PERFORM: dict[type, Callable[[Performer, Job, Any], bool | None]] = {
    fx.Info: Performer._info,
    fx.Answer: Performer._answer,
    fx.Announce: Performer._announce,
    fx.Pause: Performer._pause,
    fx.Sleep: Performer._sleep,
    fx.AwaitNews: Performer._await_news,
    fx.Spawn: Performer._spawn,
    fx.TakeOver: Performer._take_over,
    fx.Prompt: Performer._prompt,
    fx.Connect: Performer._connect,
    fx.Raw: Performer._raw,
    fx.AckByte: Performer._ack,
    fx.FlashWork: Performer._flash,
    fx.Store: Performer._store,
    fx.Unstore: Performer._unstore,
    fx.Forward: Performer._forward,
    fx.Dispatch: Performer._dispatch,
    fx.OpenData: Performer._open,
    fx.Take: Performer._take,
    fx.Discard: Performer._discard,
    fx.CloseData: Performer._close,
    fx.FileChange: Performer._file_change,
    fx.WasEscaped: Performer._was_escaped,
    fx.NoReply: Performer._no_reply,
    fx.AfterReply: Performer._after_reply,
}
