"""The jobs of a device: what runs, and the one thing that each of them waits for.

A job is a generator of effects. It runs until an effect takes time or needs something; then it has
exactly one named wait:

| wait | over when | the processor meanwhile |
| --- | --- | --- |
| TURN | the processor is free, and those that waited longer have had it | somebody else's |
| BUSY | the work is done, which takes a known time | this job's |
| TIME | a time has come | free |
| DATA | the host's bytes for it are complete, or end | free |
| ROOM | the transmitter's ring has room | free |
| NEWS | there is news of a name, or a time has come | free |

There is one command line (or what the device does alone: at its start, an upgrade) and a bounded
number of jobs in the background. They take turns for the processor in the order in which their
waits were over.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from quecsim.at.effects import Effect, Pause, Raw, Steps
from quecsim.at.results import AtError
from quecsim.at.storage import at_error
from quecsim.device.busy import Busy
from quecsim.flash.ufs import UfsError

MOST_BACKGROUND = 16
"""How many jobs the background holds: the 12 links of a module, and what keeps some of them."""


class JobKind(Enum):
    """What a job is for."""

    LINE = auto()  # a command line
    ALONE = auto()  # what the device has to do at its start, before it answers, or by itself
    BACKGROUND = auto()


class Wait(Enum):
    """What a job waits for: see the table above."""

    TURN = auto()
    BUSY = auto()
    TIME = auto()
    DATA = auto()
    ROOM = auto()
    NEWS = auto()


@dataclass(slots=True, eq=False)
class Job:
    """Something that the device is doing. `name` and `doing` say in words what, as a whole and now.

    `first` is an effect before the first of `steps`. `number` is that of a command line, or of a
    background job; `text` the command line's. `answer` and `failure` are what the effect that is
    waited for gives. `is_answered`: the final result is out, or nobody expects one; `is_silent`:
    there will be none. `after_reply` is to be done when the result has left the UART.
    """

    kind: JobKind
    name: str
    steps: Steps
    number: int = 0
    text: str = ""
    first: Pause | None = None
    wait: Wait = Wait.TURN
    doing: str = ""
    news: str = ""
    slot: int = 0
    answer: Any = None
    failure: Exception | None = None
    is_answered: bool = False
    is_silent: bool = False
    is_watched: bool = False  # the faults see its effects
    is_settling: bool = False  # the reply is out, and what follows it is going on
    is_gone: bool = False  # with the power, and perhaps in the middle of a step
    after_reply: list[Callable[[int], None]] = field(default_factory=list)

    def next_effect(self) -> Effect:
        """Go on with the answer, or the failure, of the effect before. Raises what ends the job."""
        if self.first is not None:
            effect, self.first = self.first, None
            return effect
        answer, failure = self.answer, self.failure
        self.answer = self.failure = None
        if failure is not None:
            return self.steps.throw(failure)
        return self.steps.send(answer)


class Jobs:
    """Runs jobs, each in its turn. `line` is the command line's job, or that of the start.

    `perform(job, effect)` returns True where the job has to wait now; `is_full()` tells that the
    transmitter takes no more; `over(job, error)` hears of the end of a job: it removes it, or
    gives it other steps to go on with and returns True.
    """

    def __init__(
        self,
        busy: Busy,
        perform: Callable[[Job, Effect], bool],
        is_full: Callable[[], bool],
        await_room: Callable[[Job], None],
        over: Callable[[Job, AtError | None], bool],
    ) -> None:
        self.line: Job | None = None
        self.ready: deque[Job] = deque()
        self._background: dict[int, Job] = {}
        self._busy = busy
        self._perform = perform
        self._is_full = is_full
        self._await_room = await_room
        self._over = over

    @property
    def in_background(self) -> list[Job]:
        """The background jobs, the oldest first."""
        return list(self._background.values())

    def job_in(self, slot: int) -> Job:
        """The background job with that timer."""
        return self._background[slot]

    def begin(self, job: Job) -> None:
        """The command line, or what the start has to do, begins when the processor is free."""
        assert self.line is None
        self.line = job
        self.ready.append(job)

    def spawn(self, job: Job) -> bool:
        """A job begins in the background; False where too many run."""
        if len(self._background) >= MOST_BACKGROUND:
            return False
        job.slot = next(n for n in range(MOST_BACKGROUND) if n not in self._background)
        self._background[job.slot] = job
        self.ready.append(job)
        return True

    def wake(self, job: Job) -> None:
        """What the job waits for has come, and is its answer: it goes on in its turn."""
        job.wait = Wait.TURN
        self.ready.append(job)

    def remove(self, job: Job) -> None:
        """It is over."""
        if job.kind is JobKind.BACKGROUND:
            del self._background[job.slot]
        else:
            self.line = None

    def waiting(self, wait: Wait) -> Iterator[Job]:
        """The jobs that wait so: the command line first, then by age."""
        if self.line is not None and self.line.wait is wait:
            yield self.line
        for job in self.in_background:
            if job.wait is wait:
                yield job

    def run_next(self) -> None:
        """Let the job whose turn it is go on, until it waits or is over."""
        assert not self._busy.is_on
        job = self.ready.popleft()
        while True:
            try:
                effect = job.next_effect()
            except StopIteration:
                error = None
            except UfsError as failure:
                error = at_error(failure)
            except AtError as failure:
                error = failure
            else:
                if self._perform(job, effect):
                    return
                # The answers of a command keep to the transmitter's ring. A job in the background
                # has none; it waits for what it sends, and may store while the host holds us.
                is_sender = job.kind is not JobKind.BACKGROUND or isinstance(effect, Raw)
                if is_sender and self._is_full():
                    self._await_room(job)
                    return
                continue
            if job.is_gone or not self._over(job, error):
                return

    def abandon(self) -> list[Job]:
        """Power is gone: no job goes on. Returns those of the background."""
        gone = self.in_background
        for job in gone if self.line is None else (self.line, *gone):
            job.is_gone = True
        self.line = None
        self.ready.clear()
        self._background.clear()
        if self._busy.is_on:
            self._busy.end()
        return gone
