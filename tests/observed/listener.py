"""A simulated run, reduced to what somebody hears who listens at its line."""

from collections.abc import Iterable, Iterator

from quecsim.observed.heard import Happened, Heard, Source
from quecsim.observed.observer import observed
from quecsim.profiles.schema import Profile
from quecsim.trace import event as ev
from quecsim.trace.event import Event

SOURCE = Source(words="a listener", baud=115200, frame="8N1")
_HAPPENED = (ev.HostLine, ev.HostDtr, ev.HostRts, ev.HostOpened, ev.HostClosed)


def heard(events: Iterable[Event]) -> Iterator[Heard | Happened]:
    """What both sides said, and what the host did with the port."""
    for event in events:
        if isinstance(event, ev.HostBytes | ev.Sent) and not event.data:
            continue
        if isinstance(event, ev.HostBytes):
            yield Heard(event.at_ns, "host", event.data)
        elif isinstance(event, ev.Sent):
            yield Heard(event.at_ns, "device", event.data)
        elif isinstance(event, _HAPPENED):
            yield event


def profile_of(events: Iterable[Event]) -> Profile:
    start = next(iter(events))
    assert isinstance(start, ev.Start)
    assert start.profile is not None
    return start.profile


def listened_to(events: list[Event]) -> list[Event]:
    """The record that a listener makes of the run."""
    return list(observed(SOURCE, profile_of(events), heard(events)))
