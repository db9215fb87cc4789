"""Files to damage, and whether a damage is found."""

import base64
import random

from hypothesis import Phase, settings
from hypothesis import strategies as st

from quecsim.checksum import checksum
from quecsim.explanation import Certainty, Explanation, Told
from quecsim.explanation.guess import Case, exactly
from quecsim.explanation.search import answer, ranked, trials_of

_MOST_AHEAD = 3
# Files are drawn by a seed, so smaller examples would tell no more.
FEW = settings(max_examples=12, phases=(Phase.explicit, Phase.generate))


def certificate_like(content: bytes) -> bytes:
    """PEM of `content`, whatever that is: lines of 64, LF behind each."""
    body = base64.b64encode(content)
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    head, foot = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"
    return b"\n".join([head, *lines, foot, b""])


def _drawn(seed: int, count: int) -> bytes:
    """Bytes as even as those of keys: what Hypothesis draws itself is made of equal ones."""
    return random.Random(seed).randbytes(count)


TEXTS = st.builds(_drawn, st.integers(0, 1 << 32), st.integers(300, 900)).map(certificate_like)
BINARIES = st.builds(_drawn, st.integers(0, 1 << 32), st.integers(400, 1500))
FILES = st.one_of(TEXTS, BINARIES)


def told(data: bytes) -> Told:
    """What a module says that has `data`."""
    return Told(len(data), checksum(data))


def assert_found(
    data: bytes, got: bytes, *kinds: str, is_seen: bool = True, **known: object
) -> Explanation:
    """A story of one of `kinds` (none given: of any) gives exactly `got`, and few are likelier.

    Where the answer claims to be sure, it is that one. Not `is_seen`: the bytes changed places or
    in pairs, which an exclusive or may not see; then it need only be among what fits.
    """
    case = Case(data, told(got), **known)  # type: ignore[arg-type]
    trials = trials_of(case)
    found, fits = answer(case, trials), ranked(case, trials)
    at = next((at for at, guess in enumerate(fits) if exactly(guess, got) is not None), None)
    assert at is not None, (found.sentence, [guess.sentence for guess in fits[:5]])
    assert not kinds or fits[at].kind in kinds, fits[at]
    if not is_seen:
        return found
    assert at < _MOST_AHEAD, [guess.sentence for guess in fits[: at + 1]]
    if found.certainty is Certainty.CLEAR:
        assert at == 0
        assert fits[0].outcomes == 1
    return found
