"""Any record as somebody heard it who listened at the line: the bytes of both sides, and when."""

from collections.abc import Iterator, Sequence

from quecsim.errors import QuecsimError
from quecsim.observed.heard import Happened, Heard, Source
from quecsim.observed.observer import observed
from quecsim.profiles.schema import Profile
from quecsim.trace import event as ev
from quecsim.trace.event import Event, Start
from quecsim.trace.restore import is_hidden

_LINE = "line"
_HAPPENED = (ev.HostLine, ev.HostDtr, ev.HostRts, ev.HostOpened, ev.HostClosed)


def start_of(events: Sequence[Event]) -> Start:
    """How the record begins. Raises QuecsimError where that was not kept."""
    start = events[0] if events else None
    if not isinstance(start, Start):
        raise QuecsimError(
            "the record does not begin with the start of its run",
            hint="its beginning was not kept: only a whole record can be compared",
        )
    return start


def heard(events: Sequence[Event]) -> Iterator[Heard | Happened]:
    """What both sides said, and what the host did with the port; nothing that nobody heard."""
    for event in events:
        if isinstance(event, ev.HostBytes) and event.data and not event.hidden:
            yield Heard(event.at_ns, "host", event.data)
        elif isinstance(event, ev.Sent) and event.data:
            yield Heard(event.at_ns, "device", event.data)
        elif isinstance(event, _HAPPENED):
            yield event


def source_of(start: Start) -> Source:
    """Where the record is from, as a listener would say it."""
    told = start.observed
    words = told.source if told is not None else f"a run of {start.device}"
    return Source(
        words=words,
        lacks=told.lacks if told is not None else (),
        baud=baud_of(start),
        date=start.origin.date,
        command=start.origin.command,
    )


def baud_of(start: Start) -> int:
    """The line's rate in the beginning, 0 where nobody knows."""
    baud = start.settings.get(_LINE, "").partition(" ")[0]
    return int(baud) if baud.isdecimal() else 0


def listened(events: Sequence[Event], profile: Profile) -> list[Event]:
    """The record as one of a listener who knows the commands of `profile`.

    Raises QuecsimError where it cannot be compared: one side is missing, or what the host sent was
    left out.
    """
    start = start_of(events)
    lacks = start.observed.lacks if start.observed is not None else ()
    if "device-bytes" in lacks:
        raise QuecsimError(
            "this record lacks what the device said",
            hint="comparing takes both directions of the line: record them both",
        )
    if is_hidden(events) and "host-bytes" not in lacks:
        raise QuecsimError(
            "what the host sent was left out of this record",
            hint="record it again with the payload in full",
        )
    end_ns = max(event.at_ns for event in events)
    heard_all = list(heard(events))
    if not any(isinstance(each, Heard) and each.side == "host" for each in heard_all):
        raise QuecsimError(
            "the host says nothing in this record",
            hint="record both directions of the line, or with the echo on (ATE1)",
        )
    made = list(observed(source_of(start), profile, heard_all))
    last = made[-1]
    assert isinstance(last, ev.End)
    made[-1] = ev.End(max(end_ns, last.at_ns), last.counters)
    return made
