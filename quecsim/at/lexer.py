"""Bytes -> command lines, as V.250 clause 5.2 has it and as Quectel's engines do it.

Everything up to `AT` (or `at`) is ignored, whatever it is. From there on a line is collected until
the S3 character; S5 rubs out; `A/` at the start of a line repeats the last one. The editor knows
nothing of time, of echo or of what a command means.
"""

from enum import Enum, auto

import msgspec

A_UPPER, A_LOWER, T_UPPER, T_LOWER, SLASH = b"AaTt/"


class EditState(Enum):
    """Where the editor is in a line."""

    SEEK = auto()  # no `A` seen yet: everything is ignored
    PREFIX = auto()  # an `A` or `a`: a `T` (or a `/`) makes it a command
    LINE = auto()  # collecting the body of the line
    OVERFLOW = auto()  # the line is longer than the engine's buffer: wait for its end


class InputLine(msgspec.Struct, frozen=True):
    """A command line: the text after `AT`. `offset` and `count` place it in the fed bytes;
    what is beyond the limit of a line that is `too_long` does not count.
    """

    text: str
    offset: int
    count: int
    too_long: bool = False
    repeated: bool = False


class Ignored(msgspec.Struct, frozen=True):
    """Bytes that belong to no command line, or (`is_excess`) are beyond the limit of one."""

    offset: int
    data: bytes
    is_excess: bool = False


class LineEditor:
    """Collects one command line at a time.

    Feed it byte by byte with `feed`; it answers with a `Line` when one is complete. `ignored()`
    hands out what it has thrown away since the last call. However long the input, it keeps no
    more than `line_bytes` of a line.
    """

    __slots__ = ("_at_start", "_body", "_ignored", "_last", "_limit", "_start", "pending", "state")

    def __init__(self, line_bytes: int) -> None:
        self.state = EditState.SEEK
        self.pending = 0  # bytes of the line in progress
        self._limit = line_bytes
        self._body = bytearray()
        self._start = 0
        self._at_start = True
        self._last = ""
        self._ignored: list[tuple[int, bytearray, bool]] = []

    def feed(self, byte: int, offset: int, s3: int, s5: int) -> InputLine | None:
        """Take one byte; `s3` and `s5` are the registers' values (CR and BS)."""
        if self.state is EditState.SEEK:
            self._seek(byte, offset, s3)
            return None
        if self.state is EditState.PREFIX:
            return self._prefix(byte, offset, s3)
        return self._collect(byte, offset, s3, s5)

    def collect(self, data: bytes, start: int, s3: int) -> int:
        """Take bytes from `start` on that only make the line longer; returns how many (or 0).

        The same as to `feed` them one by one, but faster.
        """
        if self.state is not EditState.LINE:
            return 0
        end = data.find(s3, start)
        most = max(0, self._limit - 1 - self.pending)
        count = min((len(data) if end < 0 else end) - start, most)
        self._body += data[start : start + count]
        self.pending += count
        return count

    def whole_line(
        self, data: bytes, start: int, offset: int, s3: int, s5: int
    ) -> InputLine | None:
        """Take a command line that is all there, from `start` on; None where it is not so simple.

        The same as to `feed` it byte by byte, the first as byte `offset`, but faster.
        """
        if self.state is not EditState.SEEK or data[start : start + 2] not in (b"AT", b"at"):
            return None
        end = data.find(s3, start + 2)
        if end < 0 or end - start >= self._limit or s3 in b"ATat":
            return None
        self._body += data[start:end]
        self._start, self.pending = offset, end + 1 - start
        return self._finish(self._edited(s5))

    def ignored(self) -> list[Ignored]:
        """What was thrown away since the last call: one entry for each unbroken stretch."""
        if not self._ignored:
            return []
        pieces = [Ignored(offset, bytes(data), excess) for offset, data, excess in self._ignored]
        self._ignored.clear()
        return pieces

    def reset(self) -> None:
        """Forget the line in progress."""
        self._restart()

    def _seek(self, byte: int, offset: int, s3: int) -> None:
        if byte in (A_UPPER, A_LOWER):
            self._body.append(byte)
            self.pending = 1
            self._start = offset
            self.state = EditState.PREFIX
            return
        self._ignore(byte, offset)
        self._at_start = byte == s3 or (self._at_start and byte <= 0x20)

    def _prefix(self, byte: int, offset: int, s3: int) -> InputLine | None:
        first = self._body[0]
        if byte == (T_UPPER if first == A_UPPER else T_LOWER):
            self._body.append(byte)
            self.pending = 2
            self.state = EditState.LINE
            return None
        if byte == SLASH and self._at_start:
            self.pending = 2
            return self._finish(self._last, repeated=True)
        self._ignore(first, self._start)
        self._restart()
        self._at_start = False
        self._seek(byte, offset, s3)
        return None

    def _collect(self, byte: int, offset: int, s3: int, s5: int) -> InputLine | None:
        if byte != s3 and self.pending + 1 >= self._limit:
            self.state = EditState.OVERFLOW
        if self.state is EditState.OVERFLOW:
            self._ignore(byte, offset, is_excess=True)
            return self._finish("", too_long=True) if byte == s3 else None
        self.pending += 1
        if byte == s3:
            return self._finish(self._edited(s5))
        self._body.append(byte)
        return None

    def _edited(self, s5: int) -> str:
        """The body without `AT`, rubbed-out characters and control characters gone."""
        body = self._body[2:]
        if s5 not in body and body.isascii() and body.decode().isprintable():
            return body.decode()
        text = bytearray()
        for byte in body:
            if byte == s5:
                del text[-1:]
            elif byte >= 0x20:
                text.append(byte)
        return text.decode("latin-1")

    def _finish(self, text: str, *, too_long: bool = False, repeated: bool = False) -> InputLine:
        line = InputLine(text, self._start, self.pending, too_long, repeated)
        if not too_long:
            self._last = text
        self._restart()
        return line

    def _restart(self) -> None:
        self._body.clear()
        self.pending = 0
        self.state = EditState.SEEK
        self._at_start = True

    def _ignore(self, byte: int, offset: int, *, is_excess: bool = False) -> None:
        if self._ignored:
            start, data, excess = self._ignored[-1]
            if start + len(data) == offset and excess == is_excess:
                data.append(byte)
                return
        self._ignored.append((offset, bytearray((byte,)), is_excess))
