"""The log of a probe: every exchange with its time, as the record of a real device that is listened
to. `quecsim report LOG --dialogue` reads it as any other trace.

The record begins with the profile whose commands are read, and that is known only when the module
has said what it is: until `begin`, what is heard waits in memory.
"""

from typing import BinaryIO, Protocol

from quecsim.observed.heard import Heard, Side, Source
from quecsim.observed.observer import Observer
from quecsim.profiles.schema import Profile
from quecsim.trace.event import Event
from quecsim.trace.jsonl import TraceWriter


class Log(Protocol):
    """Who is told of every exchange; times in ns since the bench was made."""

    def hear(self, at_ns: int, side: Side, data: bytes) -> None:
        """One side has said something."""


class NoLog:
    """Nobody listens."""

    def hear(self, at_ns: int, side: Side, data: bytes) -> None:
        """Nothing is kept."""


class ProbeLog:
    """Writes the record, once it has begun."""

    def __init__(self, source: Source) -> None:
        self._stream: BinaryIO | None = None
        self.failure = ""
        """Why it is not whole: the disk is full, for instance."""
        self._source = source
        self._waiting: list[Heard] = []
        self._observer: Observer | None = None
        self._writer: TraceWriter | None = None

    def begin(self, stream: BinaryIO, profile: Profile) -> None:
        """Write to `stream`, which stays the caller's; the module's commands are the profile's."""
        self._stream = stream
        self._observer = Observer(self._source, profile)
        self._writer = TraceWriter(stream)
        self._write(self._observer.start())
        for heard in self._waiting:
            self._write(self._observer.hear(heard))
        self._waiting.clear()

    def hear(self, at_ns: int, side: Side, data: bytes) -> None:
        """One side has said something."""
        heard = Heard(at_ns, side, data)
        if self._observer is None:
            self._waiting.append(heard)
        else:
            self._write(self._observer.hear(heard))

    def end(self, at_ns: int) -> None:
        """The probe is over. Nothing is written where it had not begun."""
        if self._observer is not None:
            self._write(self._observer.end(at_ns))

    def _write(self, events: list[Event]) -> None:
        assert self._writer is not None
        assert self._stream is not None
        if self.failure:
            return
        try:
            self._writer.write(events)
            self._stream.flush()
        except OSError as error:  # the module comes first: it has to be put back as it was
            self.failure = str(error.strerror or error)
