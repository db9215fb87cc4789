"""Faults of the line, one direction at a time: which bytes they hit, and what becomes of those.

Bytes are numbered from 0, in the order in which they pass; every number is asked for once it is
known to exist, and in order, so what is drawn by the seed is the same however the bytes are cut.
"""

from dataclasses import dataclass, field
from functools import reduce
from operator import xor

from quecsim.device.tally import Tally
from quecsim.faults.spec import BitError, Break, DropBytes, InsertBytes, LineFault
from quecsim.rng import Stream

_MILLION = 1_000_000


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
class _Armed:
    index: int
    fault: LineFault
    hits: _Fixed | _Drawn
    bits: Stream
    has_fired: bool = False


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


class Noise:
    """The faults of one direction, by the number of the byte that they hit."""

    def __init__(self, tally: Tally, seed: int) -> None:
        self.is_armed = False
        self._tally = tally
        self._seed = seed
        self._armed: list[_Armed] = []

    def arm(self, index: int, fault: LineFault, passed: int) -> None:
        """The fault counts from here on: `passed` bytes are through already."""
        name = f"fault.{index}.{fault.kind}"
        hits: _Fixed | _Drawn
        if isinstance(fault, Break) or fault.per_million is None:
            assert fault.at_byte is not None
            count = fault.count if isinstance(fault, BitError | DropBytes) else 1
            hits = _Fixed(passed + fault.at_byte - 1, count)
        else:
            hits = _Drawn(passed, fault.per_million, Stream(self._seed, name))
        self._armed.append(_Armed(index, fault, hits, Stream(self._seed, f"{name}.bit")))
        self.is_armed = True

    def next_hit(self, begin: int, end: int) -> int | None:
        """The first byte in `begin` .. `end` (not included) that anything happens to."""
        places = (armed.hits.next_hit(begin, end) for armed in self._armed)
        return min((place for place in places if place is not None), default=None)

    def hit(self, place: int, at_ns: int) -> Hit:
        """What happens to byte `place`, at `at_ns`; puts it on record. Ask once."""
        hit = Hit()
        for armed in self._armed:
            if armed.hits.next_hit(place, place + 1) is not None:
                what = self._add(hit, armed)
                if not armed.has_fired or not isinstance(armed.hits, _Fixed):
                    armed.has_fired = True
                    self._tally.fire(armed.index, at_ns, f"{what} byte {place + 1}{_way(armed)}")
        return hit

    def _add(self, hit: Hit, armed: _Armed) -> str:
        fault = armed.fault
        if isinstance(fault, BitError):
            bit = armed.bits.below(8) if fault.bit is None else fault.bit
            hit.masks.append(1 << bit)
            return f"bit {bit} turned over in" if fault.count == 1 else "bits turned over from"
        if isinstance(fault, DropBytes):
            hit.drops += 1
            return "lost" if fault.count == 1 else f"lost {fault.count} bytes from"
        if isinstance(fault, InsertBytes):
            hit.inserts.append(bytes(fault.bytes))
            return f"{bytes(fault.bytes)!r} came before"
        hit.breaks.append(fault.break_ms)
        return f"a break of {fault.break_ms} ms from"


def _way(armed: _Armed) -> str:
    return " to the host" if armed.fault.direction == "to_host" else ""
