"""Where the core leaves its events until whoever drives it takes them away."""

from quecsim.trace.event import Event


class Recorder:
    """A list of events, drained and never pushed: a slow reader cannot change a run."""

    __slots__ = ("_events", "add")

    def __init__(self) -> None:
        self._events: list[Event] = []
        self.add = self._events.append

    def take(self) -> list[Event]:
        """All events since the last call, oldest first."""
        events = self._events[:]
        self._events.clear()
        return events
