"""The work of a device: its jobs, what each of them waits for, and whose turn it is.

Implements `device.performer.Waits` for the effects that take time or need something, and
`device.power.Machine` for the power, with which all of it comes and goes.
"""

from collections import deque
from typing import Any

from quecsim.at.effects import AwaitNews, DataEndWhy, Steps, Take, TakeOver
from quecsim.at.results import AtError
from quecsim.device.busy import Busy
from quecsim.device.components import Components
from quecsim.device.flow_control import control_host
from quecsim.device.jobs import Job, JobKind, Jobs, Wait
from quecsim.device.news import Mailbox
from quecsim.device.performer import Performer
from quecsim.device.power import PowerState, PowerSwitch
from quecsim.device.shared import Timer
from quecsim.device.sinks import Owner, Sink, SinkEvent, SinkStop
from quecsim.trace.event import JobBegin, JobEnd
from quecsim.units import ms

_FULL = "its transmit buffer was full"
_DATA = "it was waiting for data"
_WAITS_ENDING = (Wait.TURN, Wait.BUSY, Wait.TIME)
_STARTING = "it was finishing what it had begun before"


class Work:
    """Jobs and their waits. `data_job` is the job whose data mode it is, None outside of it."""

    def __init__(self, components: Components, owner: Owner) -> None:
        self.busy = Busy()
        self.data_job: Job | None = None
        self.switch = PowerSwitch(components, self)
        performer = Performer(components, self.busy, self)
        self.jobs = Jobs(self.busy, performer.perform, self._is_full, self._await_room, self._over)
        self._components = components
        self._owner = owner
        self._shared = components.shared
        self._data = components.data
        self._files = components.shared.profile.files
        self._news = Mailbox()
        components.links.wake = self._wake
        components.links.hang_up = self._hang_up
        self._spawned = 0
        self._alone: deque[Job] = deque()  # that wait to take the place of a command line
        self._discards_surplus = False

    # what there is to see

    @property
    def doing(self) -> str:
        """What keeps the device from reading, in words."""
        if self.busy.is_on or self.jobs.line is None:
            return self.busy.why
        return self.jobs.line.doing

    @property
    def is_under_way(self) -> bool:
        """A job in the background has something to do, now or at a time."""
        return any(job.wait in _WAITS_ENDING for job in self.jobs.in_background)

    @property
    def under_way(self) -> str:
        """What will come to an end by itself, in words; empty: nothing."""
        jobs = (job for job in self.jobs.in_background if job.wait in _WAITS_ENDING)
        return self.doing or ", ".join(job.doing or job.name for job in jobs)

    @property
    def wants_data(self) -> bool:
        """The job whose data mode it is waits for the host's bytes."""
        return self.data_job is not None and self.data_job.wait is Wait.DATA

    def may_speak(self) -> bool:
        """Unsolicited result codes may go out."""
        is_free = not self.busy.is_on and self.jobs.line is None
        return is_free and self._owner.sink is Sink.COMMANDS

    # waits (device.performer.Waits)

    def wait_busy(self, job: Job, until_ns: int, doing: str) -> bool:
        """Wait for work of the processor, or of the flash."""
        job.wait, job.doing = Wait.BUSY, doing
        self._begin_busy(job, until_ns, doing)
        return True

    def wait_time(self, job: Job, until_ns: int, doing: str) -> bool:
        """Wait until a time, and let others go on."""
        job.wait, job.doing = Wait.TIME, doing
        self._shared.timers[_timer_of(job)] = until_ns
        return True

    def wait_news(self, job: Job, wanted: AwaitNews) -> bool:
        """Wait for news, unless there is some."""
        # What came before answers at once: the world does not know when a job begins to listen.
        is_there, job.answer = self._news.take(wanted.name)
        if is_there:
            return False
        job.wait, job.doing, job.news = Wait.NEWS, wanted.doing, wanted.name
        if wanted.timeout_ns is not None:
            self._shared.timers[_timer_of(job)] = self._shared.now_ns + wanted.timeout_ns
        return True

    def wait_data(self, job: Job, take: Take) -> bool:
        """Wait for the host's bytes."""
        assert job is self.data_job, "somebody else's data"
        job.wait, job.doing = Wait.DATA, _DATA
        if (end := self._data.open_mode.wanted_end) is not None:
            self.hand_over(end)
            return True
        self._owner.stop = self._data.want(take.count, take.gather_ns)
        if self._owner.stop is SinkStop.NONE:
            self._data.arm()
        return True

    def data_mode_changed(self, job: Job, *, is_on: bool) -> None:
        """Data mode has begun, for `job`, or is over."""
        self.data_job = job if is_on else None
        if not is_on:
            self._discards_surplus = self._files.surplus == "discard"
        self._owner.move(SinkEvent.OPEN if is_on else SinkEvent.CLOSE)
        control_host(self._shared, in_data_mode=is_on)

    def spawn(self, steps: Steps, name: str) -> bool:
        """Start a background job."""
        job = Job(JobKind.BACKGROUND, name, steps, self._spawned + 1, doing=name, is_answered=True)
        if not self.jobs.spawn(job):
            return False
        self._spawned += 1
        self._shared.record.add(JobBegin(self._shared.now_ns, job.number, name))
        return True

    def take_over(self, wanted: TakeOver) -> None:
        """Something is to take the place of a command line."""
        name, is_answered = wanted.name, not wanted.answers
        self._alone.append(
            Job(JobKind.ALONE, name, wanted.steps, doing=name, is_answered=is_answered)
        )

    def begin_alone(self) -> bool:
        """It begins, where no command runs and nothing waits to be said; False: not now."""
        is_free = self.jobs.line is None and self._owner.sink is Sink.COMMANDS
        if not self._alone or not is_free or self._components.urcs.has_due:
            return False
        self.jobs.begin(self._alone.popleft())
        return True

    # what the jobs wait for comes

    def on_busy_over(self) -> None:
        """The processor is free: whoever had it goes on in its turn, and data mode reads again."""
        job = self.busy.end()
        if job is not None:
            # Behind those that wait longer: a job that stores block after block, as a download
            # does, must not keep the flash from the others.
            self.jobs.wake(job)
        if self.wants_data:
            self._receive_data()

    def on_line_job(self) -> None:
        """A time has come: what the command waits for, or the end of its patience."""
        assert self.jobs.line is not None
        self.jobs.wake(self.jobs.line)

    def on_background(self, slot: int) -> None:
        """The same for the job in the background with that timer."""
        self.jobs.wake(self.jobs.job_in(slot))

    def look_for_room(self) -> None:
        """The transmitter was released or emptied: who waits for room may go on."""
        for job in list(self.jobs.waiting(Wait.ROOM)):
            if self._shared.has_room:
                self._shared.stop_timer(_timer_of(job))
                self.jobs.wake(job)
            else:
                self._await_room(job)

    def hear(self, name: str, news: Any) -> bool:
        """News from outside, for the job that waits for it; False where too much is kept."""
        for job in self.jobs.waiting(Wait.NEWS):
            if job.news == name:
                self._shared.stop_timer(_timer_of(job))
                job.answer = news
                self.jobs.wake(job)
                return True
        return self._news.put(name, news)

    def _wake(self, name: str) -> None:
        """Something has changed for the job that waits under that name, if one does; nothing is
        kept for one that may wait later, since it looks first.
        """
        for job in self.jobs.waiting(Wait.NEWS):
            if job.news == name:
                self._shared.stop_timer(_timer_of(job))
                self.jobs.wake(job)
                return

    # data mode

    def hand_over(self, end: DataEndWhy | None) -> None:
        """The block goes to the command that asked for it."""
        job = self.data_job
        assert job is not None
        self._data.disarm()
        job.answer = self._data.hand_over(end)
        self.jobs.wake(job)

    def on_stall(self) -> None:
        """A stall is due, or a fault, at this byte of the data."""
        duration_ns, doing = self._data.begin_stall()
        if duration_ns:
            self._begin_busy(None, self._shared.now_ns + duration_ns, doing)
        else:
            self._receive_data()

    def on_silence(self) -> None:
        """The host has been silent, perhaps for too long."""
        if self._data.is_timed_out():
            self.hand_over(None if self._data.open_mode.is_gathering else DataEndWhy.IDLE)

    def on_guard(self) -> None:
        """The escape's guard time is over."""
        self._owner.stop = self._data.guard_over()

    def drop_dtr(self) -> None:
        """The host's DTR goes off: data mode ends, where it does that."""
        mode = self._data.mode
        if mode is not None and mode.opened.ends_on_dtr:
            self._end_data(DataEndWhy.DTR)

    def _hang_up(self, name: str) -> None:
        """That connection is gone: so is the data mode that stands on it."""
        mode = self._data.mode
        if mode is not None and mode.opened.carrier == name:
            self._end_data(DataEndWhy.CARRIER)

    def _end_data(self, end: DataEndWhy) -> None:
        # Where nobody waits for data now, the wish is kept: DTR may be back before anybody looks.
        mode = self._data.open_mode
        mode.wanted_end = mode.wanted_end or end
        if self.wants_data and not self.busy.is_on:
            self.hand_over(mode.wanted_end)

    # power (device.power.Machine)

    def be_ready(self) -> None:
        """The device runs: first what it has to finish from before, if anything."""
        self._owner.move(SinkEvent.READY)
        steps = self.switch.take_job()
        if steps is None:
            self._idle()
        else:
            self.jobs.begin(Job(JobKind.ALONE, _STARTING, steps, doing=_STARTING, is_answered=True))

    def be_deaf(self) -> None:
        """The device sleeps: its jobs go on, and nobody owns the host's bytes."""
        self._owner.move(SinkEvent.DOWN)
        self._owner.stop = SinkStop.NONE
        self._discards_surplus = False

    def go_dark(self) -> None:
        """The device goes down: no job goes on, and nobody owns the host's bytes."""
        self._components.links.reset()
        self._components.ble.reset()
        for job in self.jobs.abandon():
            self._shared.record.add(JobEnd(self._shared.now_ns, job.number, "power"))
        self._owner.move(SinkEvent.DOWN)
        self._owner.stop = SinkStop.NONE
        self._discards_surplus = False
        self.data_job = None
        self._alone.clear()
        self._news.clear()

    # inside

    def _begin_busy(self, job: Job | None, until_ns: int, doing: str) -> None:
        """The processor is taken; it reads nothing meanwhile."""
        self.busy.begin(self._shared.now_ns, until_ns, doing, job)
        self._shared.timers[Timer.BUSY] = until_ns
        if self._data.mode is not None:
            self._data.disarm()

    def _receive_data(self) -> None:
        """Data mode reads what comes."""
        mode = self._data.open_mode
        if mode.wanted_end is not None:
            self.hand_over(mode.wanted_end)
        elif mode.is_complete:
            self._owner.stop = SinkStop.BLOCK
        else:
            self._data.arm()

    def _over(self, job: Job, error: AtError | None) -> bool:
        """A job has no more steps; True where it goes on with others."""
        if job is self.data_job:
            # A handler that fails has no chance to clean up; were data mode left on, flow control
            # would stay on with it, and the host's next command would be taken for data.
            self._data.give_up()
            self.data_mode_changed(job, is_on=False)
        if job.kind is JobKind.BACKGROUND:
            why = "done" if error is None else "failed"
            self._shared.record.add(JobEnd(self._shared.now_ns, job.number, why))
        elif not job.is_settling:
            if job.kind is JobKind.LINE:
                self._components.lines.finish(job, error)
            else:
                self._components.transfers.end(self._shared.now_ns, "")
            self._components.urcs.final_sent()
            if job.after_reply:
                self._components.lines.settle(job, lambda: self.switch.state is PowerState.ON)
                return True
        self.jobs.remove(job)
        if job.kind is not JobKind.BACKGROUND:
            self._idle()
        return False

    def _idle(self) -> None:
        """Ready for the next command line."""
        if self._discards_surplus:
            self._discards_surplus = False
            self._owner.move(SinkEvent.SURPLUS)
            self._shared.set_timer(Timer.LINE, ms(self._files.surplus_discard_ms))
        else:
            self._components.urcs.arm()

    def _is_full(self) -> bool:
        return not self._shared.has_room

    def _await_room(self, job: Job) -> None:
        tx = self._shared.tx
        job.wait, job.doing = Wait.ROOM, _FULL
        at_ns = tx.next_edge_ns(tx.queued - self._shared.profile.uart.tx_ring_bytes)
        if at_ns is not None:
            self._shared.timers[_timer_of(job)] = max(at_ns, self._shared.now_ns)


def _timer_of(job: Job) -> int:
    return Timer.BACKGROUND + job.slot if job.kind is JobKind.BACKGROUND else Timer.JOB
