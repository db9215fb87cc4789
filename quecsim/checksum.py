"""The checksum that QFUPL, QFDWL and QSECWRITE print.

    checksum(data)          the sum of all of `data`, 0..0xFFFF
    Checksum().update(...)  the same, piece by piece, whatever the pieces' sizes
    checksum_text(value)    as devices print it: lower-case hex, no leading zeros; or `padded`

The rule: XOR of the stream's 16-bit words, big-endian; an odd last byte is the high byte of a word
whose low byte is 0. It is a weak sum: two equal words lost together, or words that changed places,
go unnoticed. So a length must always be compared beside it.
"""

WORD_BITS = 16


def checksum(data: bytes | bytearray | memoryview) -> int:
    """The checksum of `data` as a number, 0..0xFFFF; 0 for no data."""
    return Checksum().update(data).value


def checksum_text(value: int, *, padded: bool = False) -> str:
    """A checksum as most devices print it: `2d13`, `618`, `0`; `padded`: `0618`."""
    return f"{value:04x}" if padded else f"{value:x}"


class Checksum:
    """A checksum under way: `update` it with each piece, read `value` or `text` at any time.

    The pieces are XORed as whole numbers of many words; only a reader pays for folding them up.
    """

    def __init__(self) -> None:
        self._words = 0
        self._is_odd = False

    def update(self, data: bytes | bytearray | memoryview) -> "Checksum":
        """Take in the next piece of the stream; returns itself, so calls chain."""
        if self._is_odd:  # the first byte of this piece is the low half of a word
            data = b"\0" + bytes(data)
        self._is_odd = len(data) % 2 == 1
        words = int.from_bytes(data, "big")
        self._words ^= words << 8 if self._is_odd else words
        return self

    @property
    def value(self) -> int:
        """The sum so far, 0..0xFFFF."""
        return _fold(self._words)

    @property
    def text(self) -> str:
        """The sum so far as the device prints it."""
        return checksum_text(self.value)


def _fold(total: int) -> int:
    """XOR of the 16-bit words of `total`: halve the number until one word is left.

    Each round XORs the upper half onto the lower one, so the work is that of one pass over the
    data, in the interpreter's big-integer arithmetic instead of a loop over bytes.
    """
    words = -(-total.bit_length() // WORD_BITS)
    while words > 1:
        words = (words + 1) // 2
        half_bits = words * WORD_BITS
        total = (total >> half_bits) ^ (total & ((1 << half_bits) - 1))
    return total
