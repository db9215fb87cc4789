"""One device from its start to its end: the rig, the record, the answer, and how it ends.

    run = new_run(scenario)          everything that a scenario says, made into a rig
    run.start()                      its time begins
    run.collect()                    what has happened goes to the report, the log and the watchers
    run.report(now_ns)               the answer so far
    run.finish(now_ns)               the end, in good order, and the answer that stays
    run.break_off()                  the end where there can be no good order any more

Whoever has it turns its rig, in real time or in virtual time. There is no clock in here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from quecsim.at.context import Context
from quecsim.at.effects import Steps
from quecsim.border import Peer
from quecsim.errors import QuecsimError
from quecsim.flash.nor import Storage
from quecsim.flash.ufs import UfsError, UfsFault
from quecsim.peers.ble_together import BleTogether
from quecsim.peers.served import Served
from quecsim.profiles.schema import Profile
from quecsim.report.builder import ReportBuilder
from quecsim.report.model import Report
from quecsim.rig import Rig
from quecsim.rig.setup import flash_image, with_origin
from quecsim.run.host_way import HostWay
from quecsim.scenario.ble_peers import new_crowd
from quecsim.scenario.build import rig_config
from quecsim.scenario.peers import new_network
from quecsim.scenario.schema import Scenario
from quecsim.trace.event import Event
from quecsim.trace.log import EventLog

if TYPE_CHECKING:
    from quecsim.peers.ble_crowd import BleCrowd

_MOST_FRESH = 64  # events that may wait: each may hold as much as a host writes at once

Watcher = Callable[[Iterable[Event]], None]
ProtocolDownload = Callable[[Context, int], Steps]
"""What a device does after AT+QFOTADL="FILE:<length>",2: see `quecsim.at.context.Outside`."""


class DeviceRun:
    """A rig, and what is known of its run. `log` keeps the last events.

    `served` are the servers in process behind it; `air` is all that is on the air with it (None: it
    has no Bluetooth LE), and `crowd` those of them who are in this process; `routes`, `allowed` and
    `doors` are for looking only: what of the real network it may reach, as on the command line, and
    where its links that listen can be called; and `ways`, how hosts reach it. `is_up`: its start-up
    is over when the run begins; otherwise the run begins with power-up.
    """

    def __init__(
        self,
        rig: Rig,
        *,
        is_up: bool = True,
        served: Served | None = None,
        air: BleTogether | None = None,
        crowd: "BleCrowd | None" = None,
    ) -> None:
        self.rig = rig
        self.served = served
        self.air = air
        self.crowd = crowd
        self.routes: tuple[str, ...] = ()
        self.allowed: tuple[str, ...] = ()
        self.doors: Callable[[], Mapping[int, str]] = dict
        self.ways: Callable[[], Sequence[HostWay]] = list
        self._is_up = is_up
        self._watchers: list[Watcher] = []
        self._fresh: list[Event] = []  # neither in the report nor in the log yet
        self._last: Report | None = None

    # Most runs in virtual time are never asked what happened, and opening a device takes a sixth
    # longer with both of these. Fed they are when somebody asks, and with a good many events at
    # once: a host that waits for its turn does not wait for them.

    @property
    def log(self) -> EventLog:
        """The last events, up to now."""
        self._catch_up()
        return self._made_log

    @property
    def _builder(self) -> ReportBuilder:
        self._catch_up()
        return self._made_builder

    @cached_property
    def _made_log(self) -> EventLog:
        return EventLog()

    @cached_property
    def _made_builder(self) -> ReportBuilder:
        return ReportBuilder()

    def _catch_up(self) -> None:
        if events := self._fresh:
            self._fresh = []
            self._made_builder.feed(events)
            self._made_log.feed(events)

    @property
    def has_ended(self) -> bool:
        """It is over: what happened can still be looked at."""
        return self._last is not None

    @property
    def is_upgrading(self) -> bool:
        """A firmware upgrade waits for its restart, or runs; as far as events were collected."""
        return self._builder.is_upgrading

    def start(self) -> None:
        """The run begins, at 0."""
        self.rig.start(0, is_up=self._is_up)

    def watch(self, watcher: Watcher) -> None:
        """`watcher` sees every event, from the first that is still kept."""
        watcher([event for _, event in self.log.since()])
        self._watchers.append(watcher)

    def collect(self) -> None:
        """Take what has happened out of the rig."""
        if events := self.rig.take_events():
            self.take(events)

    def take(self, events: Iterable[Event]) -> None:
        """What has happened, in the order of the record."""
        events = list(events)
        self._fresh += events
        if len(self._fresh) >= _MOST_FRESH:
            self._catch_up()
        for watcher in self._watchers:
            watcher(events)

    def report(self, now_ns: int) -> Report:
        """What happened to the bytes: as far as the run has come, or as it ended."""
        if self._last is not None:
            return self._last
        self.collect()
        self._builder.until(now_ns)
        return self._builder.report(
            open_events=self.rig.open_events(now_ns),
            counters=self.rig.counters(),
            profile=self.rig.profile,
        )

    def finish(self, now_ns: int) -> Report:
        """The end: what is due by now happens, the record is complete.

        An upgrade that is not over loses its power: nobody goes on with it.
        """
        if self._last is None:
            self.rig.advance(now_ns)
            self.collect()
            if self.is_upgrading:
                self.rig.cut_power(now_ns)
            self.rig.finish(now_ns)
            self.collect()
            self._last = self._builder.report(profile=self.rig.profile)
        return self._last

    def break_off(self) -> Report:
        """The end of a run that cannot go on, because something broke inside: as it stands."""
        if self._last is None:
            self.collect()
            self._last = self._builder.report(
                counters=self.rig.counters(), profile=self.rig.profile
            )
        return self._last


def new_run(
    scenario: Scenario,
    *,
    storage: Storage | None = None,
    is_up: bool = True,
    protocol_download: ProtocolDownload | None = None,
    date: str = "",
    command: Sequence[str] = (),
    beyond: Callable[[Served], Peer] | None = None,
    is_real_line: bool = False,
) -> DeviceRun:
    """The scenario's device, its flash blank or in `storage`. `is_real_line`: a board is at the
    other end, with a UART of its own.

    `date` (ISO 8601) and the host program's `command` are for the record alone. `beyond` puts a
    larger network around that of the scenario's own servers (a live run's sockets). Raises
    QuecsimError where the scenario's files cannot be stored.
    """
    config = rig_config(scenario)
    if is_real_line:
        config = replace(config, is_real_line=True)
    if date or command:
        config = with_origin(config, date=date, command=tuple(command))
    if storage is not None:
        config = with_origin(config, image=flash_image(storage))
    if protocol_download is not None:
        outside = replace(config.outside, protocol_download=protocol_download)
        config = replace(config, outside=outside)
    try:
        profile, served = scenario.profile(), new_network(scenario)
        peer = served if beyond is None else beyond(served)
        crowd = new_crowd(scenario)
        air = new_air(profile, crowd)
        rig = Rig(profile, config, storage=storage, peer=peer, ble_peer=air)
    except UfsError as error:
        is_full = error.kind is UfsFault.NO_SPACE
        smaller, sound = "fewer or smaller files, or an image with more room", "a new image"
        raise QuecsimError(
            f"the preloaded files cannot be stored: {error}",
            hint=f"give {smaller if is_full else sound}",
            where=f"scenario {scenario.name}, [files]",
        ) from None
    return DeviceRun(rig, is_up=is_up, served=served, air=air, crowd=crowd)


def new_air(profile: Profile, crowd: "BleCrowd | None") -> BleTogether | None:
    """All that is on the air with a device; None for one without Bluetooth LE."""
    return None if profile.ble is None else BleTogether(() if crowd is None else (crowd,))
