"""The record of a real device, made while it is listened to.

    observer = Observer(source, profile)
    record = observer.start()
    record += observer.hear(Heard(at_ns, "host", b"AT\\r"))
    record += observer.end(at_ns)

All bytes of both sides are in it, in the order in which they were heard.
"""

from collections.abc import Iterable, Iterator

from quecsim import __version__
from quecsim.observed.heard import Happened, Heard, Source
from quecsim.profiles.schema import Profile
from quecsim.trace import event as ev
from quecsim.trace.event import Event
from quecsim.trace.setup import Observed, Origin


class Observer:
    """`profile` is that of the device whose commands are read; times may not go back."""

    def __init__(self, source: Source, profile: Profile) -> None:
        self._source = source
        self._profile = profile
        self._sent = 0

    def start(self) -> list[Event]:
        """The beginning of the record."""
        source = self._source
        line = f"{source.baud} {source.frame}".strip() if source.baud else "unknown"
        return [
            ev.Start(
                0,
                self._profile.name,
                0,
                "uart",
                {"line": line, "heard from": source.words},
                profile=self._profile,
                origin=Origin(version=__version__, date=source.date, command=source.command),
                observed=Observed(source.words, source.lacks),
            )
        ]

    def hear(self, heard: Heard) -> list[Event]:
        """One side has said something."""
        if heard.side == "device":
            return [ev.Sent(heard.at_ns, heard.data)]
        offset, self._sent = self._sent, self._sent + len(heard.data)
        return [ev.HostBytes(heard.at_ns, offset, heard.data)]

    def note(self, event: Happened) -> list[Event]:
        """Something else has happened."""
        return [event]

    def end(self, at_ns: int) -> list[Event]:
        """Nobody listens any more."""
        return [ev.End(at_ns, {})]


def observed(
    source: Source, profile: Profile, heard: Iterable[Heard | Happened]
) -> Iterator[Event]:
    """The record of all that was heard."""
    observer, at_ns = Observer(source, profile), 0
    yield from observer.start()
    for each in heard:
        at_ns = each.at_ns
        yield from observer.hear(each) if isinstance(each, Heard) else observer.note(each)
    yield from observer.end(at_ns)
