"""The report, counted from the event stream alone: the same live as from a trace file.

`ReportBuilder` is fed events in the order of the record and keeps none; `report` may be asked for
at any time. Lists are bounded, sums are not. Each part of it takes the events that concern it.
"""

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from functools import partial
from typing import Any

from quecsim.profiles.schema import Profile
from quecsim.report import model
from quecsim.report.advice.ble import ble_advice
from quecsim.report.advice.network import network_advice
from quecsim.report.advice.stream import HostStream
from quecsim.report.advice.talk import CommandTalk
from quecsim.report.air import BleReport
from quecsim.report.assumed import assumed_values
from quecsim.report.ble import BleNotes
from quecsim.report.canned import CannedCounts
from quecsim.report.connection import NetworkReport
from quecsim.report.faults import FaultCounts
from quecsim.report.file_sources import FileSources
from quecsim.report.losses import as_losses
from quecsim.report.network import Network
from quecsim.report.notes import Notes
from quecsim.report.origin import origin_of
from quecsim.report.places import BytePlaces
from quecsim.report.real_line import RealLineTotals
from quecsim.report.totals import ByteTotals, FlashTotals, HeldTime
from quecsim.report.uploads import Uploads
from quecsim.trace import event as ev


class ReportBuilder:
    """Feed it every event of a run, once, in order."""

    def __init__(self) -> None:
        self._bytes = ByteTotals()
        self._flash = FlashTotals()
        self._held = HeldTime()
        self._faults = FaultCounts()
        self._canned = CannedCounts()
        self._places = BytePlaces()
        self._stream = HostStream()
        self._sources = FileSources()
        self._uploads = Uploads(self._bytes, self._held, self._places, self._stream, self._sources)
        self._network = Network(self._sources)
        self._ble = BleNotes()
        self._talk = CommandTalk(self._stream)
        self._notes = Notes()
        self._real_line = RealLineTotals()
        self._handlers: dict[type, list[Callable[[Any], None]]] = {}
        for part in (
            self._stream, self._bytes, self._flash, self._held, self._faults, self._places,
            self._uploads, self._sources, self._talk, self._notes, self._canned, self._network,
            self._network.windows, self._real_line, self._ble,
        ):  # fmt: skip
            for kind, handle in part.handlers.items():
                self._handlers.setdefault(kind, []).append(handle)

    def feed(self, events: Iterable[ev.Event]) -> None:
        """Take note of `events`."""
        handlers, totals = self._handlers, self._bytes
        for event in events:
            totals.now_ns = max(totals.now_ns, event.at_ns)
            for handle in handlers.get(type(event), ()):
                handle(event)

    def until(self, now_ns: int) -> None:
        """It is `now_ns`, though nothing may have happened since the last event."""
        self._bytes.now_ns = max(self._bytes.now_ns, now_ns)

    def report(
        self,
        open_events: Sequence[ev.Event] = (),
        counters: dict[str, int] | None = None,
        profile: Profile | None = None,
    ) -> model.Report:
        """The report as things stand.

        `open_events` are going on and not on record yet (`Rig.open_events`), `counters` the
        device's own ledger, to compare with; `profile` is that of a record which does not hold
        the values of its own.
        """
        notes, start = self._notes, self._notes.start
        if open_events:
            return self._as_if_over(open_events).report((), counters, profile)
        counters = notes.end.counters if counters is None and notes.end is not None else counters
        outside, profile = self._uploads.outside, profile or start.profile
        is_ended, now_ns = notes.end is not None, self._bytes.now_ns
        ble = self._ble.report(now_ns)
        network = self._network.report(partial(self._uploads.told, is_ended=is_ended))
        report = model.Report(
            device=start.device,
            port=start.port,
            seed=start.seed,
            settings=dict(start.settings),
            at_ns=now_ns,
            is_ended=is_ended,
            uploads=self._uploads.listed(is_ended=is_ended),
            uploads_unlisted=self._uploads.unlisted,
            fell_short=self._uploads.fell_short,
            lost_outside=outside.count,
            losses_outside=as_losses(outside.sorted(), None),
            unlisted_places_outside=outside.unlisted_places,
            eaten=self._places.listed(),
            protocol_bytes=self._places.protocol_bytes,
            mistaken_bytes=self._places.count,
            never_sent_bytes=self._places.never_sent_bytes,
            is_dead=notes.is_dead,
            mismatches=list(notes.mismatches),
            urcs_dropped=notes.urcs_dropped,
            dropped_urcs=list(notes.dropped_urcs),
            unsent=dict(sorted(notes.unsent.items())),
            held_ns=self._held.at(now_ns),
            flash=self._flash.flash(),
            counters=self._bytes.counters(counters),
            assumed=[],
            faults=self._faults.counts(),
            canned=self._canned.listed(),
            stopped_ns=notes.stopped_ns,
            origin=origin_of(start),
            advice=self._advice(profile, network, ble, is_ended=is_ended),
            unfinished_bytes=len(self._talk.unfinished(now_ns, is_ended=is_ended)),
            messages=list(notes.messages),
            messages_sent=notes.messages_sent,
            network=network,
            ble=ble,
            real_line=self._real_line.told,
        )
        return report if profile is None else assumed_values(report, profile)

    def _as_if_over(self, open_events: Sequence[ev.Event]) -> "ReportBuilder":
        """What would be known if that were on record."""
        start = self._notes.start
        as_if_over = deepcopy(self, {id(start): start})
        as_if_over.feed(open_events)
        return as_if_over

    def _advice(
        self, profile: Profile | None, network: NetworkReport, ble: BleReport, *, is_ended: bool
    ) -> list[model.Advice]:
        """What was seen, and what to do about it: the line, commands, files; what went wrong
        behind the device.
        """
        uploads = self._uploads
        return [
            *self._notes.line_advice(),
            *self._real_line.advice(),
            *self._talk.advice(
                profile,
                self._bytes.now_ns,
                is_ended=is_ended,
                all_well=uploads.has_any and not uploads.fell_short,
            ),
            *uploads.advice(is_ended=is_ended),
            *network_advice(network),
            *ble_advice(ble),
        ]

    @property
    def is_upgrading(self) -> bool:
        """A firmware upgrade waits for its restart, or runs."""
        return self._uploads.upgrade.is_open
