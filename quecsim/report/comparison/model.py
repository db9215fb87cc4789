"""What differs between two runs, as plain records, JSON-ready."""

from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """What a difference is about. The first two are causes, the last two what came of them."""

    SETUP = "set-up"
    HOST = "host"
    DEVICE = "device"
    OUTCOME = "outcome"


TITLES = {
    Kind.SETUP: "set otherwise",
    Kind.HOST: "done otherwise by the host",
    Kind.OUTCOME: "what came of it",
    Kind.DEVICE: "how the device fared",
}
"""What people call them, in the order in which they are told."""


class Difference(msgspec.Struct, frozen=True):
    """`what` is a noun; `before` and `after` are its values in words, printable."""

    kind: Kind
    what: str
    before: str
    after: str


class Comparison(msgspec.Struct, frozen=True):
    """`before` and `after` name the two records. `sentence` says what came of it, and what may be
    the reason. `unlisted` more differences of the set-up are not listed.
    """

    before: str
    after: str
    sentence: str
    differences: list[Difference]
    unlisted: int = 0

    def of(self, kind: Kind) -> list[Difference]:
        """Those of one kind."""
        return [each for each in self.differences if each.kind is kind]

    def to_json(self) -> str:
        """As indented JSON text."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2).decode()
