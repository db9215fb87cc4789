"""The one sentence of an explanation, hedged exactly where it has to be."""

from msgspec.structs import replace

from quecsim.explanation.limits import EQUAL_BITS
from quecsim.explanation.model import Certainty, Explanation
from quecsim.explanation.words import about, are, plural

_MILLION = 1_000_000
_TOP_BITS = 0x8080
_SUM_IS_WEAK = "blocks of even size that changed places would leave both as they are"


def sentence_of(found: Explanation, declared: int | None) -> Explanation:
    """`found` with its sentence."""
    return replace(found, sentence=_sentence(found, declared))


def _sentence(found: Explanation, declared: int | None) -> str:
    match found.certainty:
        case Certainty.NONE:
            return f"no story fits: {_unexplained(found, declared)}"
        case Certainty.SIZE_ONLY:
            return f"{found.stories[0].sentence}, if the size tells all: no checksum was said"
        case Certainty.CHANCE:
            return f"perhaps {found.stories[0].sentence}; but this may be chance: {odds(found)}"
        case Certainty.LIKELY:
            return f"probably {found.stories[0].sentence}: {odds(found)}"
        case Certainty.OPEN:
            return _open(found)
        case Certainty.CLEAR:
            weak = f" ({_weakness(found)})" if found.is_same else ""
            return f"{found.stories[0].sentence}{weak}"


def _weakness(found: Explanation) -> str:
    """What else would leave size and checksum as they are."""
    if len(found.stories) > 1:
        return f"they would be the same, too, if {found.stories[1].sentence}"
    return _SUM_IS_WEAK


def _open(found: Explanation) -> str:
    best, *others = found.stories
    equal = [each for each in others if each.unlikely_bits <= best.unlikely_bits + EQUAL_BITS]
    if not equal:
        return f"{best.sentence}; which of them, the checksum cannot tell"
    more = len(equal) - 1
    also = f" ({more} more {'story fits' if more == 1 else 'stories fit'} as well)" if more else ""
    return f"{best.sentence}; or {equal[0].sentence}{also}"


def odds(found: Explanation) -> str:
    """How many stories were tried up to the best one, and how many of them would fit by chance."""
    tried = found.stories[0].as_likely
    ppm = tried * _MILLION // found.one_in
    return f"{tried} stories as likely as this were tried, and {about(ppm)} would fit by chance"


def _unexplained(found: Explanation, declared: int | None) -> str:
    """What can be said where nothing fits."""
    size, total = found.told[0].size, found.told[0].checksum
    lost = found.file_bytes - size
    if found.one_in < 1 << 16 and (total or 0) & _TOP_BITS:
        return (
            "bytes above 0x7f are in what the module has, and the file has none: another file, or"
            " noise on the line"
        )
    if lost > 0 and found.notes:
        return f"{plural(lost, 'byte')} {are(lost)} missing, {found.notes[0]}"
    if lost > 0:
        return (
            f"{plural(lost, 'byte')} {are(lost)} missing, and at no single place; there are several"
            " holes, or it is another file"
        )
    if lost < 0:
        more = f"{plural(-lost, 'byte')} more than the file"
        return f"the module has {more}, and nothing usual gives {'it' if lost == -1 else 'them'}"
    if declared is not None and declared != size:
        return "the size is the file's, and the bytes are others"
    return "the size is that of the file, and the bytes are others: another file, or several losses"
