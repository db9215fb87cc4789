"""The record of a real device, made while it is listened to.

    observer = Observer(source, profile)
    record = observer.start()
    record += observer.hear(Heard(at_ns, "host", b"AT\\r"))
    record += observer.end(at_ns)

All bytes of both sides are in it, in the order in which they were heard. What they mean is read off
them (`quecsim.observed.session`); bytes of the device's that are no whole text yet wait for their
end, or for anything else to happen.
"""

from collections.abc import Iterable, Iterator

from quecsim import __version__
from quecsim.observed.heard import Happened, Heard, Source
from quecsim.observed.session import Session
from quecsim.profiles.schema import Profile
from quecsim.trace import event as ev
from quecsim.trace.event import Event
from quecsim.trace.setup import Observed, Origin


class Observer:
    """`profile` is that of the device whose commands are read. Times that go back are taken to be
    the last one.
    """

    def __init__(self, source: Source, profile: Profile) -> None:
        self._source = source
        self._profile = profile
        is_exact = not {"host-bytes", "exact-bytes"}.intersection(source.lacks)
        self._session = Session(profile, is_exact=is_exact)
        self._now_ns = 0

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
        self._now_ns = max(self._now_ns, heard.at_ns)
        if not heard.data:
            return []
        if heard.side == "device":
            self._session.device_said(self._now_ns, heard.data)
        else:
            self._session.host_said(self._now_ns, heard.data)
        return self._session.take()

    def note(self, event: Happened) -> list[Event]:
        """Something else has happened."""
        self._now_ns = max(self._now_ns, event.at_ns)
        self._session.flush()
        return [*self._session.take(), event]

    def end(self, at_ns: int) -> list[Event]:
        """Nobody listens any more."""
        self._now_ns = max(self._now_ns, at_ns)
        self._session.end(self._now_ns)
        return self._session.take()


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
