"""Several attempts with one file: a kind of story that fits all that failed is put first."""

from collections.abc import Sequence

from msgspec.structs import replace

from quecsim.explanation.limits import CHANCE_PPM, EQUAL_BITS, LIKELY_PPM, MOST_STORIES
from quecsim.explanation.model import Certainty, Explanation, Story, Tried

_MILLION = 1_000_000
_COINCIDENCE_BITS = 6  # how unlikely it is that another attempt fails in another way
# Kinds that are one and the same trouble, at places that differ in how likely they are.
_FAMILIES = {
    **dict.fromkeys(("hole", "block-hole", "write-lost", "lines-lost"), "hole"),
    **dict.fromkeys(("twice", "write-twice", "lines-twice"), "twice"),
}


def explain_all(attempts: Sequence[Explanation]) -> Explanation:
    """The explanations of single attempts, at least two, as one.

    Its stories are, for each kind that fits every attempt that failed, the best of each; then the
    others. A wrong kind fits all of them only if it does so by chance each time.
    """
    told = [each.told[0] for each in attempts]
    numbered = [_numbered(each, at) for at, each in enumerate(attempts, 1)]
    failed = [each for each in numbered if not each.is_same]
    distinct = list({each.told[0]: each for each in reversed(failed)}.values())[::-1]
    whole = replace(
        numbered[0],
        told=told,
        tried=_tried(attempts),
        tried_count=sum(each.tried_count for each in attempts),
        fit_count=sum(each.fit_count for each in attempts),
        expected_ppm=sum(each.expected_ppm for each in attempts),
    )
    if len(distinct) < 2:
        return _one_kind_of_end(whole, distinct[0] if distinct else numbered[0], len(failed))
    families = _common(distinct)
    stories = [_best(each, family) for family in families for each in distinct]
    others = [
        story for each in distinct for story in each.stories if _family(story) not in families
    ]
    certainty = _certainty(distinct, families)
    return replace(
        whole,
        certainty=certainty,
        sentence=_sentence([(told.index(e.told[0]) + 1, e) for e in distinct], families, certainty),
        stories=[*stories, *others][:MOST_STORIES],
    )


def _numbered(found: Explanation, attempt: int) -> Explanation:
    return replace(found, stories=[replace(story, attempt=attempt) for story in found.stories])


def _one_kind_of_end(whole: Explanation, found: Explanation, failed: int) -> Explanation:
    """All that failed ended with the same two numbers, or none failed."""
    count = len(whole.told)
    if failed == count:
        more = f"; the same in each of {count} attempts, so no accident of the line"
    elif failed:
        more = f"; so it was in {failed} of {count} attempts, and the others went well"
    else:
        more = f", in each of {count} attempts"
    return replace(
        whole,
        certainty=found.certainty,
        sentence=f"{found.sentence}{more}",
        stories=found.stories[:MOST_STORIES],
    )


def _family(story: Story) -> str:
    return _FAMILIES.get(story.kind, story.kind)


def _common(attempts: Sequence[Explanation]) -> list[str]:
    """The families that fit every attempt, the likeliest first, if one cause for all of them is
    likelier than one for each.
    """
    first, *others = [{_family(story) for story in each.stories} for each in attempts]
    families = first.intersection(*others)
    apart = sum(each.stories[0].unlikely_bits for each in attempts if each.stories)
    most = apart + _COINCIDENCE_BITS * (len(attempts) - 1)
    ranked = sorted((_bits(attempts, family), family) for family in families)
    return [family for bits, family in ranked if bits <= most]


def _best(found: Explanation, family: str) -> Story:
    return next(story for story in found.stories if _family(story) == family)


def _bits(attempts: Sequence[Explanation], family: str) -> int:
    return sum(_best(each, family).unlikely_bits for each in attempts)


def _certainty(attempts: Sequence[Explanation], families: Sequence[str]) -> Certainty:
    if any(not each.fits for each in attempts):
        return Certainty.NONE
    if any(each.told[0].checksum is None for each in attempts):
        return Certainty.SIZE_ONLY
    if not families:
        return max((each.certainty for each in attempts), key=list(Certainty).index)
    best = [_best(each, families[0]) for each in attempts]
    chance = _MILLION
    for story in best:
        chance = chance * story.chance_ppm // _MILLION
    if chance >= CHANCE_PPM:
        return Certainty.CHANCE
    bits = _bits(attempts, families[0])
    is_alone = len(families) < 2 or _bits(attempts, families[1]) > bits + EQUAL_BITS
    if not is_alone or any(story.places is not None for story in best):
        return Certainty.OPEN
    return Certainty.CLEAR if chance < LIKELY_PPM else Certainty.LIKELY


_HEDGES = {Certainty.CHANCE: "; but this may be chance", Certainty.LIKELY: "; probably"}


def _sentence(
    attempts: Sequence[tuple[int, Explanation]], families: Sequence[str], certainty: Certainty
) -> str:
    """Attempts, each with its number, in one: their common kind, or one after the other."""
    if not families:
        told = [(at, each.sentence) for at, each in attempts]
    else:
        told = [(at, _best(each, families[0]).sentence) for at, each in attempts]
    text = "; ".join(f"attempt {number}: {words}" for number, words in told)
    if not families:
        return f"no one kind of story fits every attempt; {text}"
    where = _same_place([_best(each, families[0]) for _, each in attempts])
    return f"{text}{where}{_HEDGES.get(certainty, '')}"


def _same_place(stories: Sequence[Story]) -> str:
    """Whether the losses of several attempts begin at the same byte."""
    starts = {story.missing[0].offset for story in stories if story.missing}
    if len(starts) != 1 or any(not story.missing or story.places for story in stories):
        return ""
    return f"; each time from byte {starts.pop()} on"


def _tried(attempts: Sequence[Explanation]) -> list[Tried]:
    counts: dict[str, tuple[int, int]] = {}
    for found in attempts:
        for each in found.tried:
            tried, fit = counts.get(each.kind, (0, 0))
            counts[each.kind] = tried + each.tried, fit + each.fit
    return [Tried(kind, tried, fit) for kind, (tried, fit) in counts.items()]
