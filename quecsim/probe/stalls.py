"""Where an upload stalls, and for how long: the module takes nothing from its ring meanwhile.

Two ways, at the fastest rate of the line:

* Overrun. Bytes that come while the module stalls fill the ring, and then some are lost. The ring
  holds what came right behind the byte at which the stall began: so the gap in the stored file
  begins one ring behind that byte. Ring and lost bytes, at the rate of the line, are the length.
* Backlog. A stall that the ring outlasts delays the answer behind the last byte, by what is left of
  it then. The byte at which it began is found by halving: up to there an upload that pauses is no
  sooner done, from there on it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from quecsim.probe.bench import Bench
from quecsim.probe.bursts import Bursts, known_ring
from quecsim.probe.estimate import Estimate, median
from quecsim.probe.finding import Finding, not_measured
from quecsim.probe.patterns import Gap
from quecsim.probe.settings import raise_rate, without_flow
from quecsim.probe.step import Needs, Step
from quecsim.probe.stores import PROGRAM
from quecsim.probe.transfer import byte_ns

BUFFER = "files.data_buffer_bytes"
PLACES, LENGTH, SPACING = "seen.stalls", "seen.stall_ms", "seen.stall_every_bytes"
KEYS = (PLACES, LENGTH, SPACING, BUFFER)

_REACH_BYTES = 9216
_MOST_STALLS = 4
_MOST_WINDOWS = 24
_SHORTEST_NS = 10_000_000
_NOISE_NS = 1_000_000
_SHORT_NS = 5_000_000  # shorter ones are lost in how long the file system looks for room
_PARTS = 500
_BLUR_NS = 250_000
_LIKE = 6
_NOISY_LOOKS = 7
_MOST_WRITTEN_BYTES = 800_000
_LATE_NS, _LATE_TIMES = 5_000_000, 3
_FIRST_BYTES = 16_384
_LONGEST_BURST_BYTES = 131_072
_MARGIN_BYTES = 96
_MS = 1_000_000
_FEW_PAGES = 3
_FEW_LOOKS, _MANY_LOOKS = 6, 15


@dataclass(frozen=True, slots=True)
class Stall:
    """It begins when the module has taken `place` bytes of an upload, and takes `value_ns`. So many
    bytes were `lost` in it; 0 where it was found by the backlog.
    """

    place: int
    value_ns: int
    lost: int = 0

    @property
    def text(self) -> str:
        """For people."""
        return f"{self.value_ns / _MS:.1f} ms at byte {self.place}"


class Stalls:
    """Finds the stalls of uploads; `bursts` sends them."""

    def __init__(self, bursts: Bursts) -> None:
        self.bursts = bursts
        self.ring = bursts.ring_bytes
        self.byte_ns = byte_ns(bursts.bench)
        self.shortest_ns = round(self.ring * self.byte_ns)
        self._blur = 0
        self.reached = _REACH_BYTES

    def by_overrun(self) -> list[Stall]:
        """Those that are longer than the ring lasts; [] where they do not show for sure."""
        first = self.bursts.send(0, _FIRST_BYTES + 2 * self.ring)
        stalls: list[Stall] = []
        for gap in first.gaps[:_MOST_STALLS]:
            place = gap.kept - self.ring
            stall = self._alone(place, gap.lost) if place > 0 else None
            if stall is None:
                return []
            stalls.append(stall)
        return stalls

    def _alone(self, place: int, lost: int) -> Stall | None:
        """The stall at that place, met by an idle module with an empty ring; None where the gap is
        elsewhere: it was not this stall alone then.
        """
        gaps = [gap for _ in range(2) if (gap := self._gap(place, lost)) is not None]
        places = [gap.kept - self.ring for gap in gaps]
        if len(gaps) < 2 or any(abs(each - place) > 1 for each in places):
            return None
        lengths = [self._length_ns(gap) for gap in gaps]
        return Stall(min(places), sum(lengths) // len(lengths), gaps[0].lost)

    def _length_ns(self, gap: Gap) -> int:
        """Ring and lost bytes, and a half: it ended somewhere within the next one."""
        return round((self.ring + gap.lost + 0.5) * self.byte_ns)

    def again(self, stall: Stall) -> int | None:
        """How long the stall takes another time; None where it does not show."""
        if stall.lost:
            gap = self._gap(stall.place, stall.lost)
            return None if gap is None else self._length_ns(gap)
        place = stall.place
        with_ns, without_ns = (self._usual_ns(lead, place + 1) for lead in (place - 1, place))
        return with_ns - without_ns + round(self.byte_ns)

    def _usual_ns(self, lead: int, size: int) -> int:
        """The answer to such an upload: the mean of two, or the earlier one where only the other
        came late, as it does now and then.
        """
        first, second = self.bursts.delay(lead, size), self.bursts.delay(lead, size)
        is_late = abs(first - second) > max(_LATE_NS, _LATE_TIMES * self._blur)
        return min(first, second) if is_late else (first + second) // 2

    def length(self, stall: Stall) -> Estimate:
        """Its median, by several more looks: by more where they differ."""
        samples: list[int] = []
        for wanted in (_FEW_LOOKS, _MANY_LOOKS):
            looks = (self.again(stall) for _ in range(wanted - len(samples)))
            samples += [length_ns for length_ns in looks if length_ns is not None]
            if max(samples) - min(samples) <= max(_NOISE_NS, stall.value_ns // 100):
                break
        blur_ns = max(_BLUR_NS, stall.value_ns // _PARTS)
        return median(samples).wider(round(self.byte_ns) + blur_ns)

    def _gap(self, place: int, lost: int) -> Gap | None:
        """The first gap of a burst from there on, sent so far that it has an end."""
        # Twice as far as it was long: were one that happens to be longer left out, the others
        # would be too short on the average.
        most = 2 * lost
        while most <= _LONGEST_BURST_BYTES:
            lead = max(0, place - 2)  # its place may seem to be one byte later than it is
            burst = self.bursts.send(lead, place + self.ring + most + _MARGIN_BYTES)
            if not burst.gaps:
                return None
            if burst.gaps[0].kept < burst.kept:
                return burst.gaps[0]
            most *= 2
        return None

    def by_backlog(self) -> list[Stall]:
        """Those that delay the answer; up to some, and as far as an upload of `_REACH_BYTES`."""
        window = max(round(_SHORTEST_NS / self.byte_ns), _REACH_BYTES // _MOST_WINDOWS)
        window = min(window, self.ring)
        self.shortest_ns = round(window * self.byte_ns)
        stalls: list[Stall] = []
        short: list[Stall] = []
        after = 0
        while after < _REACH_BYTES and len(stalls) < _MOST_STALLS and self._goes_on(stalls, short):
            stall = self._next(after, after + window)
            if stall is not None:
                is_long = stall.value_ns > max(_SHORT_NS, 2 * self._blur)
                (stalls if is_long else short).append(stall)
            after = stall.place if stall is not None else after + window - 1
        self.reached = after
        return stalls

    def _goes_on(self, stalls: list[Stall], short: list[Stall]) -> bool:
        """Whether to look for more: not where there is nothing but short ones, nor for ever."""
        is_told = not stalls and len(short) >= _MOST_STALLS
        return not is_told and self.bursts.written_bytes < _MOST_WRITTEN_BYTES

    def _next(self, after: int, size: int) -> Stall | None:
        """The first stall behind `after` that an upload of `size` bytes shows; None: none does."""
        bursts, blur_ns = self.bursts, self._blur_ns(size)
        least_ns = bursts.backlog(size - 1, size)
        whole_ns = bursts.backlog(after, size)
        if whole_ns - least_ns <= 2 * blur_ns:
            return None
        low, high = after, size - 1  # with `low` bytes ahead it shows in full, with `high` less
        while high - low > 1:
            middle = (low + high) // 2
            is_full = bursts.backlog(middle, size) >= whole_ns - blur_ns
            low, high = (middle, high) if is_full else (low, middle)
        return self._measured(high)

    def _blur_ns(self, size: int) -> int:
        """By how much the answers to like uploads differ, but for those that come late now and
        then; asked once.
        """
        if not self._blur:
            like = sorted(self.bursts.delay(size - 1, size) for _ in range(_LIKE))
            self._blur = max(_NOISE_NS // 2, like[_LIKE // 2] - like[0])
            self.shortest_ns += 2 * self._blur
        return self._blur

    def _measured(self, place: int) -> Stall:
        """How long the stall at `place` is: only one byte comes behind it. Several times, where
        answers to like uploads differ.
        """
        looks = 1 if self._blur <= _NOISE_NS else _NOISY_LOOKS
        lengths = [self.again(Stall(place, 0)) for _ in range(looks)]
        return Stall(place, sorted(each for each in lengths if each is not None)[looks // 2])


def _run(bench: Bench) -> Iterator[Finding]:
    known_ring(bench)
    without_flow(bench)
    rate = raise_rate(bench)
    bursts = Bursts(bench)
    search = Stalls(bursts)
    way = f"overrun at {rate} baud: gaps in the stored file"
    stalls = search.by_overrun()
    if len(stalls) < 2:
        way = f"upload at {rate} baud with a pause at each place: the time of its answer"
        stalls = search.by_backlog()
    yield from findings(search, stalls, way)


def findings(search: Stalls, stalls: list[Stall], way: str) -> Iterator[Finding]:
    """What they say together."""
    if not stalls:
        longer = f"{search.shortest_ns / _MS:.1f} ms"
        why = f"no stall longer than {longer} showed in {search.reached} bytes"
        yield from (not_measured(key, why) for key in KEYS)
        return
    text = ", ".join(stall.text for stall in stalls)
    pairs = [[stall.place, round(stall.value_ns / _MS, 3)] for stall in stalls]
    yield Finding(PLACES, pairs, f"{way}; {text}", len(stalls))
    length = search.length(stalls[0])
    value, low, high = (each / _MS for each in (length.value, length.low, length.high))
    yield Finding(
        LENGTH, value, f"{way}; median of that at byte {stalls[0].place}", length.runs, low, high
    )
    spacing = _spacing(stalls)
    if spacing is None:
        yield not_measured(SPACING, f"the places are no multiples of the first one: {text}")
    else:
        yield Finding(SPACING, spacing, way, len(stalls), spacing, spacing)
    yield _buffer(search.bursts, stalls)


def _spacing(stalls: list[Stall]) -> int | None:
    """The bytes from one to the next, where all are at multiples of that."""
    first = stalls[0].place
    is_regular = len(stalls) > 1 and all(stall.place % first == 0 for stall in stalls)
    return first if is_regular else None


def _buffer(bursts: Bursts, stalls: list[Stall]) -> Finding:
    """How much the module gathers before it stores: where a stall is the storing itself, an upload
    that ends one byte before its place has all of that still to do when it ends, and one that ends
    a byte behind it has not.
    """
    page_us = bursts.bench.value(PROGRAM)
    assert isinstance(page_us, int)
    for stall in stalls:
        least_ns = _FEW_PAGES * page_us * 1000
        looks = [_stores(bursts, stall.place, least_ns) for _ in range(3)]
        if all(looks):
            way = "where a stall is the storing: an upload that ends before it does that at its end"
            return Finding(BUFFER, stall.place, way, 3, 1, stall.place)
        if any(looks):
            why = (
                f"whether the stall at byte {stall.place} is the storing differs from time to time"
            )
            return not_measured(BUFFER, why)
    return not_measured(BUFFER, "none of the stalls is the storing of what was gathered")


def _stores(bursts: Bursts, place: int, least_ns: int) -> bool:
    """Whether that much less is left to do behind it than before."""
    before = bursts.backlog(place - 2, place - 1)
    return before - bursts.backlog(place, place + 1) > least_ns + _NOISE_NS // 4


STEP = Step(
    name="stalls",
    title="uploads files of its own at the fastest rate, and sees where the module stops",
    seconds=240,
    keys=KEYS,
    run=_run,
    needs=Needs(
        storage_bytes=65_536,
        written_bytes=1_000_000,
        settings=("AT+IFC", "AT+IPR"),
    ),
    is_long=True,
)
