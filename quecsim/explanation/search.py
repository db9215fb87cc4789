"""The search: every kind of story is tried, those that fit are put in order, and chance is counted.

    explain(data, told)         what happened, as an `Explanation`

Stories are ranked by how unlikely they are beforehand. How far the best one can be believed follows
from how many others fit about as well, and from how many different checksums all the stories have
that are at least as likely: that part of all possible checksums would have been hit by chance.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import chain

from msgspec.structs import replace

from quecsim.checksum import checksum, checksum_text
from quecsim.errors import QuecsimError
from quecsim.explanation.altered import altered
from quecsim.explanation.base import MOST_PREFIXED_BYTES, bytes_of
from quecsim.explanation.gaps import gaps, single
from quecsim.explanation.guess import Case, Guess, Trial, exactly, try_all
from quecsim.explanation.limits import (
    CHANCE_PPM,
    EQUAL_BITS,
    LIKELY_PPM,
    LISTED_BITS,
    MOST_BYTES,
    MOST_STORIES,
)
from quecsim.explanation.model import Certainty, Explanation, Story, Told, Tried
from quecsim.explanation.patterns import pairs, patterns
from quecsim.explanation.sentence import sentence_of
from quecsim.explanation.several import explain_all
from quecsim.explanation.story import story_of
from quecsim.explanation.strays import filled, strays
from quecsim.explanation.whole import whole

_MILLION = 1_000_000
_MOST_RANKED = 200


def explain(
    data: bytes,
    told: Told | Sequence[Told],
    *,
    declared: int | None = None,
    commands: Sequence[bytes] = (),
    name: str = "",
) -> Explanation:
    """What happened between `data`, the file as the host has it, and what the module `told` of it.

    Several in a row are several attempts with the same file: a kind of story that fits them all is
    put first. `declared` is the size that the host announced, `commands` what it is known to have
    sent (with or without line ends, in order), `name` that of the file; without them the usual ones
    are tried. Raises QuecsimError for more than 64 MiB, where nothing was told, or no size.
    """
    tolds = [told] if isinstance(told, Told) else list(told)
    _check(data, tolds)
    known = tuple(line for line in commands if line)
    if len(tolds) == 1:
        return _explain_one(Case(data, tolds[0], declared, known, name))
    found = {
        each: _explain_one(Case(data, each, declared, known, name), is_alone=False)
        for each in set(tolds)
    }
    return explain_all([found[each] for each in tolds])


def explain_content(
    data: bytes,
    content: bytes,
    *,
    declared: int | None = None,
    commands: Sequence[bytes] = (),
    name: str = "",
) -> Explanation:
    """The same where the module's `content` itself is known: stories that make exactly that.

    No chance is left then: a story that is told is how `content` differs from `data`. The other
    arguments as in `explain`. Raises QuecsimError for more than 64 MiB.
    """
    told = Told(len(content), checksum(content))
    _check(data, [told])
    case = Case(data, told, declared, tuple(line for line in commands if line), name)
    trials = list(_trials(case))
    if not _narrow(trials, content):
        more = list(_more_trials(case))
        _narrow(more, content)
        trials += more
    found = answer(case, trials)
    if not found.fits:
        return found
    best = replace(found.stories[0], chance_ppm=0)
    return replace(
        found,
        stories=[best],
        certainty=Certainty.CLEAR,
        sentence=best.sentence,
        fit_count=1,
        expected_ppm=0,
    )


def _narrow(trials: Sequence[Trial], content: bytes) -> bool:
    """Leave the stories that make `content`, each at its own place; whether there is one."""
    for trial in trials:
        trial.found = [
            exact for guess in trial.found if (exact := exactly(guess, content)) is not None
        ]
        trial.fit = len(trial.found)
    return any(trial.found for trial in trials)


def _explain_one(case: Case, *, is_alone: bool = True) -> Explanation:
    """One attempt; not `is_alone`: also with stories that are far less likely than the best."""
    return answer(case, trials_of(case), is_alone=is_alone)


def trials_of(case: Case) -> list[Trial]:
    """All that is tried, with what fits."""
    trials = list(_trials(case))
    if not _is_explained(case, trials):
        trials += _more_trials(case)
    return trials


def _check(data: bytes, tolds: Sequence[Told]) -> None:
    if not tolds:
        raise QuecsimError(
            "nothing to explain", hint="give what the module said: <size>,<checksum>"
        )
    if len(data) > MOST_BYTES:
        hint = f"files up to {MOST_BYTES >> 20} MiB can be explained"
        raise QuecsimError(f"the file has {len(data)} bytes", hint=hint)
    for each in tolds:
        if each.size < 0 or not 0 <= (each.checksum or 0) <= 0xFFFF:
            hint = "a size is 0 or more, a checksum 0 to ffff"
            raise QuecsimError(f"no module says {each.size},{each.checksum:x}", hint=hint)


def _trials(case: Case) -> Iterator[Trial]:
    """Everything that is tried."""
    if not case.size:
        yield _nothing_came(case)
        return
    likely = case.likely_versions
    guesses = chain(
        whole(case, case.versions),
        strays(case, likely),
        single(case, case.versions),
        patterns(case, likely),
    )
    yield from try_all(case, guesses)
    yield from gaps(case, likely)
    yield from pairs(case, likely)
    yield from altered(case, likely)


def _is_explained(case: Case, trials: Sequence[Trial]) -> bool:
    """Whether a story fits that chance does not account for: then the wildest are not tried."""
    bits = [guess.bits for each in trials for guess in each.found]
    return bool(bits) and _chance_ppm(trials, min(bits), 1 << case.sum_bits) < LIKELY_PPM


def _more_trials(case: Case) -> Iterator[Trial]:
    """What is tried where nothing else will do: two things went wrong at once."""
    if case.size:
        yield from filled(case, case.likely_versions)


def _nothing_came(case: Case) -> Trial:
    """A file without a byte in it."""
    kind = "empty" if case.data else "same"
    words = "nothing of the file came" if case.data else "the file is empty, on both sides"
    trial = Trial(kind, 0, 1, 1)
    if case.fits(0):
        trial.fit, trial.found = 1, [Guess(kind, (case.file.part(0, 0),), words)]
    return trial


def ranked(case: Case, trials: Sequence[Trial]) -> list[Guess]:
    """What fits, best first, the same bytes once; 200 at most are looked at."""
    found = sorted((guess for each in trials for guess in each.found), key=lambda g: g.bits)
    return list(_different(case, found[:_MOST_RANKED]))


def answer(case: Case, trials: list[Trial], *, is_alone: bool = True) -> Explanation:
    """What came of the trials of `case`. Not `is_alone`: all that fits, however unlikely."""
    one_in = 1 << case.sum_bits
    chosen = ranked(case, trials)
    if is_alone:
        chosen = [guess for guess in chosen if guess.bits <= chosen[0].bits + LISTED_BITS]
    stories = [
        story_of(
            guess,
            sum(each.tried for each in trials if each.bits <= guess.bits),
            _chance_ppm(trials, guess.bits, one_in),
        )
        for guess in chosen
    ]
    tried = _by_kind(trials)
    count = sum(each.tried for each in tried)
    found = Explanation(
        told=[case.told],
        file_bytes=len(case.data),
        file_checksum=checksum_text(case.file.sum),
        certainty=_certainty(case, chosen, stories),
        sentence="",
        stories=stories[: MOST_STORIES if is_alone else _MOST_RANKED],
        tried=tried,
        tried_count=count,
        fit_count=sum(each.fit for each in tried),
        one_in=one_in,
        expected_ppm=count * _MILLION // one_in if case.told.checksum is not None else 0,
        notes=_notes(case),
    )
    return sentence_of(found, case.declared)


def _different(case: Case, ranked: Sequence[Guess]) -> Iterator[Guess]:
    """The guesses without those that make the same bytes as a likelier one."""
    seen: set[bytes] = set()
    for guess in ranked:
        content = bytes_of(guess.mix)
        assert len(content) == case.size
        assert case.fits(checksum(content))
        digest = sha256(content).digest()
        if digest not in seen:
            seen.add(digest)
            yield guess


def _chance_ppm(trials: Sequence[Trial], bits: int, one_in: int) -> int:
    """How likely a wrong story fits among those that have `bits` or fewer."""
    sums = sum(each.sums for each in trials if each.bits <= bits)
    return min(_MILLION, sums * _MILLION // one_in)


def _by_kind(trials: Sequence[Trial]) -> list[Tried]:
    """The trials of each kind together, in the order in which they were tried first."""
    counts: dict[str, tuple[int, int]] = {}
    for each in trials:
        tried, fit = counts.get(each.kind, (0, 0))
        counts[each.kind] = tried + each.tried, fit + each.fit
    return [Tried(kind, tried, fit) for kind, (tried, fit) in counts.items()]


def _certainty(case: Case, chosen: Sequence[Guess], stories: Sequence[Story]) -> Certainty:
    if not stories:
        return Certainty.NONE
    if case.told.checksum is None:
        return Certainty.SIZE_ONLY
    if stories[0].chance_ppm >= CHANCE_PPM:
        return Certainty.CHANCE
    is_alone = len(chosen) < 2 or chosen[1].bits > chosen[0].bits + EQUAL_BITS
    if not is_alone or chosen[0].outcomes > 1:
        return Certainty.OPEN
    return Certainty.CLEAR if stories[0].chance_ppm < LIKELY_PPM else Certainty.LIKELY


def _notes(case: Case) -> list[str]:
    notes = []
    if len(case.data) > MOST_PREFIXED_BYTES:
        notes.append(
            f"and a hole was not looked for: in more than {MOST_PREFIXED_BYTES >> 20} MiB any"
            " checksum fits somewhere"
        )
    return notes
