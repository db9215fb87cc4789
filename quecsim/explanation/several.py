"""Several attempts with one file: a kind of story that fits them all is put first."""

from collections.abc import Sequence

from msgspec.structs import replace

from quecsim.explanation.limits import CHANCE_PPM, EQUAL_BITS, MOST_STORIES
from quecsim.explanation.model import Certainty, Explanation, Story, Tried

_MILLION = 1_000_000


def explain_all(attempts: Sequence[Explanation]) -> Explanation:
    """The explanations of single attempts, at least two, as one.

    Its stories are, for each kind that fits every attempt, the best of each attempt; then the
    others. A wrong kind fits all of them only if it does so by chance each time.
    """
    told = [each.told[0] for each in attempts]
    distinct = list({each.told[0]: each for each in attempts}.values())
    if len(distinct) == 1:
        return _always_the_same(distinct[0], len(attempts))
    kinds = _common(distinct)
    stories = [_best(each, kind) for kind in kinds for each in distinct]
    others = [story for each in distinct for story in each.stories if story.kind not in kinds]
    return replace(
        distinct[0],
        told=told,
        certainty=_certainty(distinct, kinds),
        sentence=_sentence(distinct, kinds),
        stories=[*stories, *others][:MOST_STORIES],
        tried=_tried(distinct),
        tried_count=sum(each.tried_count for each in distinct),
        fit_count=sum(each.fit_count for each in distinct),
        expected_ppm=sum(each.expected_ppm for each in distinct),
    )


def _always_the_same(found: Explanation, count: int) -> Explanation:
    again = f"{found.sentence}; the same {count} times, which no accident of the line is"
    return replace(found, told=found.told * count, sentence=again)


def _common(attempts: Sequence[Explanation]) -> list[str]:
    """The kinds that fit every attempt, the likeliest first."""
    first, *others = [{story.kind for story in each.stories} for each in attempts]
    kinds = first.intersection(*others)
    return sorted(kinds, key=lambda kind: (_bits(attempts, kind), kind))


def _best(found: Explanation, kind: str) -> Story:
    return next(story for story in found.stories if story.kind == kind)


def _bits(attempts: Sequence[Explanation], kind: str) -> int:
    return sum(_best(each, kind).unlikely_bits for each in attempts)


def _certainty(attempts: Sequence[Explanation], kinds: Sequence[str]) -> Certainty:
    if not kinds or any(each.certainty is Certainty.NONE for each in attempts):
        return Certainty.NONE if any(not each.fits for each in attempts) else Certainty.OPEN
    if any(each.certainty is Certainty.SIZE_ONLY for each in attempts):
        return Certainty.SIZE_ONLY
    best = [_best(each, kinds[0]) for each in attempts]
    chance = _MILLION
    for story in best:
        chance = chance * story.chance_ppm // _MILLION
    if chance >= CHANCE_PPM:
        return Certainty.CHANCE
    bits = _bits(attempts, kinds[0])
    is_alone = len(kinds) < 2 or _bits(attempts, kinds[1]) > bits + EQUAL_BITS
    has_one_place = all(story.places is None for story in best)
    return Certainty.CLEAR if is_alone and has_one_place else Certainty.OPEN


def _sentence(attempts: Sequence[Explanation], kinds: Sequence[str]) -> str:
    """All attempts in one: the kind they have in common, or one after the other."""
    if not kinds:
        told = [f"attempt {at}: {each.sentence}" for at, each in enumerate(attempts, 1)]
        return f"no one kind of story fits every attempt; {'; '.join(told)}"
    told = [
        f"attempt {at}: {_best(each, kinds[0]).sentence}" for at, each in enumerate(attempts, 1)
    ]
    text = f"one kind of story fits every attempt; {'; '.join(told)}"
    return f"{text}; but it may be chance" if _is_chance(attempts, kinds) else text


def _is_chance(attempts: Sequence[Explanation], kinds: Sequence[str]) -> bool:
    return _certainty(attempts, kinds) is Certainty.CHANCE


def _tried(attempts: Sequence[Explanation]) -> list[Tried]:
    counts: dict[str, tuple[int, int]] = {}
    for found in attempts:
        for each in found.tried:
            tried, fit = counts.get(each.kind, (0, 0))
            counts[each.kind] = tried + each.tried, fit + each.fit
    return [Tried(kind, tried, fit) for kind, (tried, fit) in counts.items()]
