"""Seeded, named streams of random numbers, the same on every machine and in every year.

A stream is a SplitMix64 generator (Steele, Lea, Flood, 2014) started from the SHA-256 of the seed
and the stream's name. A new draw in one place therefore never moves the numbers of another place,
and no release of Python can change a run.
"""

from hashlib import sha256

_MASK = (1 << 64) - 1
_GAMMA = 0x9E3779B97F4A7C15


class Stream:
    """Random integers from one named stream of a seed."""

    __slots__ = ("_state",)

    def __init__(self, seed: int, name: str) -> None:
        digest = sha256(f"{seed}:{name}".encode()).digest()
        self._state = int.from_bytes(digest[:8], "big")

    def u64(self) -> int:
        """The next 64 random bits."""
        self._state = (self._state + _GAMMA) & _MASK
        z = self._state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        return z ^ (z >> 31)

    def below(self, bound: int) -> int:
        """An integer in 0 .. bound-1; the bias of the multiply method is below 2**-32 here."""
        assert 0 < bound <= 1 << 32, bound
        return (self.u64() * bound) >> 64

    def between(self, low: int, high: int) -> int:
        """An integer in low .. high, both included."""
        return low + self.below(high - low + 1)
