"""What the host of two runs did: its port, the size and pace of its writes, what it said.

Its bytes are compared in their order, and not by their times, which always differ a little.
"""

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from quecsim.report.comparison.model import Difference, Kind
from quecsim.report.comparison.words import short
from quecsim.trace.event import (
    CommandLine,
    DataBegin,
    DataEnd,
    DeviceLine,
    Event,
    HostBytes,
    HostLine,
    HostReady,
    HostRts,
    Power,
)
from quecsim.units import format_ns

_MOST_COMMANDS = 2000  # of each run: comparing takes the product of both
_MOST_CHANGES = 8


def host_differences(before: Sequence[Event], after: Sequence[Event]) -> Iterator[Difference]:
    """The host's part in two records."""
    for what, told in _TOLD:
        a, b = told(before), told(after)
        if a != b:
            yield Difference(Kind.HOST, what, a, b)
    yield from _said(before, after)
    yield from _bytes(before, after)


def _lines(events: Sequence[Event]) -> str:
    """The settings of its port, in their order, without repetition."""
    seen: list[str] = []
    for event in events:
        if isinstance(event, HostLine):
            text = f"{event.end}, flow control {event.flow}"
            if not seen or seen[-1] != text:
                seen.append(text)
    return _joined(seen)


def _device_lines(events: Sequence[Event]) -> str:
    """What it made of the device's line: AT+IPR, AT+ICF, AT+IFC. What that is after a start is none
    of its doing.
    """
    starts = {event.at_ns for event in events if isinstance(event, Power) and event.state == "on"}
    seen = [
        f"{event.baud} {event.frame}, AT+IFC={event.ifc[0]},{event.ifc[1]}"
        for event in events
        if isinstance(event, DeviceLine) and event.at_ns not in starts
    ]
    return _joined([each for n, each in enumerate(seen) if n == 0 or seen[n - 1] != each])


def _joined(texts: list[str]) -> str:
    most = 4
    more = [f"and {len(texts) - most} more"] if len(texts) > most else []
    return ", then ".join([*texts[:most], *more]) or "not told"


def _writes(events: Sequence[Event]) -> str:
    """Of data: how many pieces, and how large."""
    sizes = [len(event.data) for event in _data(events)]
    if not sizes:
        return "none"
    largest = max(sizes)
    size = f"{largest} bytes" if min(sizes) == largest else f"up to {largest} bytes"
    return f"{len(sizes)} of {size}"


def _pauses(events: Sequence[Event]) -> str:
    """The longest pause between two writes of data, in one transfer."""
    steps = (pairwise(writes) for writes in _transfers(events))
    longest_ns = max((b.at_ns - a.at_ns for pairs in steps for a, b in pairs), default=0)
    return f"up to {format_ns(longest_ns)}" if longest_ns else "none"


def _data(events: Sequence[Event]) -> list[HostBytes]:
    """The writes in data mode."""
    return [write for writes in _transfers(events) for write in writes]


def _transfers(events: Sequence[Event]) -> list[list[HostBytes]]:
    """The same, a list for each time that data mode began."""
    found: list[list[HostBytes]] = []
    is_data = False
    for event in events:
        if isinstance(event, DataBegin):
            is_data = True
            found.append([])
        elif isinstance(event, DataEnd):
            is_data = False
        elif is_data and isinstance(event, HostBytes):
            found[-1].append(event)
    return found


def _wires(events: Sequence[Event]) -> str:
    count = sum(isinstance(event, HostReady | HostRts) for event in events)
    return f"{count} changes" if count else "left alone"


_TOLD: tuple[tuple[str, Callable[[Sequence[Event]], str]], ...] = (
    ("its port", _lines),
    ("the device's line", _device_lines),
    ("writes of data", _writes),
    ("pauses between them", _pauses),
    ("its RTS", _wires),
)


def _said(before: Sequence[Event], after: Sequence[Event]) -> Iterator[Difference]:
    """Command lines that one of them has and the other has not, where they stand."""
    a = [event.text for event in before if isinstance(event, CommandLine)][:_MOST_COMMANDS]
    b = [event.text for event in after if isinstance(event, CommandLine)][:_MOST_COMMANDS]
    changes = [
        each for each in SequenceMatcher(None, a, b, False).get_opcodes() if each[0] != "equal"
    ]
    for _, begin, end, other_begin, other_end in changes[:_MOST_CHANGES]:
        place = f"commands from number {min(begin, other_begin) + 1} on"
        yield Difference(Kind.HOST, place, _few(a[begin:end]), _few(b[other_begin:other_end]))
    if len(changes) > _MOST_CHANGES:
        more = f"{len(changes) - _MOST_CHANGES} more places"
        yield Difference(Kind.HOST, "other commands", more, more)


def _few(texts: Sequence[str]) -> str:
    if not texts:
        return "none"
    shown = [short(f"AT{text}") for text in texts[:3]]
    more = [f"and {len(texts) - len(shown)} more"] if len(texts) > len(shown) else []
    return ", ".join([*shown, *more])


def _bytes(before: Sequence[Event], after: Sequence[Event]) -> Iterator[Difference]:
    """Where the data of the two part."""
    a, b = (b"".join(event.data for event in _data(events)) for events in (before, after))
    if a == b:
        return
    place = _parting(a, b)
    what = f"its data from byte {place} on" if place else "its data"
    yield Difference(Kind.HOST, what, _around(a, place), _around(b, place))


def _parting(a: bytes, b: bytes) -> int:
    """The first byte that differs; halved until it is found."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[:middle] == b[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _around(stream: bytes, place: int) -> str:
    rest = len(stream) - place
    if rest <= 0:
        return "nothing more"
    shown = ascii(stream[place : place + 24].decode("latin-1"))[1:-1]
    return f"{shown}{'...' if rest > 24 else ''} ({len(stream)} bytes in all)"
