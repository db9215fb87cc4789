"""One device on one pseudo terminal: the rig, its port, its record and its report."""

from collections.abc import Callable, Iterable
from pathlib import Path

from quecsim.errors import QuecsimError
from quecsim.flash.nor import Storage
from quecsim.live.clock import WallClock
from quecsim.live.link import PortLink
from quecsim.live.loop import LiveLoop
from quecsim.live.pty_port import PtyPort
from quecsim.report.builder import ReportBuilder
from quecsim.report.model import Report
from quecsim.rig import Rig
from quecsim.scenario.build import rig_config
from quecsim.scenario.schema import Scenario
from quecsim.trace.event import Event
from quecsim.trace.jsonl import TraceWriter

Watcher = Callable[[Iterable[Event]], None]


class Simulator:
    """A running simulator. `open` it, `serve` turns until told to stop, `close` it.

    `image` keeps UFS in a file; `trace` writes the record; `link` is a stable name for the port;
    `watch` sees every event as it happens (for messages to people).
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        image: str | Path | None = None,
        trace: str | Path | None = None,
        link: str | Path | None = None,
        is_up: bool = True,
        watch: Watcher | None = None,
    ) -> None:
        self.scenario = scenario
        self._is_up = is_up
        self._watch = watch
        self._builder = ReportBuilder()
        self._undo: list[Callable[[], None]] = []
        try:
            self._open(image, trace, link)
        except BaseException:
            self._close_all()
            raise

    @property
    def path(self) -> str:
        """The port that hosts open: the link where there is one."""
        return self._link_path or self.port.path

    def start(self) -> None:
        """The model's clock begins to run."""
        self.clock = WallClock(self.scenario.line.time_scale)
        self.loop = LiveLoop(self.rig, self.port, self.clock, self._take)
        self._undo.append(self.loop.close)
        self.rig.start(0, is_up=self._is_up)
        self.loop.turn()

    def serve(self, must_stop: Callable[[], bool]) -> None:
        """Run until `must_stop` says so; it is asked after every turn."""
        while not must_stop():
            self.loop.wait()
            self.loop.turn()

    def report(self) -> Report:
        """What happened to the bytes so far."""
        now_ns = self.loop.now_ns()
        return self._builder.report(
            open_loss=self.rig.open_loss(now_ns),
            counters=self.rig.counters(),
            profile=self.rig.profile,
        )

    def finish(self) -> Report:
        """Let the last things happen, end the record, and say what came of it."""
        self.loop.turn()
        report = self.report()
        self.rig.finish(self.loop.now_ns())
        self._take(self.rig.take_events())
        return report

    def close(self) -> None:
        """Let go of everything; the link is removed."""
        self._close_all()

    def _open(
        self, image: str | Path | None, trace: str | Path | None, link: str | Path | None
    ) -> None:
        profile = self.scenario.profile()
        storage = None
        if image is not None:
            storage = self._open_image(image, profile.files.block_bytes * profile.files.block_count)
        self._trace = self._open_trace(trace) if trace is not None else None
        self.rig = Rig(profile, rig_config(self.scenario), storage=storage)
        self.port = PtyPort(self.rig.device.settings.baud)
        self._undo.append(self.port.close)
        self._link_path = ""
        if link is not None:
            made = PortLink(link, self.port.path)
            made.create()
            self._undo.append(made.remove)
            self._link_path = str(link)

    def _open_image(self, path: str | Path, size_bytes: int) -> Storage:
        from quecsim.flash.image import open_image

        image = open_image(path, size_bytes)
        self._undo.append(image.close)
        return image.storage

    def _open_trace(self, path: str | Path) -> TraceWriter:
        try:
            stream = Path(path).open("wb")  # noqa: SIM115 - closed with the run
        except OSError as error:
            raise QuecsimError(
                f"cannot write the trace {path}: {error.strerror}",
                hint="choose a place for --trace where you may write",
            ) from None
        self._undo.append(stream.close)
        return TraceWriter(stream)

    def _take(self, events: Iterable[Event]) -> None:
        events = list(events)
        self._builder.feed(events)
        if self._trace is not None:
            self._trace.write(events)
        if self._watch is not None:
            self._watch(events)

    def _close_all(self) -> None:
        while self._undo:
            self._undo.pop()()
