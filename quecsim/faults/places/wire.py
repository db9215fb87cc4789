"""The wire, one direction at a time: which bytes faults hit, and what becomes of those.

Bytes are numbered from 0, in the order in which they pass; every number is asked for once it is
known to exist, and in order, so what is drawn by the seed is the same however the bytes are cut.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from operator import xor
from typing import Protocol

from quecsim.faults.armed import Armed
from quecsim.rng import Stream

_MILLION = 1_000_000


@dataclass(slots=True)
class Hit:
    """What happens at one byte: `inserts` arrive before it, `masks` are the bits that turn over,
    `drops` how many faults swallow it, `breaks` last so many milliseconds.
    """

    inserts: list[bytes] = field(default_factory=list)
    masks: list[int] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    drops: int = 0

    @property
    def mask(self) -> int:
        """All the bits that turn over."""
        return reduce(xor, self.masks, 0)


Strike = Callable[[Hit, Stream], str]
"""Adds to what happens at a byte, with a stream to draw from; returns the words before `byte 7`."""


class _Fixed:
    """Hits the bytes from `first` on, `count` of them."""

    def __init__(self, first: int, count: int) -> None:
        self._first = first
        self._end = first + count

    def next_hit(self, begin: int, end: int) -> int | None:
        """The first byte in `begin` .. `end` (not included) that it hits."""
        place = max(begin, self._first)
        return place if place < min(end, self._end) else None


class _Drawn:
    """Hits `per_million` of all bytes from `first` on, as the seed has it."""

    def __init__(self, first: int, per_million: int, stream: Stream) -> None:
        self._scanned = first
        self._per_million = per_million
        self._stream = stream
        self._hit: int | None = None

    def next_hit(self, begin: int, end: int) -> int | None:
        """The first byte in `begin` .. `end` (not included) that it hits."""
        if self._hit is not None and self._hit < begin:
            self._hit = None
        while self._hit is None and self._scanned < end:
            if self._stream.below(_MILLION) < self._per_million and self._scanned >= begin:
                self._hit = self._scanned
            self._scanned += 1
        return self._hit if self._hit is not None and self._hit < end else None


@dataclass(slots=True)
class _Striking:
    armed: Armed
    hits: _Fixed | _Drawn
    strike: Strike
    stream: Stream
    has_fired: bool = False


class WireFaults:
    """The faults of one direction, by the number of the byte that they hit.

    `where` says the direction in words, behind the number of a byte.
    """

    def __init__(self, seed: int, where: str = "") -> None:
        self.is_armed = False
        self._seed = seed
        self._where = where
        self._striking: list[_Striking] = []

    def at_bytes(self, armed: Armed, first: int, count: int, strike: Strike) -> None:
        """Strike the bytes from `first` on, `count` of them; it fires once, at the first."""
        self._add(armed, _Fixed(first, count), strike)

    def now_and_then(self, armed: Armed, first: int, per_million: int, strike: Strike) -> None:
        """Strike `per_million` of the bytes from `first` on, and fire at each."""
        self._add(armed, _Drawn(first, per_million, self._stream(armed, "")), strike)

    def next_hit(self, begin: int, end: int) -> int | None:
        """The first byte in `begin` .. `end` (not included) that anything happens to."""
        places = (each.hits.next_hit(begin, end) for each in self._striking)
        return min((place for place in places if place is not None), default=None)

    def hit(self, place: int, at_ns: int) -> Hit:
        """What happens to byte `place`, at `at_ns`; puts it on record. Ask once."""
        hit = Hit()
        for each in self._striking:
            if each.hits.next_hit(place, place + 1) is not None:
                what = each.strike(hit, each.stream)
                if not each.has_fired or not isinstance(each.hits, _Fixed):
                    each.has_fired = True
                    each.armed.fire(at_ns, f"{what} byte {place + 1}{self._where}")
        return hit

    def _add(self, armed: Armed, hits: _Fixed | _Drawn, strike: Strike) -> None:
        self._striking.append(_Striking(armed, hits, strike, self._stream(armed, ".bit")))
        self.is_armed = True

    def _stream(self, armed: Armed, use: str) -> Stream:
        return Stream(self._seed, f"fault.{armed.index}.{armed.kind}{use}")


class Wire(Protocol):
    """One direction of the line, as its faults see it. `passed` counts the bytes of its stream."""

    faults: WireFaults

    @property
    def passed(self) -> int:
        """Bytes of the direction's stream that are through."""

    def break_line(self, now_ns: int, break_ms: int) -> None:
        """The line is low for that long: one NUL, and nothing that is sent meanwhile."""
