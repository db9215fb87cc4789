"""What a real device says, cut into words: lines, prompts, the `A` of ACK mode, and raw data.

Which of them it can be depends on what goes on: whoever listens says what comes next.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

_MOST_LINE_BYTES = 8192
_MOST_END_BYTES = 64
_ENDS = re.compile(rb"[\r\n]")


class Kind(Enum):
    """What a word is."""

    LINE = auto()  # a text with its line end, or an echo with the host's
    BLANK = auto()  # an empty line: what stands before and after most texts
    PROMPT = auto()  # `>`, and whatever blank comes behind
    ACK = auto()  # an `A`, in ACK mode
    RAW = auto()  # data to the host, or a piece of it
    RAW_END = auto()  # the same, and the last of it


_BEHIND = {(Kind.LINE, b"\r"): b"\n", (Kind.PROMPT, b">"): b" "}


@dataclass(frozen=True, slots=True)
class Word:
    """`data` is all of it, with its line end; `text` a line without."""

    kind: Kind
    data: bytes

    @property
    def text(self) -> str:
        """The line as text."""
        return self.data.decode("latin-1").rstrip("\r\n")


class DeviceReader:
    """Feed it the device's bytes; it gives words, and keeps what is no whole word yet."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._raw_bytes = 0
        self._until: re.Pattern[bytes] | None = None
        self._given = 0  # bytes of the data up to there so far
        self._searched = 0  # of what is held: there is no line end in it
        self._behind = b""  # what may still come of the last word: a line's LF, a prompt's blank
        self.acks = False  # ACK mode: an `A` may stand anywhere but in a line
        self.prompts = False  # the command that runs may ask for data

    def feed(self, data: bytes) -> Iterator[Word]:
        """The words that `data` completes. What is said to be expected counts from the next."""
        self._held += data
        while self._held and (word := self._next()) is not None:
            yield word

    def expect_raw(self, count: int) -> None:
        """The next `count` bytes are data."""
        self._raw_bytes = count

    def expect_raw_until(self, end: re.Pattern[bytes]) -> None:
        """All bytes are data, up to where `end` matches. The number in its first group, if it has
        one, is how many those are.
        """
        self._until, self._given = end, 0

    def settle(self) -> Iterator[Word]:
        """The device waits for the host: what may be the end of the data is it, though the number
        in it is another one.
        """
        if self._until is not None and self._until.match(self._held):
            self._until = None
            yield from self.feed(b"")

    def give_up(self) -> int:
        """Whoever waited for data does not any more; returns how many bytes are not held now."""
        if not self._raw_bytes and self._until is None:
            return 0
        self._raw_bytes, self._until = 0, None
        return len(self.flush())

    def flush(self) -> bytes:
        """What is held, and no whole word: it is not held any more."""
        held = bytes(self._held)
        self._held.clear()
        self._searched = 0
        return held

    def _next(self) -> Word | None:
        held = self._held
        if self._behind and held[:1] == self._behind:
            return self._take(Kind.BLANK, 1)
        if self._raw_bytes:
            return self._raw()
        if self._until is not None:
            return self._raw_up_to(self._until)
        if self.acks and held[:1] == b"A" and bytes(held[1:2]) not in (b"T", b"t"):
            return self._take(Kind.ACK, 1)
        if held[0] in b"\r\n":
            is_pair = held[:2] == b"\r\n"
            return self._take(Kind.BLANK, 2 if is_pair else 1)
        if held[:1] == b">" and self.prompts:
            return self._take(Kind.PROMPT, 2 if held[1:2] == b" " else 1)
        if (end := _ENDS.search(held, self._searched)) is None:
            self._searched = len(held)
            return self._take(Kind.RAW, len(held)) if len(held) > _MOST_LINE_BYTES else None
        stop = end.end()
        is_pair = held[end.start() : stop + 1] == b"\r\n"
        return self._take(Kind.LINE, stop + is_pair)

    def _raw(self) -> Word:
        count = min(self._raw_bytes, len(self._held))
        self._raw_bytes -= count
        return self._take(Kind.RAW if self._raw_bytes else Kind.RAW_END, count)

    def _raw_up_to(self, end: re.Pattern[bytes]) -> Word | None:
        matches = list(end.finditer(self._held))
        sure = next((each for each in matches if self._is_end(each)), None)
        if sure is not None:
            self._until = None
            return self._take(Kind.RAW_END, sure.start()) if sure.start() else self._next()
        # Keep what may be the beginning of the end, or turn out to be it all the same.
        count = len(self._held) - _MOST_END_BYTES
        count = next((each.start() for each in matches if each.end() >= count), count)
        return self._data(count) if count > 0 else None

    def _is_end(self, match: re.Match[bytes]) -> bool:
        return not match.re.groups or int(match[1]) == self._given + match.start()

    def _data(self, count: int) -> Word:
        self._given += count
        return self._take(Kind.RAW, count)

    def _take(self, kind: Kind, count: int) -> Word:
        data = bytes(self._held[:count])
        del self._held[:count]
        self._searched = 0
        self._behind = _BEHIND.get((kind, data[-1:]), b"")
        return Word(kind, data)
