"""What the host of a record did, as something that can be done again to another device: each write
with what it came after, and the pause between.

The rule: a write that came after a word of the device's (an answer, CONNECT, an `A`, an unsolicited
text) waits for the same word, and then as long as the host had waited. So a slower device does not
get bytes too early, and a record without times keeps its order.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from quecsim.likeness.exchange import Cue, Reading
from quecsim.trace import event as ev
from quecsim.trace.event import Event, HostDtr, HostLine, HostRts

_LF = b"\n"
BY_HANDLE = re.compile(rb"(?i)(AT\+QF(?:WRITE|READ|SEEK|POSITION|CLOSE|TUCAT|FLUSH)=)(\d+)")
"""A command line about a file that is open, by the number that the device gave it."""


@dataclass(frozen=True, slots=True)
class Move:
    """The host sends `data`, byte `offset` of its stream in the record, `pause_ns` after `cue` or
    the move before this one, whichever comes later. `of` is the key of the exchange whose data it
    is, -1 for command lines and stray bytes. `waited_ns` is from the move before this one on.
    """

    offset: int
    data: bytes
    of: int
    cue: Cue | None
    pause_ns: int
    waited_ns: int

    @property
    def end(self) -> int:
        """Where in the host's stream it ends."""
        return self.offset + len(self.data)


@dataclass(frozen=True, slots=True)
class Turned:
    """The host does something to its port: see `Move` for the times."""

    event: HostLine | HostDtr | HostRts
    cue: Cue | None
    pause_ns: int
    waited_ns: int


Step: TypeAlias = Move | Turned


@dataclass(frozen=True, slots=True)
class Played:
    """A record, read: what its host did, the exchanges that came of it, and the time in which the
    device may still have said something after the last move.
    """

    steps: tuple[Step, ...]
    reading: Reading
    after_ns: int
    is_whole: bool


def played(events: Sequence[Event], *, is_whole: bool) -> Played:
    """What the host of a listener's record did; `is_whole`: the record has its end."""
    cuts, data = _cuts(events)
    reading, steps = Reading(), list[Step]()
    last_ns = 0
    for event in events:
        if isinstance(event, ev.HostBytes) and event.hidden:
            steps.append(_unheard(event, _owner(data, event.offset)))
        elif isinstance(event, ev.HostBytes | HostLine | HostDtr | HostRts):
            cue = reading.last_cue
            cue_ns = reading.came[cue] if cue is not None else 0
            pause_ns = max(0, event.at_ns - max(last_ns, cue_ns))
            waited_ns = event.at_ns - last_ns
            if isinstance(event, ev.HostBytes):
                steps += _moves(event, cuts, data, cue, pause_ns, waited_ns)
            else:
                steps.append(Turned(event, cue, pause_ns, waited_ns))
            last_ns = event.at_ns
        reading.feed((event,))
    reading.end()
    return Played(tuple(_joined(steps)), reading, events[-1].at_ns - last_ns, is_whole)


def _cuts(events: Iterable[Event]) -> tuple[list[int], list[tuple[int, int, int]]]:
    """Where the host's stream is cut, in order, and its data as (first, end, exchange)."""
    cuts: set[int] = set()
    data: list[tuple[int, int, int]] = []
    lines: dict[int, int] = {}
    asked: dict[int, int] = {}
    began: dict[int, int] = {}
    for event in events:
        match event:
            case ev.CommandLine():
                lines[event.number] = event.offset + event.count
                cuts.add(lines[event.number])
            case ev.Eaten(data=b"\n") if event.offset in cuts:  # the LF of a line goes with it
                cuts.remove(event.offset)
                cuts.add(event.offset + 1)
            case ev.TransferAsked(way="in"):
                asked[event.transfer] = lines.get(event.number, -1)
            case ev.DataBegin():
                began[event.transfer] = event.offset
            case ev.DataEnd() if event.transfer in began:
                first = began.pop(event.transfer)
                data.append((first, event.offset, asked.get(event.transfer, -1)))
            case _:
                pass
    data += [(first, 1 << 62, asked.get(transfer, -1)) for transfer, first in began.items()]
    cuts |= {place for first, end, _ in data for place in (first, end)}
    return sorted(cuts), sorted(data)


def _moves(
    event: ev.HostBytes,
    cuts: list[int],
    data: list[tuple[int, int, int]],
    cue: Cue | None,
    pause_ns: int,
    waited_ns: int,
) -> Iterable[Move]:
    """One write of the host's, cut where lines and data end; the parts follow at once."""
    first, end = event.offset, event.offset + len(event.data)
    places = [first, *cuts[bisect_right(cuts, first) : bisect_left(cuts, end)], end]
    for start, stop in pairwise(places):
        part = event.data[start - first : stop - first]
        yield Move(start, part, _owner(data, start), cue, pause_ns, waited_ns)
        pause_ns = waited_ns = 0


def _unheard(event: ev.HostBytes, owner: int) -> Move:
    """Data of which only the count is known, and that it came some time after CONNECT."""
    return Move(event.offset, event.data, owner, ("data", owner, 0), 0, 0)


def _owner(data: list[tuple[int, int, int]], offset: int) -> int:
    """The exchange whose data byte `offset` is."""
    place = bisect_right(data, offset, key=lambda one: one[0]) - 1
    return data[place][2] if place >= 0 and offset < data[place][1] else -1


def _joined(steps: list[Step]) -> Iterable[Step]:
    """A line about an open file is one move, however it was typed: its number may be another one
    on another device.
    """
    held: list[Move] = []
    for step in steps:
        if not isinstance(step, Move) or step.of >= 0:
            yield from held
            held.clear()
            yield step
            continue
        held.append(step)
        line = b"".join(each.data for each in held)
        if b"\r" in step.data or not b"AT+QF".startswith(line[:5].upper()):
            yield from [_as_one(held)] if len(held) > 1 and BY_HANDLE.search(line) else held
            held.clear()
    yield from held


def _as_one(moves: list[Move]) -> Move:
    first = moves[0]
    data = b"".join(move.data for move in moves)
    return Move(first.offset, data, first.of, first.cue, first.pause_ns, first.waited_ns)
