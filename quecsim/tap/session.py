"""A tap from its beginning to its end: the module's port, the host's, the record, the answer.

session = TapSession(port, trace=TracePlace(...), ...)
session.serve(must_stop)
told = session.finish()
session.close()                 the module's port is as it was found, and the link is gone
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from quecsim.judge.conduct_rules import Breach
from quecsim.live.ports.link import PortLink
from quecsim.observed.heard import Source
from quecsim.profiles.loader import profile_names
from quecsim.report.model import Report
from quecsim.tap.host import TapHost
from quecsim.tap.host_pty import HostPty
from quecsim.tap.loop import Counts, TapLoop
from quecsim.tap.module_port import ModulePort
from quecsim.tap.record import Device, Recorder, Teller, TracePlace, Watcher
from quecsim.trace.redact import FULL
from quecsim.trace.setup import Lack
from quecsim.units import S, ms

if TYPE_CHECKING:
    from quecsim.live.ports.entrance import Gate

_LAST_BYTES_NS = 10 * S  # how long what the program wrote last may take to reach the module
_LAST_WORDS_NS = ms(300)  # so long a module may be quiet before it has said all
_BREAK_OFF_NS = 1 * S
_HUNG_UP_S = 5.0
_MOST_PATIENCE_NS = 30 * S


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it. `device` is the profile's name, `device_how` given | heard | default;
    `unsent` bytes of the host's never got on the line; `line_errors` are the driver's counts;
    `gone` says why the port has gone, if it has.
    """

    report: Report
    breaches: list[Breach]
    device: str
    device_how: str
    trace: str
    counts: Counts
    unsent: int
    line_errors: dict[str, int]
    gone: str


@dataclass(frozen=True, slots=True)
class Plan:
    """`trace` is the record's file, `payload` full | digest; `link` a stable name of the host's
    port; where there is a `gate`, the host comes in there, and not by a pty; `frame` has data bits
    and parity of the module's line, for a pty; `command` is the host program.
    """

    trace: str
    payload: str = FULL
    link: str | None = None
    gate: "Gate | None" = None
    frame: str = "8N1"
    command: tuple[str, ...] = ()


class TapSession:
    """`port` is taken over, and closed. `watchers` see every event as it happens. `tell` gets what
    people should know meanwhile. Raises QuecsimError.
    """

    def __init__(
        self,
        port: ModulePort,
        plan: Plan,
        device: Device,
        *,
        watchers: Sequence[Watcher] = (),
        tell: Teller,
    ) -> None:
        self._undo = ExitStack()
        self._port = port
        self._tell = tell
        self._left_ns: int | None = None  # when the host program had ended
        self._undo.callback(port.close)
        try:
            self._host = self._new_host(plan)
            self._host_undo = self._undo.enter_context(ExitStack())
            self._host_undo.callback(self._host.close)
            self.path = self._linked(plan.link)
            self.is_remote = plan.gate is not None and not plan.gate.address.is_loopback
            self._trace = TracePlace(plan.trace, plan.payload, tell)
            self._undo.callback(self._trace.close)
            source = _source(port, plan)
            self._recorder = Recorder(source, device, self._trace, watchers, tell, profile_names())
            self._loop = TapLoop(port, self._host, self._recorder.take, tell, frame=plan.frame)
            self._undo.callback(self._loop.close)
        except BaseException:
            self.close()
            raise

    @property
    def wake_descriptor(self) -> int:
        """A byte written there ends a wait."""
        return self._loop.wake_descriptor

    @property
    def has_gone(self) -> bool:
        """The module's port has vanished."""
        return self._loop.gone is not None

    def serve(self, must_stop: Callable[[], bool]) -> None:
        """Pass on until `must_stop` says so, or the module's port has gone."""
        self._loop.serve(must_stop)

    def settle(self, must_stop: Callable[[], bool]) -> None:
        """The host has ended: what it wrote last reaches the module, which may still answer. One
        that still takes the data of an upload has as long as it would wait for more of it.
        """
        self._left_ns = self._loop.now_ns()
        self._loop.settle(must_stop, _LAST_BYTES_NS, _LAST_WORDS_NS)
        watch = self._recorder.reading.watch
        if watch.still_waits() and watch.upload is not None and not must_stop():
            limit_ns = min(watch.upload.timeout_ns + _LAST_WORDS_NS, _MOST_PATIENCE_NS)
            self._tell(f"the program has ended, the module still takes its data: up to "
                       f"{limit_ns / S:.0f} s for its last word; Ctrl-C ends it")  # fmt: skip
            has_word = lambda: must_stop() or not watch.still_waits()  # noqa: E731
            self._loop.settle(has_word, limit_ns, limit_ns)

    def let_host_go(self, must_stop: Callable[[], bool]) -> None:
        """The host's port is gone: a host that has it open finds it hung up, and has a while to
        make something of it.
        """
        self._host_undo.close()
        self._loop.doze(must_stop, _HUNG_UP_S)

    def finish(self, exit_code: int | None = None, *, was_stopped: bool = False) -> Told:
        """The end: what was taken from the host still goes on, for a moment. The record is
        complete. `exit_code` is what the host program has said of itself, if there was one, and it
        was not stopped (`was_stopped`).
        """
        from quecsim.judge.judgement import judge  # they need time to load
        from quecsim.run.heard import as_heard

        loop = self._loop
        loop.stop_reading()
        loop.settle(lambda: False, _BREAK_OFF_NS, 0)
        unsent = loop.unsent_bytes if loop.gone is None else 0
        errors = self._port.line_errors()
        report = self._recorder.end(loop.finish())
        reading = self._recorder.reading
        judged = judge(
            report,
            reading.watch,
            claim=None if exit_code is None or was_stopped else exit_code == 0,
            left_ns=self._left_ns,
            unfinished="it was stopped" if was_stopped else "",
        )
        self._trace.close()
        return Told(
            report=as_heard(report, self._trace.events()),
            breaches=judged.breaches,
            device=reading.profile.name,
            device_how=self._recorder.how_known,
            trace=self._trace.path,
            counts=loop.counts,
            unsent=unsent,
            line_errors=errors,
            gone=str(loop.gone or ""),
        )

    def close(self) -> None:
        """Let go of everything, once or more often."""
        self._undo.close()

    def _new_host(self, plan: Plan) -> TapHost:
        port = self._port
        if plan.gate is None:
            return HostPty(port.found, hangs_up=port.hangs_up)
        from quecsim.tap.host_net import HostNet

        signature = f"quecsim tap of {port.name}"
        return HostNet(plan.gate, port.found, port.lines, signature, self._tell)

    def _linked(self, link: str | None) -> str:
        if link is None:
            return self._host.path
        made = PortLink(link, self._host.path)
        self._host_undo.callback(made.remove)  # first: also what a failing `create` has begun
        made.create()
        return link


def _source(port: ModulePort, plan: Plan) -> Source:
    lacks: list[Lack] = ["byte-times"]
    if not port.has_modem_lines:
        lacks.append("modem-lines")
    found = port.found.on_a_pty(plan.frame)
    baud = found.baud if port.has_rate else 0
    return Source(
        words=f"tap of {port.name}",
        lacks=tuple(lacks),
        baud=baud,
        frame=found.frame if baud else "",
        date=datetime.now().astimezone().isoformat(timespec="seconds"),
        command=plan.command,
    )
