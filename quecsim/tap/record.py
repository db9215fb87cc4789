"""What was heard, as a record: on disk, for whoever watches, and for the answer at the end.

Commands are read with those of a device. Which one it is may turn out only when the host asks the
module; then what was heard before is read once more, and the record on disk begins anew.
"""

import contextlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from quecsim.errors import QuecsimError
from quecsim.judge.conduct import ConductWatch
from quecsim.live.trace_file import TraceFile
from quecsim.observed.heard import Happened, Heard, Source
from quecsim.observed.observer import Observer
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Profile
from quecsim.report.builder import ReportBuilder
from quecsim.report.model import Report
from quecsim.tap.identity import Identity
from quecsim.trace.event import Event
from quecsim.trace.jsonl import STANDARD, read_trace

_MOST_READ_BYTES = 32 << 20  # what a few seconds are enough for
_MOST_SPARED_BYTES = 64 << 10  # to read so much again holds nobody up

Watcher = Callable[[Iterable[Event]], None]
Teller = Callable[[str], None]


class Reading:
    """What was heard, read with the commands of one device."""

    def __init__(self, source: Source, profile: Profile) -> None:
        self.profile = profile
        self.watch = ConductWatch()
        self._observer = Observer(source, profile)
        self._builder = ReportBuilder()

    def start(self) -> list[Event]:
        """The beginning of the record."""
        return self._told(self._observer.start())

    def hear(self, heard: Iterable[Heard | Happened]) -> list[Event]:
        """What follows from what was heard."""
        observer, events = self._observer, list[Event]()
        for each in heard:
            events += observer.hear(each) if isinstance(each, Heard) else observer.note(each)
        return self._told(events)

    def end(self, at_ns: int) -> list[Event]:
        """Nobody listens any more."""
        return self._told(self._observer.end(at_ns))

    def report(self) -> Report:
        """What came of it, so far."""
        return self._builder.report(profile=self.profile)

    def _told(self, events: list[Event]) -> list[Event]:
        self._builder.feed(events)
        self.watch.feed(events)
        return events


class TracePlace:
    """A trace that can begin anew, if it is a regular file: by another one that takes its name."""

    def __init__(self, path: str, payload: str, tell: Teller) -> None:
        self.path = path
        self._payload = payload
        self._tell = tell
        self._file = TraceFile(path, tell, payload=payload)

    @property
    def can_begin_anew(self) -> bool:
        """It is no pipe, and not standard output."""
        return self.path != STANDARD and Path(self.path).is_file()

    def write(self, events: Iterable[Event]) -> None:
        """Append `events`."""
        self._file.write(events)

    def begin_anew(self, events: Iterable[Event]) -> None:
        """In place of all that was written before."""
        place = Path(self.path).resolve()
        beside = place.with_name(f".{place.name}")
        fresh = TraceFile(beside, self._tell, payload=self._payload)
        fresh.write(events)
        beside.replace(place)
        self._file.close()
        self._file = fresh

    def close(self) -> None:
        """The record is complete."""
        self._file.close()

    def events(self) -> Sequence[Event]:
        """All of it, once it is complete; empty where it cannot be read back, or is long."""
        with contextlib.suppress(OSError, QuecsimError):
            if self.can_begin_anew and Path(self.path).stat().st_size <= _MOST_READ_BYTES:
                return read_trace(Path(self.path))[1]
        return ()


@dataclass(frozen=True, slots=True)
class Device:
    """With whose commands it is read; `is_given`: because somebody said so."""

    profile: Profile
    is_given: bool = False


class Recorder:
    """Feed it what was heard, in order. `names` are the devices that there are."""

    def __init__(
        self,
        source: Source,
        device: Device,
        trace: TracePlace,
        watchers: Sequence[Watcher],
        tell: Teller,
        names: Sequence[str],
    ) -> None:
        self._source = source
        self._trace = trace
        self._watchers = watchers
        self._tell = tell
        self._identity = None if device.is_given else Identity(names)
        self.how_known = "given" if device.is_given else "default"
        self._spared: list[Heard | Happened] = []
        self._spared_bytes = 0
        self.reading = Reading(source, device.profile)
        self._pass_on(self.reading.start())

    def take(self, heard: Sequence[Heard | Happened]) -> None:
        """Something was heard."""
        if self._identity is not None:
            self._look_who(heard, self._identity)
        self._pass_on(self.reading.hear(heard))

    def end(self, at_ns: int) -> Report:
        """Nobody listens any more."""
        self._pass_on(self.reading.end(at_ns))
        return self.reading.report()

    def _pass_on(self, events: list[Event]) -> None:
        if events:
            self._trace.write(events)
            for watcher in self._watchers:
                watcher(events)

    def _look_who(self, heard: Sequence[Heard | Happened], identity: Identity) -> None:
        """Before `heard` is read: does the module say who it is?"""
        for each in heard:
            if isinstance(each, Heard):
                identity.hear(each.side, each.data)
                self._spared_bytes += len(each.data)
        if identity.found:
            self._identity = None
            self._read_anew(identity.found)
            self._spared.clear()
        elif identity.model:
            self._identity = None
            name = self.reading.profile.name
            what = f"the module says that it is {identity.model}, of which there is no profile"
            self._tell(f"{what}: its commands are read as those of {name} (--profile)")
        elif self._spared_bytes > _MOST_SPARED_BYTES:
            self._identity = None
        else:
            self._spared += heard
            return
        self._spared = []

    def _read_anew(self, name: str) -> None:
        """It is that device: read what was heard before with its commands."""
        self.how_known = "heard"
        if name == self.reading.profile.name:
            return
        if not self._trace.can_begin_anew:
            self.how_known = "default"
            self._tell(f"the module says that it is {name}: --profile {name} reads its commands")
            return
        reading = Reading(self._source, load_profile(name))
        events = reading.start() + reading.hear(self._spared)
        self._trace.begin_anew(events)
        self.reading = reading
        self._tell(f"the module says that it is {name}: its commands are read as such")
