"""Which values of a profile would explain what differs: each is tried alone, on the whole session
again, and then those that help together.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from quecsim.likeness.changes import Change, alternatives, is_possible, suggested
from quecsim.likeness.comparison import Comparison, Difference, Record, compare, shortened
from quecsim.profiles.schema import Profile

MOST_RUNS = 600
_MOST_ROUNDS = 16

Progress = Callable[[int, int], bool]
"""So many runs of so many are over; False ends the search."""


@dataclass(slots=True)
class Explained:
    """`alone`: for the key of a difference, the values each of which makes it agree without another
    exchange differing more, the likeliest first; `times` likewise, for what takes another time.
    `together`: values that all help, in the order in
    which they were found; with them `left` is what differs. `runs` were made; `is_whole`: none that
    were planned were left out.
    """

    left: Comparison
    alone: dict[int, tuple[Change, ...]] = field(default_factory=dict)
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
    record = shortened(record)
    if comparison.runs > 1:
        comparison = compare(record, profile)
    search = _Search(record, progress, Explained(comparison))
    names = {name for each in record.played.reading.exchanges.values() for name in each.names}
    changes = [*alternatives(profile, sorted(names)), *_suggested(comparison.differences, profile)]
    for round_ in range(_MOST_ROUNDS):
        tried = search.round(profile, search.explained.left, changes)
        if not round_:
            search.explained.alone = _alone(comparison, tried)
            search.explained.times = _times(comparison, tried)
        best = max(tried, key=lambda one: one.gain, default=None)
        if best is None or best.gain <= 0 or not search.explained.is_whole:
            break
        profile = best.change.on(profile)
        search.explained.together += (best.change,)
        telling = [one.change for one in tried if one.change.place != best.change.place]
        changes = [*telling, *_suggested(best.found.differences, profile)]
        search.explained.left = best.found
    return search.explained


class _Search:
    def __init__(self, record: Record, progress: Progress, explained: Explained) -> None:
        self.explained = explained
        self._record = record
        self._progress = progress

    def round(
        self, profile: Profile, before: Comparison, changes: Iterable[Change]
    ) -> list[_Tried]:
        """Each change alone on `profile`; those that change nothing are left out."""
        tried: list[_Tried] = []
        changes = list(dict.fromkeys(changes)) if before.differences or before.times else []
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
            in_time = before.times - found.times if not found.times - before.times else frozenset()
            if found.differences != before.differences or in_time:
                tried.append(_Tried(change, found, mended, broken, in_time))
        return tried

    def _goes_on(self, total: int) -> bool:
        runs = self.explained.runs
        if runs >= MOST_RUNS or not self._progress(runs, total):
            self.explained.is_whole = False
        return self.explained.is_whole


def _alone(comparison: Comparison, tried: Sequence[_Tried]) -> dict[int, tuple[Change, ...]]:
    """For each difference what mends it, and mends more than it breaks."""
    by_key: dict[int, tuple[Change, ...]] = {}
    helping = sorted((one for one in tried if one.gain > 0), key=lambda one: -one.gain)
    for difference in comparison.differences:
        mending = tuple(one.change for one in helping if difference.key in one.mended)
        if mending:
            by_key[difference.key] = mending
    return by_key


def _times(comparison: Comparison, tried: Sequence[_Tried]) -> dict[str, tuple[Change, ...]]:
    """For what takes another time, the values with which it does not, and all else is as before."""
    found = {}
    for what in sorted(comparison.times):
        mending = [one for one in tried if what in one.in_time and not one.broken]
        if mending:
            mending.sort(key=lambda one: -len(one.in_time))
            found[what] = tuple(one.change for one in mending)
    return found


def _suggested(differences: Iterable[Difference], profile: Profile) -> Iterable[Change]:
    for difference in differences:
        if difference.clue is not None:
            yield from suggested(difference.clue, profile)
