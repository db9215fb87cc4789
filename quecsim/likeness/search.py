"""Which values of a profile would explain what differs: each is tried alone, on the whole session
again, and then those that help together.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from quecsim.likeness.changes import TIMED, Change, alternatives, is_possible, suggested
from quecsim.likeness.comparison import Comparison, Difference, Record, compare, shortened
from quecsim.profiles.schema import Profile

_MOST_RUNS, _LEAST_RUNS = 600, 80
_MOST_EXCHANGES = 60_000  # in all runs: a minute or so
_MOST_ROUNDS = 16

Progress = Callable[[int, int], bool]
"""So many runs of so many are over; False ends the search."""


@dataclass(slots=True)
class Explained:
    """`alone`: for the key of a difference, the values each of which makes it agree without another
    exchange differing more, the likeliest first; `after`: the same, once the values are right that
    were found before; `times` likewise, for what takes another time.
    `together`: values that all help, in the order in
    which they were found; with them `left` is what differs. `runs` were made; `is_whole`: none that
    were planned were left out.
    """

    left: Comparison
    alone: dict[int, tuple[Change, ...]] = field(default_factory=dict)
    after: dict[int, tuple[Change, ...]] = field(default_factory=dict)
    times: dict[str, tuple[Change, ...]] = field(default_factory=dict)
    together: tuple[Change, ...] = ()
    runs: int = 0
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class _Tried:
    change: Change
    found: Comparison
    mended: frozenset[int]
    broken: frozenset[int]
    in_time: frozenset[str]

    @property
    def gain(self) -> int:
        """How many exchanges more agree."""
        return len(self.mended) - len(self.broken)


def explain(
    record: Record, profile: Profile, comparison: Comparison, progress: Progress = lambda *_: True
) -> Explained:
    """What would explain the differences of `comparison`, which is of `profile`."""
    record, clocks = shortened(record), _Clocks(comparison)
    if comparison.runs > 1:
        comparison = compare(record, profile)
    search, shipped = _Search(record, progress, Explained(comparison), clocks), profile
    explained = search.explained
    names = {name for each in record.played.reading.exchanges.values() for name in each.names}
    for round_ in range(_MOST_ROUNDS):
        before = explained.left
        changes = [*alternatives(profile, sorted(names)), *_suggested(before.differences, profile)]
        if not before.differences:
            changes = [change for change in changes if change.place in TIMED]
        tried = search.round(profile, before, changes)
        mending = _mending(before, tried)
        if not round_:
            explained.alone, explained.times = mending, _times(clocks, tried)
        explained.after.update({key: one for key, one in mending.items() if round_})
        taken, found = search.taken(profile, before, tried)
        if not taken or not explained.is_whole:
            break
        profile = _with(profile, taken)
        explained.together += taken
        explained.left = found
        if not found.differences:
            break
    search.drop_idle(shipped)
    return explained


class _Search:
    def __init__(
        self, record: Record, progress: Progress, explained: Explained, clocks: "_Clocks"
    ) -> None:
        self.explained = explained
        self._clocks = clocks
        exchanges = max(1, len(record.played.reading.exchanges))
        self._most_runs = min(_MOST_RUNS, max(_LEAST_RUNS, _MOST_EXCHANGES // exchanges))
        self._record = record
        self._progress = progress

    def round(
        self, profile: Profile, before: Comparison, changes: Iterable[Change]
    ) -> list[_Tried]:
        """Each change alone on `profile`; those that change nothing are left out."""
        tried: list[_Tried] = []
        is_needed = before.differences or self._clocks.differing
        changes = list(dict.fromkeys(changes)) if is_needed else []
        total = self.explained.runs + len(changes)
        for change in changes:
            if not self._goes_on(total):
                break
            changed = change.on(profile)
            if not is_possible(changed):
                continue
            found = compare(self._record, changed)
            self.explained.runs += 1
            mended, broken = before.keys - found.keys, found.keys - before.keys
            in_time = self._clocks.mended(before, found)
            if found.differences != before.differences or in_time:
                tried.append(_Tried(change, found, mended, broken, in_time))
        return tried

    def taken(
        self, profile: Profile, before: Comparison, tried: Sequence[_Tried]
    ) -> tuple[tuple[Change, ...], Comparison]:
        """The changes that mend most, each something that those before it do not, and what differs
        with them; the best one alone, where they get in each other's way.
        """
        chosen = _apart(tried)
        if not chosen:
            return (), before
        changes = tuple(one.change for one in chosen)
        together = _with(profile, changes)
        if len(chosen) > 1 and is_possible(together):
            found = compare(self._record, together)
            self.explained.runs += 1
            if len(before.keys) - len(found.keys) > chosen[0].gain:
                return changes, found
        return changes[:1], chosen[0].found

    def drop_idle(self, profile: Profile) -> None:
        """Leave out of the values together those without which no more differs."""
        explained = self.explained
        for change in explained.together if len(explained.together) > 1 else ():
            others = tuple(each for each in explained.together if each != change)
            without = _with(profile, others)
            if not is_possible(without):
                continue
            found = compare(self._record, without)
            explained.runs += 1
            if len(found.keys) <= len(explained.left.keys):
                explained.together, explained.left = others, found

    def _goes_on(self, total: int) -> bool:
        runs = self.explained.runs
        if runs >= self._most_runs or not self._progress(runs, total):
            self.explained.is_whole = False
        return self.explained.is_whole


def _with(profile: Profile, changes: Iterable[Change]) -> Profile:
    for change in changes:
        profile = change.on(profile)
    return profile


def _apart(tried: Sequence[_Tried]) -> list[_Tried]:
    """Those that help, the best first, of which each mends what no other one does."""
    chosen: list[_Tried] = []
    mended: frozenset[int] = frozenset()
    for one in sorted(tried, key=lambda one: -one.gain):
        places = {each.change.place for each in chosen}
        if one.gain > 0 and not one.mended & mended and one.change.place not in places:
            chosen.append(one)
            mended |= one.mended
    return chosen


def _mending(comparison: Comparison, tried: Sequence[_Tried]) -> dict[int, tuple[Change, ...]]:
    """For each difference what mends it, and mends more than it breaks."""
    by_key: dict[int, tuple[Change, ...]] = {}
    helping = sorted((one for one in tried if one.gain > 0), key=lambda one: -one.gain)
    for difference in comparison.differences:
        mending = tuple(one.change for one in helping if difference.key in one.mended)
        if mending:
            by_key[difference.key] = mending
    return by_key


@dataclass(slots=True)
class _Clocks:
    """The module's times, of all runs; those that are `differing` from the profile's."""

    comparison: Comparison

    @property
    def differing(self) -> frozenset[str]:
        return self.comparison.times

    def mended(self, before: Comparison, found: Comparison) -> frozenset[str]:
        """What differs, and takes the module's time with the change that `found` is of; nothing
        where that makes something else differ.
        """
        was, now = self._late(before), self._late(found)
        return frozenset() if now - was else (was - now) & self.differing

    def _late(self, one: Comparison) -> frozenset[str]:
        """What takes a time that the module never, or hardly ever, takes."""
        spans = {pair.what: pair.module for pair in self.comparison.pairs}
        return frozenset(
            pair.what
            for pair in one.pairs
            if pair.what in spans
            and not spans[pair.what].holds(pair.profile.median_ns, pair.grain_ns)
        )


def _times(clocks: _Clocks, tried: Sequence[_Tried]) -> dict[str, tuple[Change, ...]]:
    """For what takes another time, the values with which it does not, and all else is as before."""
    found = {}
    for what in sorted(clocks.differing):
        mending = [one for one in tried if what in one.in_time and not one.broken]
        if mending:
            mending.sort(key=lambda one: -len(one.in_time))
            found[what] = tuple(one.change for one in mending)
    return found


def _suggested(differences: Iterable[Difference], profile: Profile) -> Iterable[Change]:
    for difference in differences:
        if difference.clue is not None:
            yield from suggested(difference.clue, profile)
