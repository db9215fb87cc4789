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
from pathlib import Path

from quecsim.judge.conduct_rules import Breach
from quecsim.live.ports.link import PortLink
from quecsim.observed.heard import Source
from quecsim.profiles.loader import profile_names
from quecsim.report.model import Report
from quecsim.tap.host_pty import HostPty
from quecsim.tap.loop import Counts, TapLoop
from quecsim.tap.module_port import ModulePort
from quecsim.tap.record import Device, Recorder, Teller, TracePlace, Watcher
from quecsim.trace.setup import Lack
from quecsim.units import S, ms

_LAST_BYTES_NS = 10 * S  # how long what the program wrote last may take to reach the module
_LAST_WORDS_NS = ms(300)  # so long a module may be quiet before it has said all
_BREAK_OFF_NS = 1 * S


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


class TapSession:
    """`port` is taken over, and closed. `link` is a stable name of the host's port; `watchers` see
    every event as it happens. `tell` gets what people should know meanwhile. Raises QuecsimError.
    """

    def __init__(
        self,
        port: ModulePort,
        trace: TracePlace,
        device: Device,
        *,
        link: str | None = None,
        frame: str = "8N1",
        watchers: Sequence[Watcher] = (),
        tell: Teller,
        command: Sequence[str] = (),
    ) -> None:
        self._undo = ExitStack()
        self._port = port
        self._undo.callback(trace.close)
        self._undo.callback(port.close)
        self._trace = trace
        try:
            self._host = HostPty(port.found, hangs_up=port.hangs_up)
            self._host_undo = self._undo.enter_context(ExitStack())
            self._host_undo.callback(self._host.close)
            self.path = self._linked(link)
            source = _source(port, frame, command)
            self._recorder = Recorder(source, device, trace, watchers, tell, profile_names())
            self._loop = TapLoop(port, self._host, self._recorder.take, tell, frame=frame)
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
        """The host has ended: what it wrote last reaches the module, which may still answer."""
        self._loop.settle(must_stop, _LAST_BYTES_NS, _LAST_WORDS_NS)

    def let_host_go(self) -> None:
        """The host's port is gone: a host that has it open finds it hung up."""
        self._host_undo.close()

    def finish(self) -> Told:
        """The end: what was taken from the host still goes on, for a moment. The record is
        complete.
        """
        loop = self._loop
        loop.stop_reading()
        loop.settle(lambda: False, _BREAK_OFF_NS, 0)
        unsent = loop.unsent_bytes if loop.gone is None else 0
        errors = self._port.line_errors()
        report = self._recorder.end(loop.finish())
        reading = self._recorder.reading
        return Told(
            report=report,
            breaches=reading.watch.breaches(),
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

    def _linked(self, link: str | None) -> str:
        if link is None:
            return self._host.path
        made = PortLink(link, self._host.path)
        self._host_undo.callback(made.remove)  # first: also what a failing `create` has begun
        made.create()
        return link


def _source(port: ModulePort, frame: str, command: Sequence[str]) -> Source:
    lacks: list[Lack] = ["byte-times"]
    if not port.has_modem_lines:
        lacks.append("modem-lines")
    found = port.found.on_a_pty(frame)
    baud = found.baud if port.has_rate else 0
    date = datetime.now().astimezone().isoformat(timespec="seconds")
    words = f"tap of {Path(port.name)}" if "://" not in port.name else f"tap of {port.name}"
    return Source(
        words=words,
        lacks=tuple(lacks),
        baud=baud,
        frame=found.frame if baud else "",
        date=date,
        command=tuple(command),
    )
