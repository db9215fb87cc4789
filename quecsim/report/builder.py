"""The report, counted from the event stream alone: the same live as from a trace file.

`ReportBuilder` is fed events in the order of the record and keeps none; `report` may be asked for
at any time. Lists are bounded, sums are not.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from typing import Any

from quecsim.profiles.schema import Profile
from quecsim.report import model
from quecsim.report.assumed import assumed_values
from quecsim.report.faults import FaultCounts
from quecsim.report.files import FileStates
from quecsim.report.lines import (
    PACKAGE_UPLOAD,
    PROTOCOL_DOWNLOAD,
    UPLOADS,
    renewed_name,
    restarts_first,
    upload_target,
)
from quecsim.report.losses import MOST_LISTED, LossList, as_losses
from quecsim.report.strays import Strays
from quecsim.report.totals import ByteTotals, FlashTotals, HeldTime
from quecsim.report.track import Track
from quecsim.report.upgrade import UpgradeWatch
from quecsim.trace import event as ev

_MOST_UPLOADS = 10_000
_FAILED = "FILEEND,500"
_NO_MISTAKE = ("LF after CR", "the baud rate was still being found")
_EARLY = "sent before CONNECT"


class ReportBuilder:
    """Feed it every event of a run, once, in order."""

    def __init__(self) -> None:
        self._start = ev.Start(0, "", 0, "", {})
        self._end: ev.End | None = None
        self._at_ns = 0
        self._bytes = ByteTotals()
        self._flash = FlashTotals()
        self._held = HeldTime()
        self._faults = FaultCounts()
        self._track: Track | None = None  # the upload that bytes may belong to
        self._strays: Strays | None = None
        self._upgrade = UpgradeWatch()
        self._is_dead = False
        self._is_protocol = False  # protocol download has the bytes
        self._protocol_bytes = 0
        self._uploads: deque[Track] = deque(maxlen=_MOST_UPLOADS)
        self._upload_count = 0
        self._files = FileStates()
        self._outside = LossList(MOST_LISTED)
        self._eaten: list[model.EatenPlace] = []
        self._mismatches: list[model.Mismatch] = []
        self._urcs: list[model.DroppedUrc] = []
        self._urc_count = 0
        self._unsent: Counter[str] = Counter()
        self._stopped_ns = 0

    def feed(self, events: Iterable[ev.Event]) -> None:
        """Take note of `events`."""
        for event in events:
            self._at_ns = max(self._at_ns, event.at_ns)
            handle = _HANDLERS.get(type(event))
            if handle is not None:
                handle(self, event)

    def until(self, now_ns: int) -> None:
        """It is `now_ns`, though nothing may have happened since the last event."""
        self._at_ns = max(self._at_ns, now_ns)

    def report(
        self,
        open_events: Sequence[ev.Event] = (),
        counters: dict[str, int] | None = None,
        profile: Profile | None = None,
    ) -> model.Report:
        """The report as things stand.

        `open_events` are going on and not on record yet (`Rig.open_events`), `counters` the
        device's own ledger, to compare with; `profile` says which of its values are only assumed.
        """
        if open_events:
            as_if_over = deepcopy(self)
            as_if_over.feed(open_events)
            return as_if_over.report((), counters, profile)
        if counters is None and self._end is not None:
            counters = self._end.counters
        outside = self._outside.sorted()
        uploads = [self._upload(track) for track in self._uploads]
        report = model.Report(
            device=self._start.device,
            port=self._start.port,
            seed=self._start.seed,
            settings=dict(self._start.settings),
            at_ns=self._at_ns,
            is_ended=self._end is not None,
            uploads=uploads,
            uploads_unlisted=self._upload_count - len(uploads),
            fell_short=self._files.fell_short or self._is_unfinished(),
            lost_outside=self._outside.unlisted + sum(lost.count for lost in outside),
            losses_outside=as_losses(outside, None),
            eaten=list(self._eaten),
            protocol_bytes=self._protocol_bytes,
            is_dead=self._is_dead,
            mismatches=list(self._mismatches),
            urcs_dropped=self._urc_count,
            dropped_urcs=list(self._urcs),
            unsent=dict(sorted(self._unsent.items())),
            held_ns=self._held.at(self._at_ns),
            flash=self._flash.flash(),
            counters=self._bytes.counters(counters),
            assumed=[],
            faults=self._faults.counts(),
            stopped_ns=self._stopped_ns,
        )
        return report if profile is None else assumed_values(report, profile)

    @property
    def is_upgrading(self) -> bool:
        """A firmware upgrade waits for its restart, or runs."""
        return self._upgrade.is_open

    # the life of an upload

    def _on_command_line(self, event: ev.CommandLine) -> None:
        self._bytes.eaten += event.count
        if self._strays is not None:
            self._strays.line(event)
            if self._strays.is_over:
                self._strays = None
        target = upload_target(event.text)
        if target is not None:
            command, name, is_named = target
            end = event.offset + event.count
            is_later = restarts_first(event.text)
            self._track = Track(end, event.at_ns, command, name, is_named, is_later)

    def _on_data_begin(self, event: ev.DataBegin) -> None:
        self._is_protocol = event.command == PROTOCOL_DOWNLOAD
        if event.command not in UPLOADS:
            return
        track = self._track
        if track is None or track.start is not None or track.is_over:
            track = self._track = Track(event.offset, event.at_ns, event.command, event.name)
        track.connect(event, self._held.at(event.at_ns))
        self._list(track)

    def _on_data_end(self, event: ev.DataEnd) -> None:
        self._is_protocol = False
        if self._track is not None and self._track.is_receiving:
            for lost in self._track.disconnect(event, self._held.at(event.at_ns)):
                self._outside.add(lost)
            if self._track.command == PACKAGE_UPLOAD and event.why != "power":
                self._package_is_in(self._track, event)

    def _package_is_in(self, track: Track, event: ev.DataEnd) -> None:
        """There is no answer to wait for: FILEEND follows from how data mode has ended."""
        is_whole = event.why == "size"
        if is_whole:
            self._upgrade.stored(track)
        self._conclude(track, event.at_ns, "OK" if is_whole else _FAILED)

    def _on_result(self, event: ev.Result) -> None:
        if self._strays is not None:
            self._strays.result(event)
            if self._strays.is_over:
                self._strays = None
        if event.text == "OK" and (name := renewed_name(event.line)):
            self._files.renew(name)
        track = self._track
        if track is None or track.is_over:
            return
        if track.start is None and event.text == "OK" and track.command == PACKAGE_UPLOAD:
            return  # the package is still to come
        if track.start is None:
            self._move_outside(track)
            if event.text == "OK":  # no upload after all
                self._track = None
                return
            self._list(track)
        self._conclude(track, event.at_ns, event.text)

    def _on_power(self, event: ev.Power) -> None:
        self._strays = None
        self._is_dead = event.state == "dead"
        if changed := self._upgrade.power(event):
            self._judge(changed)
        track = self._track
        is_down = event.state == "off" or event.why == "reset"
        if track is None or track.is_over or not is_down:
            return
        if track.start is None:
            self._move_outside(track)
            self._list(track)
        self._finish(track, event.at_ns, "")

    def _on_urc(self, event: ev.Urc | ev.UrcDropped) -> None:
        """An upgrade that fails fails the upload of its package."""
        changed = self._upgrade.message(event, self._bytes.sent)
        if changed is None:
            return
        if changed.is_unlisted:
            changed.is_unlisted = False
            self._list(changed)
        self._judge(changed)

    def _conclude(self, track: Track, now_ns: int, result: str) -> None:
        """The answer is out; what the host sends from here on is astray."""
        self._finish(track, now_ns, result)
        self._strays = Strays(track)

    def _list(self, track: Track) -> None:
        self._uploads.append(track)
        self._upload_count += 1

    def _finish(self, track: Track, now_ns: int, result: str) -> None:
        track.finish(now_ns, result)
        self._judge(track)

    def _judge(self, track: Track) -> None:
        self._files.finish(self._upload(track), is_named=track.is_named)

    def _move_outside(self, track: Track) -> None:
        for lost in track.losses.take_from(0):
            self._outside.add(lost)

    def _upload(self, track: Track) -> model.Upload:
        return track.upload(self._bytes.sent, self._held.at(self._at_ns))

    def _is_unfinished(self) -> bool:
        """The last upload has begun and is not over."""
        track = self._track
        return track is not None and track.start is not None and not track.is_over

    # bytes

    def _on_host_bytes(self, event: ev.HostBytes) -> None:
        self._bytes.sent = event.offset + len(event.data)

    def _on_stored(self, event: ev.Stored) -> None:
        self._bytes.stored += event.count
        if self._track is not None and self._track.is_receiving:
            self._track.stored += event.count

    def _on_forwarded(self, event: ev.Forwarded) -> None:
        self._bytes.forwarded += event.count

    def _on_noise(self, event: ev.Noise) -> None:
        if event.what == "inserted":
            self._bytes.inserted += event.count
        if self._track is not None and self._track.owns(event.offset):
            self._track.noise.append(event)

    def _on_lost(self, event: ev.Lost) -> None:
        self._bytes.lost[event.cause] += event.count
        if self._track is not None and self._track.owns(event.offset):
            self._track.losses.add(event)
        else:
            self._outside.add(event)

    def _on_eaten(self, event: ev.Eaten) -> None:
        self._at_ns = max(self._at_ns, event.last_ns)
        self._bytes.eaten += event.count
        if self._is_protocol:
            self._protocol_bytes += event.count
        elif event.why not in _NO_MISTAKE:
            self._note_place(event)
        if self._strays is not None:
            self._strays.eaten(event)
        track = self._track
        if track is None or not track.owns(event.offset):
            return
        if event.why == _EARLY:
            track.thrown_away += event.count
        elif track.is_receiving:
            track.eaten += event.count
        elif event.offset == track.claim:
            track.claim += event.count

    def _note_place(self, event: ev.Eaten) -> None:
        places = self._eaten
        last = places[-1] if places else None
        if last and (last.offset + last.count, last.why) == (event.offset, event.why):
            count = last.count + event.count
            places[-1] = model.EatenPlace(last.at_ns, last.offset, count, last.why)
        elif len(places) < MOST_LISTED:
            place = model.EatenPlace(event.at_ns, event.offset, event.count, event.why)
            places.append(place)

    # the rest

    def _on_start(self, event: ev.Start) -> None:
        self._start = event
        self._faults.start(event)

    def _on_fault_injected(self, event: ev.FaultInjected) -> None:
        self._faults.injected(event)

    def _on_fault_fired(self, event: ev.FaultFired) -> None:
        self._faults.fired(event)

    def _on_end(self, event: ev.End) -> None:
        self._end = event

    def _on_ack(self, event: ev.Ack) -> None:
        if self._track is not None:
            self._track.acked(event.received)

    def _on_swallowed(self, event: ev.Swallowed) -> None:
        if self._track is not None and self._track.is_receiving:
            self._track.swallow(event)

    def _on_ring_level(self, event: ev.RingLevel) -> None:
        track = self._track
        if track is not None and not track.is_over:
            track.ring_peak_bytes = max(track.ring_peak_bytes, event.level)

    def _on_mismatch(self, event: ev.LineMismatch) -> None:
        if len(self._mismatches) < MOST_LISTED:
            mismatch = model.Mismatch(event.at_ns, event.host, event.device, event.garbled)
            self._mismatches.append(mismatch)

    def _on_urc_dropped(self, event: ev.UrcDropped) -> None:
        self._on_urc(event)
        self._urc_count += 1
        if len(self._urcs) < MOST_LISTED:
            self._urcs.append(model.DroppedUrc(event.at_ns, event.text, event.why))

    def _on_send_dropped(self, event: ev.SendDropped) -> None:
        self._unsent[event.why] += event.count

    def _on_clock_stopped(self, event: ev.ClockStopped) -> None:
        self._stopped_ns += event.real_ns

    def _on_host_held(self, event: ev.HostHeld) -> None:
        self._held.note(event)

    def _on_flash_busy(self, event: ev.FlashBusy) -> None:
        self._flash.work(event)

    def _on_stall(self, event: ev.Stall) -> None:
        self._flash.stall(event)


_HANDLERS: dict[type, Callable[[ReportBuilder, Any], None]] = {
    ev.Start: ReportBuilder._on_start,
    ev.HostBytes: ReportBuilder._on_host_bytes,
    ev.CommandLine: ReportBuilder._on_command_line,
    ev.Result: ReportBuilder._on_result,
    ev.Eaten: ReportBuilder._on_eaten,
    ev.DataBegin: ReportBuilder._on_data_begin,
    ev.Stored: ReportBuilder._on_stored,
    ev.Forwarded: ReportBuilder._on_forwarded,
    ev.Ack: ReportBuilder._on_ack,
    ev.Swallowed: ReportBuilder._on_swallowed,
    ev.DataEnd: ReportBuilder._on_data_end,
    ev.Lost: ReportBuilder._on_lost,
    ev.RingLevel: ReportBuilder._on_ring_level,
    ev.ClockStopped: ReportBuilder._on_clock_stopped,
    ev.HostHeld: ReportBuilder._on_host_held,
    ev.FlashBusy: ReportBuilder._on_flash_busy,
    ev.Stall: ReportBuilder._on_stall,
    ev.LineMismatch: ReportBuilder._on_mismatch,
    ev.Urc: ReportBuilder._on_urc,
    ev.UrcDropped: ReportBuilder._on_urc_dropped,
    ev.SendDropped: ReportBuilder._on_send_dropped,
    ev.Power: ReportBuilder._on_power,
    ev.FaultInjected: ReportBuilder._on_fault_injected,
    ev.FaultFired: ReportBuilder._on_fault_fired,
    ev.Noise: ReportBuilder._on_noise,
    ev.End: ReportBuilder._on_end,
}
