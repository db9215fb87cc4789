"""Events of a real device's record as they are made, and where the host's bytes are by now."""

from collections import Counter

from quecsim.trace import event as ev
from quecsim.trace.event import Event


class Ledger:
    """`sent` counts the host's bytes. The law of every record holds at its end: sent + inserted =
    stored + forwarded + lost + eaten + in flight.
    """

    def __init__(self) -> None:
        self.sent = 0
        self._counts: Counter[str] = Counter()
        self._events: list[Event] = []

    def add(self, *events: Event) -> None:
        """These have happened."""
        for event in events:
            self._events.append(event)
            match event:
                case ev.HostBytes():
                    self.sent += len(event.data)
                case ev.CommandLine() | ev.Eaten():
                    self._counts["eaten"] += event.count
                case ev.Stored():
                    self._counts["stored"] += event.count
                case ev.Forwarded():
                    self._counts["forwarded"] += event.count
                case ev.Unseen(is_untold=False):
                    self._counts["lost"] += event.count
                case ev.Noise(what="inserted"):
                    self._counts["inserted"] += event.count
                case _:
                    pass

    def take(self) -> list[Event]:
        """All that was added since the last call."""
        events, self._events = self._events, []
        return events

    def counters(self) -> dict[str, int]:
        """As in `quecsim.trace.event.End`."""
        counts = self._counts
        gone = counts["stored"] + counts["forwarded"] + counts["lost"] + counts["eaten"]
        in_flight = self.sent + counts["inserted"] - gone
        assert in_flight >= 0, "a byte is in two places"
        always = {name: counts[name] for name in ("stored", "eaten", "lost")}
        others = {name: counts[name] for name in ("forwarded", "inserted") if counts[name]}
        return {"sent": self.sent, **always, "in_flight": in_flight, **others}
