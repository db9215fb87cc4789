"""What the numbers of errors mean, for people who have only the number."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from quecsim.profiles.loader import load_profile, profile_names


@cache
def error_meanings() -> Mapping[int, str]:
    """The words for each number; where shipped devices differ, the longest, which say most."""
    said: defaultdict[int, set[str]] = defaultdict(set)
    for name in profile_names():
        for number, words in load_profile(name).errors.words.items():
            said[int(number)].add(words)
    return MappingProxyType(
        {n: max(words, key=lambda one: (len(one), one)) for n, words in said.items()}
    )
