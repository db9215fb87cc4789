"""One run of a host program against its device, from the first byte to the judgement."""

import os
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from quecsim.check.kept import OUTPUT, TRACE
from quecsim.check.plan import CheckPlan
from quecsim.errors import QuecsimError
from quecsim.judge.conduct import ConductWatch
from quecsim.judge.judgement import Judgement, judge
from quecsim.judge.stored import uploaded_content
from quecsim.live.control.server import open_control
from quecsim.live.failure import failures_told
from quecsim.live.program import HostProgram, how_it_ended, settle, told_values
from quecsim.live.readiness import Waker
from quecsim.live.signals import Signals
from quecsim.live.simulator import Simulator
from quecsim.report.model import Report
from quecsim.trace.event import Event
from quecsim.units import format_ns

_LOOK_S = 0.5
_MOST_TRIES = 3
_READER_S = 2.0
_MOST_LOG_BYTES = 4 << 20
_LEFT_OUT = b"[quecsim: what came before this is left out]\n"


class CheckInterrupted(KeyboardInterrupt):
    """A signal has asked for the end."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of a run. `ended` is how the program ended, in words; `took_s` real seconds.

    `points` is how much of the run a fault could have hit (`Rig.fault_points`); `content` is what
    the device has under the file's name, None where it gives nothing out. `stopped_ns`: so long, by
    the wall's clock, the simulator had no processor.
    """

    judgement: Judgement
    report: Report
    exit_code: int
    ended: str
    took_s: float
    notes: list[str]
    points: dict[str, int]
    content: bytes | None
    stopped_ns: int

    @property
    def unfair(self) -> str:
        """Why it says nothing about the program, in words; empty where it does: it passed, or the
        simulator had a processor, and a board's adapter lost none of its bytes.
        """
        line = self.report.real_line
        if self.judgement.passed:
            return ""
        if self.stopped_ns:
            return f"the simulator had no processor for {format_ns(self.stopped_ns)}"
        return "the adapter lost bytes of the board's" if line and line.overruns else ""

    @property
    def is_fair(self) -> bool:
        """It says something about the program."""
        return not self.unfair


class OutputCopy:
    """The program's output: passed through to our standard error, and its end kept in a file."""

    def __init__(self, path: Path, *, is_shown: bool) -> None:
        self._file = path.open("w+b")
        self._is_shown = is_shown
        self._read, self.write_end = os.pipe()
        self._thread = threading.Thread(target=self._copy, name="output", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Everything is in the file, unless somebody the program left behind still writes."""
        with suppress(OSError):
            os.close(self.write_end)
        self._thread.join(_READER_S)

    def _copy(self) -> None:
        with self._file as file:
            while data := os.read(self._read, 65536):
                file.write(data)
                if file.tell() > _MOST_LOG_BYTES:
                    self._halve()
                file.flush()
                if self._is_shown:
                    with suppress(OSError, ValueError):
                        sys.stderr.buffer.write(data)
                        sys.stderr.buffer.flush()
        os.close(self._read)

    def _halve(self) -> None:
        """A program that never stops talking must not fill the disk: its last words count."""
        self._file.seek(-_MOST_LOG_BYTES // 2, os.SEEK_END)
        rest = self._file.read()
        self._file.seek(0)
        self._file.truncate()
        self._file.write(_LEFT_OUT + rest)


def attempt(plan: CheckPlan, folder: Path, signals: Signals, *, is_shown: bool = True) -> Attempt:
    """Run the program; again where it failed while the simulator had no processor: that says
    nothing of it. The last attempt is returned, fair or not. Raises as `Run.run`.
    """
    for _ in range(_MOST_TRIES - 1):
        made = AttemptRun(plan, folder, signals, is_shown=is_shown).run()
        if made.is_fair:
            return made
    return AttemptRun(plan, folder, signals, is_shown=is_shown).run()


class AttemptRun:
    """Everything that one attempt needs, in `folder`: its trace and the program's output."""

    def __init__(
        self, plan: CheckPlan, folder: Path, signals: Signals, *, is_shown: bool = True
    ) -> None:
        self._plan = plan
        self._signals = signals
        self._folder = folder
        self._is_shown = is_shown
        self._watch = ConductWatch()
        self._notes: list[str] = []
        self._left_ns = 0
        self._is_late = False
        self._has_read = True

    def run(self) -> Attempt:
        """Run it. Raises Interrupted on a signal, QuecsimError for the user's mistakes."""
        begin_s = time.monotonic()
        simulator = Simulator(
            self._plan.scenario,
            trace=self._folder / TRACE,
            is_up=self._plan.is_up,
            watch=self._see,
            tell=self._notes.append,
            command=self._plan.program,
            network=self._plan.network,
            serial=self._plan.serial,
            tell_hosts=self._notes.append,
        )
        try:
            with failures_told(simulator):
                code = self._serve(simulator)
                report = simulator.finish()
            judgement = self._judge(simulator, report, code)
        finally:
            self._signals.wake(-1)
            simulator.close()
        took_s = time.monotonic() - begin_s
        points = simulator.rig.fault_points()
        content = uploaded_content(simulator.rig, report, self._plan.name)
        return Attempt(
            judgement,
            report,
            code,
            self._ended(code),
            took_s,
            self._notes,
            points,
            content,
            simulator.loop.stopped_ns,
        )

    def _see(self, events: Iterable[Event]) -> None:
        self._watch.feed(events)

    def _serve(self, simulator: Simulator) -> int:
        """The program's life; returns its exit code."""
        waker = Waker()
        simulator.start(waker)
        self._signals.wake(waker.write_descriptor)
        values = {"port": simulator.path, "file": str(self._plan.file), **told_values(simulator)}
        with suppress(QuecsimError):  # where there can be no socket, it goes without
            values["ctl"] = open_control(simulator).path
        output = OutputCopy(self._folder / OUTPUT, is_shown=self._is_shown)
        try:
            program = HostProgram(
                self._plan.program, values, output=output.write_end, is_apart=True
            )
            os.close(output.write_end)
            code = self._watch_over(simulator, program)
        finally:
            output.close()
        if self._signals.is_stopped:
            raise CheckInterrupted
        return code

    def _watch_over(self, simulator: Simulator, program: HostProgram) -> int:
        end_s = time.monotonic() + self._plan.limit_s
        try:
            while not (program.has_ended or self._signals.is_stopped or self._is_late):
                if simulator.gone:
                    raise QuecsimError(simulator.gone, hint="plug it in, and check again")
                left_s = end_s - time.monotonic()
                simulator.loop.wait(min(max(left_s, 0.0), _LOOK_S))
                simulator.loop.turn()
                self._is_late = left_s <= 0 and not program.has_ended
            self._left_ns = simulator.loop.host_left()
            self._has_read = not simulator.is_unheard
            if program.has_ended:
                settle(simulator, lambda: self._signals.is_stopped, self._notes.append)
        finally:
            code = program.stop()
        return code

    def _judge(self, simulator: Simulator, report: Report, code: int) -> Judgement:
        plan = self._plan
        content = uploaded_content(simulator.rig, report, plan.name)
        expected = plan.expected(content)
        if expected is None and report.uploads:
            self._notes.append(
                "the content was not compared: give the program's file as --file FILE, or let the "
                "program upload {file}"
            )
        judgement = judge(
            report,
            self._watch,
            claim=code == 0,
            content=content,
            expected=expected,
            name=plan.name,
            left_ns=self._left_ns,
            has_read=self._has_read,
            allow=plan.allow,
            expect=plan.expect,
            need_faults=plan.need_faults,
            need_connection=plan.need_connection,
            unfinished=self._ended(code) if self._is_late else "",
        )
        if judgement.verdict == "none" and not plan.names_port and plan.serial is None:
            self._notes.append(
                "the program's arguments have no {port}: it finds the port only in QUECSIM_PORT"
            )
        return judgement

    def _ended(self, code: int) -> str:
        if self._is_late:
            return f"the program was stopped after {self._plan.limit_s:g} s (--timeout)"
        return f"the program {how_it_ended(code)}"
