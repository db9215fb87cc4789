"""Bytes that tell their own place: of what a module kept, one sees which bytes it lost.

The text is drawn from letters and digits without A, so that no part of it is a command, ends a
line, or is flow control, and without T, so that AT cannot come about where bytes are lost. Any
eight bytes of it stand in one place only.
"""

import random
from dataclasses import dataclass

_ALPHABET = b"0123456789BCDEFGHIJKLMNOPQRSUVWXYZbcdefghijklmnopqrsuvwxyz"
_WINDOW = 8
_SHORTEST = 5  # a piece at the very end may be short; below this it could stand anywhere


@dataclass(frozen=True, slots=True)
class Kept:
    """`count` bytes of what was sent, from `place` on, that came through one after another; they
    stand at `start` in what came back.
    """

    place: int
    start: int
    count: int

    @property
    def end(self) -> int:
        """The place behind them."""
        return self.place + self.count


@dataclass(frozen=True, slots=True)
class Gap:
    """`lost` bytes that did not come through. `kept` of those before them did, all in all; the
    first one missing is that at `place` of what was sent.
    """

    kept: int
    place: int
    lost: int


def pattern(count: int, seed: int) -> bytes:
    """`count` bytes; another `seed` gives others."""
    return bytes(random.Random(seed).choices(_ALPHABET, k=count))


def kept_pieces(sent: bytes, got: bytes) -> list[Kept]:
    """The parts of `sent` in `got`, in their order; what else `got` holds is passed over."""
    pieces: list[Kept] = []
    place = start = 0
    while len(got) - start >= _SHORTEST:
        at = sent.find(got[start : start + _WINDOW], place)
        if at < 0:
            start += 1
            continue
        count = _alike(sent[at:], got[start:])
        pieces.append(Kept(at, start, count))
        place, start = at + count, start + count
    return pieces


def gaps(sent: bytes, got: bytes) -> list[Gap]:
    """What is missing between the parts of `sent` that are in `got`; not what is missing behind the
    last of them. Where a byte behind a gap happens to be the same as the first one lost, the gap
    seems to begin later than it does, by that byte (in about one of 60).
    """
    found: list[Gap] = []
    kept = place = 0
    for piece in kept_pieces(sent, got):
        if piece.place > place:
            found.append(Gap(kept, place, piece.place - place))
        kept, place = kept + piece.count, piece.end
    return found


def _alike(first: bytes, second: bytes) -> int:
    """With how many bytes both begin."""
    low, high = 0, min(len(first), len(second))
    while low < high:
        middle = (low + high + 1) // 2
        if first[low:middle] == second[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
