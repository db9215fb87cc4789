"""Stalls that a scenario adds on top of what the flash does by itself."""

from dataclasses import dataclass

FAR_AWAY_BYTES = 1 << 62


@dataclass(frozen=True, slots=True)
class AddedStall:
    """The device stops for `duration_ns` when it has taken `at_byte` bytes of an upload's data.

    With `every_bytes`, again and again, each time it has taken that many more.
    """

    duration_ns: int
    at_byte: int | None = None
    every_bytes: int | None = None

    def is_due(self, taken: int) -> bool:
        """True exactly when `taken` bytes have been taken."""
        if self.every_bytes is not None:
            return taken > 0 and taken % self.every_bytes == 0
        return taken == self.at_byte

    def distance(self, taken: int) -> int:
        """How many more bytes until it is due."""
        if self.every_bytes is not None:
            return self.every_bytes - taken % self.every_bytes
        assert self.at_byte is not None
        return self.at_byte - taken if self.at_byte > taken else FAR_AWAY_BYTES
