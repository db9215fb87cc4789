"""What the full screen shows, from the events of a run and from answers of its control socket.

Pure: feed it, ask it. Nothing here knows a terminal or a clock.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any, NamedTuple

from quecsim.render.dialogue import Dialogue, Line
from quecsim.render.status import Status
from quecsim.report.builder import ReportBuilder
from quecsim.report.model import Counters, FlashUse
from quecsim.report.totals import ByteTotals, FlashTotals, HeldTime
from quecsim.run.network_view import NetworkState
from quecsim.trace import event as ev
from quecsim.trace.event import Event
from quecsim.tui.history import History

_MOST_LINES = 5000
_MOST_WORKS = 50
_MOST_CHECKSUMS = 1000
_CHANGES_FILES = (ev.FileChanged, ev.DataEnd, ev.Power, ev.TransferEnd)


class Work(NamedTuple):
    """One piece of work that kept the processor: how long, why, how many erases and programs."""

    at_ns: int
    duration_ns: int
    why: str
    erases: int
    programs: int


class Checksum(NamedTuple):
    """What the device said of a file that it had taken: QFUPL's checksum, for that size."""

    value: int
    size: int


class Model:
    """All that the panels show.

    `files`, `asked` (its counters) and `network` are answers of the simulator, as they came last;
    None before the first. `missed` events of the run are not known, so that sums of events are too
    small.
    """

    def __init__(self, dialogue: Dialogue | None = None) -> None:
        self.status = Status()
        self.history = History()
        self.scenario = ""
        self.marks: tuple[int, int] | None = None
        self.works: deque[Work] = deque(maxlen=_MOST_WORKS)
        self.checksums: dict[str, Checksum] = {}
        self.faults_fired: dict[str, int] = {}
        self.host_ready = self.host_rts = True
        self.missed = 0
        self.files: Mapping[str, int] | None = None
        self.files_trouble = ""
        self.asked: Mapping[str, int] | None = None
        self.network: NetworkState | None = None
        self.are_files_old = True
        self._dialogue = dialogue if dialogue is not None else Dialogue()
        self._lines: deque[Line] = deque(maxlen=_MOST_LINES)
        self._told = 0
        self._bytes = ByteTotals()
        self._flash = FlashTotals()
        self._held = HeldTime()
        self._builder = ReportBuilder()
        self._names: dict[int, str] = {}  # of open transfers
        self._handlers: dict[type, Callable[[Any], None]] = {
            ev.Start: self._on_start,
            ev.RingLevel: self._on_ring_level,
            ev.FlashBusy: self._on_flash_busy,
            ev.Stalled: self._on_stalled,
            ev.Lost: self._on_lost,
            ev.HostHeld: self._on_host_held,
            ev.HostReady: self._on_host_ready,
            ev.HostRts: self._on_host_rts,
            ev.DataBegin: self._on_data_begin,
            ev.DataEnd: self._on_data_end,
            ev.FileChanged: self._on_file_changed,
            ev.FaultFired: self._on_fault_fired,
        }

    # what comes

    def follow(self, items: Iterable[Event | int]) -> None:
        """Events in their order; a number stands for so many that were not to be had any more."""
        events: list[Event] = []
        for item in items:
            if isinstance(item, int):
                self.feed(events)
                self.miss(item)
                events = []
            else:
                events.append(item)
        self.feed(events)

    def feed(self, events: Iterable[Event]) -> None:
        """So much more has happened."""
        events = list(events)
        self.status.feed(events)
        for event in events:
            for handlers in (self._handlers, self._bytes.handlers):
                if (handler := handlers.get(type(event))) is not None:
                    handler(event)
            if isinstance(event, _CHANGES_FILES):
                self.are_files_old = True
        lines = self._dialogue.feed(events)
        self._lines += lines
        self._told += len(lines)
        if not self.missed:
            self._builder.feed(events)

    def miss(self, count: int) -> None:
        """So many events were not to be had any more."""
        self.missed += count
        self._dialogue.skip(count)

    # what there is to see

    @property
    def now_ns(self) -> int:
        """The newest time that is known: of an event, or of an answer about the network."""
        asked_ns = self.network.at_ns if self.network is not None else 0
        return max(self.status.now_ns, asked_ns)

    @property
    def lines_told(self) -> int:
        """How many lines the dialogue has had; those that are kept are the last of them."""
        return self._told

    def lines_before(self, end: int) -> Iterable[Line]:
        """The lines that are kept with numbers below `end`, the newest first."""
        skipped = max(self._told - end, 0)
        return islice(reversed(self._lines), skipped, None)

    @property
    def first_line(self) -> int:
        """The number of the oldest line that is kept."""
        return self._told - len(self._lines)

    @property
    def bytes(self) -> Mapping[str, int]:
        """Where the host's bytes are: by the events, and where some of these are not known by the
        device's own account.
        """
        if self.missed and self.asked is not None:
            return self.asked
        sums: Counters = self._bytes.counters(None)
        names = ("sent", "stored", "forwarded", "lost", "eaten", "in_flight")
        return {name: getattr(sums, name) for name in names}

    @property
    def flash(self) -> FlashUse:
        """What the flash did in all."""
        return self._flash.flash()

    @property
    def held_ns(self) -> int:
        """How long flow control has held the host in all, up to now."""
        return self._held.at(self.now_ns)

    def checksum(self, label: str) -> str:
        """That of the file, if the device has said it and it is the same file still."""
        found = self.checksums.get(label)
        is_same = found is not None and (self.files or {}).get(label) == found.size
        return f"{found.value:x}" if found is not None and is_same else ""

    def ending(self) -> str:
        """How the run ended: the answer of the report, as far as all of it is known. A simulator
        that was killed has not said.
        """
        if not self.status.has_ended:
            return "The simulator has gone, and has not said how its run ended."
        if self.missed:
            return "The run has ended."
        from quecsim.render.text import render_text

        return render_text(self._builder.report(), colour=False).partition("\n\n")[0]

    # inside

    def _on_start(self, event: ev.Start) -> None:
        self.scenario = event.origin.name
        profile = event.profile
        if event.port == "uart" and profile is not None and profile.uart is not None:
            self.marks = (profile.uart.rts_off_bytes, profile.uart.rts_on_bytes)

    def _on_ring_level(self, event: ev.RingLevel) -> None:
        self.history.level(event.at_ns, event.level)

    def _on_flash_busy(self, event: ev.FlashBusy) -> None:
        self._flash.work(event)
        kinds = [kind for kind, *_ in event.ops]
        self._work(event.at_ns, event.until_ns, event.why, kinds.count("erase"),
                   kinds.count("program"))  # fmt: skip

    def _on_stalled(self, event: ev.Stalled) -> None:
        self._flash.stall(event)
        self._work(event.at_ns, event.until_ns, "a stall", 0, 0)

    def _work(self, at_ns: int, until_ns: int, why: str, erases: int, programs: int) -> None:
        self.works.append(Work(at_ns, until_ns - at_ns, why, erases, programs))
        self.history.busy(at_ns, until_ns)

    def _on_lost(self, event: ev.Lost) -> None:
        self.history.lost(event.at_ns, event.last_ns, event.count)

    def _on_host_held(self, event: ev.HostHeld) -> None:
        self._held.note(event)
        self.history.held(event.at_ns, event.held)

    def _on_host_ready(self, event: ev.HostReady) -> None:
        self.host_ready = event.ready

    def _on_host_rts(self, event: ev.HostRts) -> None:
        self.host_rts = event.on

    def _on_data_begin(self, event: ev.DataBegin) -> None:
        self._names = {event.transfer: _label(event.name)}

    def _on_data_end(self, event: ev.DataEnd) -> None:
        label = self._names.pop(event.transfer, "")
        if label and event.checksum is not None:
            size = event.received if event.file_bytes is None else event.file_bytes
            if len(self.checksums) >= _MOST_CHECKSUMS:
                self.checksums.clear()
            self.checksums[label] = Checksum(event.checksum, size)

    def _on_file_changed(self, event: ev.FileChanged) -> None:
        if event.what != "closed":
            self.checksums.pop(_label(event.name), None)

    def _on_fault_fired(self, event: ev.FaultFired) -> None:
        self.faults_fired[event.kind] = self.faults_fired.get(event.kind, 0) + 1


def _label(name: str) -> str:
    """A file's name as the list of files has it."""
    return name if ":" in name else f"UFS:{name}"
