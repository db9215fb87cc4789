"""One device on one pseudo terminal: the rig, its port, its record and its report."""

import warnings
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from quecsim.at.context import Context
from quecsim.at.effects import Steps
from quecsim.errors import QuecsimError
from quecsim.flash.nor import Storage
from quecsim.flash.ufs import UfsError
from quecsim.live.clock import WallClock
from quecsim.live.loop import Guest, LiveLoop
from quecsim.live.ports.link import PortLink
from quecsim.live.ports.pty_port import PtyPort
from quecsim.live.trace_file import TraceFile
from quecsim.profiles.schema import Profile
from quecsim.report.builder import ReportBuilder
from quecsim.report.model import Report
from quecsim.rig import Rig, RigConfig
from quecsim.scenario.build import rig_config
from quecsim.scenario.schema import Scenario
from quecsim.trace.event import Event
from quecsim.trace.log import EventLog

Watcher = Callable[[Iterable[Event]], None]
Teller = Callable[[str], None]


def _warn(text: str) -> None:
    warnings.warn(text, RuntimeWarning, stacklevel=2)


class Simulator:
    """A running simulator. `open` it, `serve` turns until told to stop, `close` it.

    `image` keeps UFS in a file; `trace` writes the record; `link` is a stable name for the port;
    `watch` sees every event as it happens (for messages to people); `tell` gets what goes wrong
    without ending the run, as text: by default it is a warning; `protocol_download` is that of
    `quecsim.at.context.Outside`.
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
        tell: Teller = _warn,
        protocol_download: "Callable[[Context, int], Steps] | None" = None,
    ) -> None:
        self.scenario = scenario
        self._protocol_download = protocol_download
        self._is_up = is_up
        self._watch = watch
        self._tell = tell
        self._builder = ReportBuilder()
        self.log = EventLog()
        self._undo = ExitStack()  # every step of it runs, even if another one fails
        try:
            self._open(image, trace, link)
        except BaseException:
            self.close()
            raise

    @property
    def path(self) -> str:
        """The port that hosts open: the link where there is one."""
        return self._link_path or self.port.path

    def start(self) -> None:
        """The model's clock begins to run."""
        self.clock = WallClock(self.scenario.line.time_scale)
        self.loop = LiveLoop(self.rig, self.port, self.clock, self._take)
        self._undo.callback(self.loop.close)
        self.rig.start(0, is_up=self._is_up)
        self.loop.turn()

    def take_in(self, guest: Guest, close: Callable[[], None]) -> None:
        """Serve `guest` too, from now on; `close` is called at the end."""
        self._undo.callback(close)
        self.loop.guest = guest

    def serve(self, must_stop: Callable[[], bool]) -> None:
        """Run until `must_stop` says so; it is asked after every turn."""
        while not must_stop():
            self.loop.wait()
            self.loop.turn()

    @property
    def is_upgrading(self) -> bool:
        """A firmware upgrade waits for its restart, or runs."""
        return self._builder.is_upgrading

    def report(self) -> Report:
        """What happened to the bytes so far."""
        self._take(self.rig.take_events())  # of a power cut from outside the loop, say
        now_ns = self.loop.now_ns()
        return self._builder.report(
            open_events=self.rig.open_events(now_ns),
            counters=self.rig.counters(),
            profile=self.rig.profile,
        )

    def finish(self) -> Report:
        """Let the last things happen, end the record, and say what came of it.

        An upgrade that is not over loses its power: nobody goes on with it.
        """
        self.loop.turn()
        now_ns = self.loop.now_ns()
        self.rig.advance(now_ns)
        self._take(self.rig.take_events())
        if self.is_upgrading:
            self.rig.cut_power(now_ns)
        self.rig.finish(now_ns)
        self._take(self.rig.take_events())
        return self._builder.report(profile=self.rig.profile)

    def close(self) -> None:
        """Let go of everything; the link is removed."""
        self._undo.close()

    def _open(
        self, image: str | Path | None, trace: str | Path | None, link: str | Path | None
    ) -> None:
        profile = self.scenario.profile()
        storage = None
        if image is not None:
            storage = self._open_image(image, profile)
        self._trace = TraceFile(trace, self._tell) if trace is not None else None
        if self._trace is not None:
            self._undo.callback(self._trace.close)
        self.rig = self._make_rig(profile, storage)
        self.port = PtyPort(self.rig.device.line_baud)
        self._undo.callback(self.port.close)
        self._link_path = ""
        if link is not None:
            made = PortLink(link, self.port.path)
            self._undo.callback(made.remove)  # first: also what a failing `create` has begun
            made.create()
            self._link_path = str(link)

    def _open_image(self, path: str | Path, profile: Profile) -> Storage:
        from quecsim.flash.image import open_image

        size_bytes = profile.files.block_bytes * profile.files.block_count
        image = open_image(path, size_bytes, profile.files.block_bytes, profile.identity.model)
        self._undo.callback(image.close)
        return image.storage

    def _make_rig(self, profile: Profile, storage: Storage | None) -> Rig:
        try:
            return Rig(profile, self._config(), storage=storage)
        except UfsError as error:
            raise QuecsimError(
                f"the preloaded files cannot be stored: {error}",
                hint="give fewer or smaller files, or an image with more room",
                where=f"scenario {self.scenario.name}, [files]",
            ) from None

    def _config(self) -> RigConfig:
        config = rig_config(self.scenario)
        outside = replace(config.outside, protocol_download=self._protocol_download)
        return replace(config, outside=outside)

    def _take(self, events: Iterable[Event]) -> None:
        events = list(events)
        self._builder.feed(events)
        self.log.feed(events)
        if self._trace is not None:
            self._trace.write(events)
        if self._watch is not None:
            self._watch(events)
