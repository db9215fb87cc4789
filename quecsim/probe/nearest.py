"""Which of the shipped profiles is nearest to a module, by what it says that it is."""

import re

from quecsim.profiles.loader import load_profile, profile_names
from quecsim.profiles.schema import Profile

_LEAST_ALIKE = 4
"""So many characters must be the same at the beginning: `EC20`, `BG95`."""


def nearest_profile(said: str) -> Profile | None:
    """The shipped profile of the model whose name stands in `said` (the answer to ATI, and the
    like), or begins like it; None where no model comes near.
    """
    alike, name = max((_alike(said, load_profile(name)), name) for name in profile_names())
    least = min(_LEAST_ALIKE, len(_bare(load_profile(name).identity.model)))
    return load_profile(name) if alike >= least else None


def _alike(said: str, profile: Profile) -> int:
    model = _bare(profile.identity.model)
    return max((_same(word, model) for word in _words(said)), default=0)


def _same(one: str, other: str) -> int:
    """How many characters are the same at the beginning."""
    differs = (at for at, pair in enumerate(zip(one, other, strict=False)) if len(set(pair)) > 1)
    return next(differs, min(len(one), len(other)))


def _words(said: str) -> list[str]:
    """The words that may name a model, without the maker's own name."""
    return [_bare(word) for word in re.split(r"[\s,:;\"]+", said) if word]


def _bare(word: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", word.upper()).removeprefix("QUECTEL").removeprefix("LTD")
