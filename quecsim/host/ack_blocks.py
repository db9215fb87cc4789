"""ACK mode: for how many bytes the device answers with one `A`.

All documents say 1024. A plan may know better; a host that does not know learns it: where the
first `A` does not come it writes on, a step at a time, and where more come than it counted on the
block is smaller than it thought. As far as it knows the block it never writes past one before its
`A`.
"""

ACK_BLOCK_BYTES = 1024
_LARGEST_BYTES = 16_384  # without any `A` by then, none will come


class AckBlocks:
    """`step_bytes` is where to look for an `A`, `size_bytes` what one stands for."""

    def __init__(self, known_bytes: int | None) -> None:
        self.step_bytes = self.size_bytes = known_bytes or ACK_BLOCK_BYTES
        self._is_known = known_bytes is not None

    def wanted(self, sent_bytes: int) -> int:
        """How many `A`s must have come before anything is written after `sent_bytes`."""
        return sent_bytes // self.size_bytes

    def is_learning(self, acks: int, sent_bytes: int) -> bool:
        """The block may still be larger than it is taken for."""
        return not self._is_known and not acks and sent_bytes < _LARGEST_BYTES

    def none_came(self, sent_bytes: int) -> None:
        """Not one `A` in good time: the block is larger."""
        self.size_bytes = sent_bytes + self.step_bytes

    def came(self, acks: int, sent_bytes: int) -> None:
        """So many have come in all: for more than was sent, if our notion of the block held."""
        if not self._is_known and acks * self.size_bytes > sent_bytes:
            self.size_bytes = max(1, sent_bytes // acks)
