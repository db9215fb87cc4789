"""Which values of a profile would explain what differs: each is tried alone, on the whole session
again, and then those that help together.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from quecsim.likeness.changes import Change, alternatives, is_possible, suggested
from quecsim.likeness.comparison import Comparison, Difference, Record, compare
from quecsim.profiles.schema import Profile

MOST_RUNS = 600
_MOST_ROUNDS = 16

Progress = Callable[[int, int], bool]
"""So many runs of so many are over; False ends the search."""


@dataclass(slots=True)
class Explained:
    """`alone`: for the key of a difference, the values each of which makes it agree without another
    exchange differing more, the likeliest first. `together`: values that all help, in the order in
    which they were found; with them `left` is what differs. `runs` were made; `is_whole`: none that
    were planned were left out.
    """

    left: Comparison
    alone: dict[int, tuple[Change, ...]] = field(default_factory=dict)
    together: tuple[Change, ...] = ()
    runs: int = 0
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class _Tried:
    change: Change
    found: Comparison
    mended: frozenset[int]
    broken: frozenset[int]

    @property
    def gain(self) -> int:
        return len(self.mended) - len(self.broken)


def explain(
    record: Record, profile: Profile, comparison: Comparison, progress: Progress = lambda *_: True
) -> Explained:
    """What would explain the differences of `comparison`, which is of `profile`."""
    search = _Search(record, progress, Explained(comparison))
    names = {name for each in record.played.reading.exchanges.values() for name in each.names}
    changes = [*alternatives(profile, sorted(names)), *_suggested(comparison.differences, profile)]
    for round_ in range(_MOST_ROUNDS):
        tried = search.round(profile, search.explained.left, changes)
        if not round_:
            search.explained.alone = _alone(comparison, tried)
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
        changes = list(dict.fromkeys(changes)) if before.differences else []
        total = self.explained.runs + len(changes)
        for change in changes:
            if not self._goes_on(total):
                break
            changed = change.on(profile)
            if not is_possible(changed):
                continue
            found = compare(self._record, changed)
            self.explained.runs += 1
            if found.differences != before.differences:
                mended, broken = before.keys - found.keys, found.keys - before.keys
                tried.append(_Tried(change, found, mended, broken))
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


def _suggested(differences: Iterable[Difference], profile: Profile) -> Iterable[Change]:
    for difference in differences:
        if difference.clue is not None:
            yield from suggested(difference.clue, profile)
