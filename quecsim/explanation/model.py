"""The answer of `quecsim.explanation`, as plain records: JSON-ready, without the file's bytes.

Offsets and counts are bytes, from 0, of the file as the host has it.
"""

from enum import StrEnum

import msgspec


class Told(msgspec.Struct, frozen=True):
    """What the module said of its file: `size` in bytes (0..), `checksum` 0..0xFFFF.

    `checksum` is None where the module said the size alone (QFLST, QFWRITE).
    """

    size: int
    checksum: int | None = None


class Certainty(StrEnum):
    """How far the first story can be believed."""

    CLEAR = "clear"  # one story is far more likely than all others that fit, and than chance
    LIKELY = "likely"  # the same, but once in 10 to 100 times a wrong one would fit
    OPEN = "open"  # several stories, or places, fit about equally well
    CHANCE = "chance"  # so many were tried that a wrong one may well fit
    SIZE_ONLY = "size-only"  # no checksum was told: nothing but the length was compared
    NONE = "none"  # no story fits


class Stretch(msgspec.Struct, frozen=True):
    """`count` bytes of the file from `offset` on."""

    offset: int
    count: int


class Added(msgspec.Struct, frozen=True):
    """`count` bytes that are not in the file, in front of its byte `offset`.

    `text` is how they read (`\\r` and `\\x1a` written out), `hex` what they are; both hold the
    first 64 only.
    """

    offset: int
    count: int
    text: str
    hex: str


class Places(msgspec.Struct, frozen=True):
    """Where it may have been: `count` offsets from `first` to `last`, in `ranges` (from, to).

    Both ends belong to a range. `ranges` holds the first 20 of `range_count`.
    """

    first: int
    last: int
    count: int
    ranges: list[tuple[int, int]]
    range_count: int


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """What may have happened to the bytes: one that fits all that the module said.

    `kind` is a word of `quecsim.explanation.causes`. `missing`, `added`: the bytes (the first 200
    of each; `missing_bytes` and `added_bytes` are all); where `places` is given they are those of
    one place, the most likely one. `lines`: numbers from 1 of whole lines that are missing, or
    were sent twice. `unlikely_bits`: how unlikely the story is beforehand, as a power of two; less
    is better. `as_likely`: how many stories were tried that are at least as likely. `chance_ppm`:
    in how many of a million cases a wrong one of these would fit. `attempt`: which one it is about,
    from 1, where several were told.
    """

    kind: str
    sentence: str
    cause: str
    cure: str
    unlikely_bits: int
    as_likely: int
    chance_ppm: int
    missing: list[Stretch] = msgspec.field(default_factory=list)
    missing_bytes: int = 0
    added: list[Added] = msgspec.field(default_factory=list)
    added_bytes: int = 0
    places: Places | None = None
    attempt: int = 1
    lines: list[int] = msgspec.field(default_factory=list)


class Tried(msgspec.Struct, frozen=True):
    """How many stories of a `kind` had the right size and were `tried`, and how many `fit`."""

    kind: str
    tried: int
    fit: int


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """What happened between a file and what the module said of it.

    `sentence` says it all in plain words, hedged where `certainty` is not clear. `stories` are
    those that fit, best first (20 at most); `fit` counts all, and each place as one. `expected_ppm`
    is how many of the `tried_count` would fit by chance, in millionths: one in `one_in` wrong
    stories does. `notes`: what was not tried, and why, as a part of a sentence.
    """

    told: list[Told]
    file_bytes: int
    file_checksum: str
    certainty: Certainty
    sentence: str
    stories: list[Story]
    tried: list[Tried]
    tried_count: int
    fit_count: int
    one_in: int
    expected_ppm: int
    notes: list[str] = msgspec.field(default_factory=list)

    @property
    def fits(self) -> bool:
        """Whether there is a story at all."""
        return bool(self.stories)

    @property
    def is_same(self) -> bool:
        """Whether nothing is wrong: size and checksum are the file's."""
        return bool(self.stories) and self.stories[0].kind == "same"

    def to_json(self) -> bytes:
        """One JSON object; `certainty` and the rest as documented above."""
        return msgspec.json.encode(self)
