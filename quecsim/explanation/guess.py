"""What is tried: the question, and stories with what they make of the file.

Case        the file, what the module said, what else is known
Guess       one story: what the module would have, and how unlikely the story is beforehand
Trial       stories of one kind that were tried together: how many, and those that fit

How unlikely a story is beforehand is a number of `bits`: 2 to the power of minus that. A story that
is one of `n` places has that of its kind and log2(n) more (`spread`).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from quecsim.explanation.base import Base, Mix, bytes_of, size_of, sum_of
from quecsim.explanation.model import Told
from quecsim.explanation.versions import versions

SUM_BITS = 16
_LIKELY_BITS, _BARE_BITS = 3, 3
_MOST_BARE_BYTES = 1 << 14


@dataclass(frozen=True)
class Case:
    """The question. `declared`: the size that the host announced, None for unknown.

    `commands`: texts that the host is known to have sent, in order, each with its line end or
    without. `name`: of the file, as the host or the disk calls it.
    """

    data: bytes
    told: Told
    declared: int | None = None
    commands: tuple[bytes, ...] = ()
    name: str = ""

    @property
    def size(self) -> int:
        """What the module says it has, in bytes."""
        return self.told.size

    @cached_property
    def file(self) -> Base:
        """The file as it is."""
        return Base(self.data)

    @cached_property
    def versions(self) -> list[Base]:
        """The file as it is first, then with other line ends."""
        return list(versions(self.file))

    @cached_property
    def likely_versions(self) -> list[Base]:
        """Those that may have lost something besides: the file, the usual other line end, and the
        file without its last one.
        """
        likely = [base for base in self.versions if base.bits <= _LIKELY_BITS]
        bare = self.data.removesuffix(b"\n").removesuffix(b"\r")
        if 0 < len(bare) < len(self.data) <= _MOST_BARE_BYTES:
            words = "its last line end left out"
            likely.append(Base(bare, words, kind="last-newline", bits=_BARE_BITS))
        return likely

    @property
    def may_be_full(self) -> bool:
        """Whether the module may have stopped because it had as many bytes as announced."""
        return self.declared is None or self.declared == self.size

    @property
    def full_bits(self) -> int:
        """How unlikely it is that this size was the one announced."""
        if self.declared is not None:
            return 0 if self.declared == self.size else 30
        return 1 if self.size == len(self.data) else 6

    @cached_property
    def sum_bits(self) -> int:
        """How many bits of a sum can be set at all: 16, and 14 where all bytes have 7 bits."""
        return SUM_BITS - 2 * (not any(byte >= 0x80 for byte in set(self.data)))

    def fits(self, total: int) -> bool:
        """Whether the module may have said that sum."""
        return self.told.checksum is None or self.told.checksum == total


@dataclass(frozen=True)
class Guess:
    """One story. `mix` is what the module would have; `sentence` says what happened.

    `places`: offsets in the base at which it may have happened, `mix` is for the first of them;
    `outcomes`: how many different files these make. `key`: the word for its cause, where that is
    not the kind's. `is_vague`: how many bytes are missing is known, and not which; `mix` is any.
    `at`: the same guess for one of the places alone.
    """

    kind: str
    mix: Mix
    sentence: str
    bits: int = 0
    places: tuple[int, ...] = ()
    outcomes: int = 1
    key: str = ""
    is_vague: bool = False
    at: Callable[[int], "Guess"] | None = None

    def at_many(
        self,
        sentence: str,
        places: tuple[int, ...],
        outcomes: int,
        at: Callable[[int], "Guess"],
    ) -> "Guess":
        """This guess, which is for one of `places`, for all of them."""
        return replace(self, sentence=sentence, places=places, outcomes=outcomes, at=at)


@dataclass
class Trial:
    """Stories of one kind and the right size, about equally likely, that were tried together.

    `tried`: how many; `sums`: how many different checksums they have; `fit`: how many fit, each
    place as one. `found`: those that fit, or one for many places.
    """

    kind: str
    bits: int
    tried: int = 0
    sums: int = 0
    fit: int = 0
    found: list[Guess] = field(default_factory=list)


def exactly(guess: Guess, content: bytes) -> Guess | None:
    """The guess at the place at which it makes `content`; None where it never does."""
    if guess.is_vague:
        return None
    if guess.at is None:
        return guess if bytes_of(guess.mix) == content else None
    for place in guess.places[:_MOST_PLACES]:
        alone = guess.at(place)
        if bytes_of(alone.mix) == content:
            return alone
    return None


_MOST_PLACES = 2000


def spread(bits: int, count: int) -> int:
    """The bits of one of `count` equally likely stories that have `bits` together."""
    return bits + (count - 1).bit_length() if count > 1 else bits


def try_all(case: Case, guesses: Iterable[Guess]) -> Iterator[Trial]:
    """Try single stories: those of the right size, together where kind and likelihood are the same.

    The same bytes under the same sum are tried once for each story.
    """
    trials: dict[tuple[str, int], tuple[Trial, set[int]]] = {}
    for guess in guesses:
        if size_of(guess.mix) != case.size:
            continue
        total = sum_of(guess.mix)
        trial, sums = trials.setdefault(
            (guess.kind, guess.bits), (Trial(guess.kind, guess.bits), set())
        )
        trial.tried += 1
        sums.add(total)
        if case.fits(total):
            trial.fit += 1
            trial.found.append(guess)
    for trial, sums in trials.values():
        trial.sums = len(sums)
        yield trial
