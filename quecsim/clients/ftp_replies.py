"""Replies of an FTP server, from bytes: RFC 959, 4.2. Pure, and bounded whatever it says."""

from collections import deque
from typing import NamedTuple

_LONGEST_LINE_BYTES = 2048
_MOST_LINES = 1000  # of one reply
_MOST_REPLIES = 64  # that nobody has asked for
_CODE_DIGITS = 3


class Reply(NamedTuple):
    """One reply. `text` is its last line, without the code."""

    code: int
    text: str

    @property
    def is_preliminary(self) -> bool:
        """Another one follows."""
        return self.code // 100 == 1

    @property
    def is_good(self) -> bool:
        """The command was done."""
        return self.code // 100 == 2

    @property
    def wants_more(self) -> bool:
        """The command needs another one to be complete (331: a password)."""
        return self.code // 100 == 3


class NoReplyError(Exception):
    """What the server said is no reply; the message says what is wrong with it."""


class ReplyReader:
    """Takes bytes, gives replies. Line ends may be CR LF or LF alone.

    A reply of many lines begins with its code and a hyphen, and ends with the line that begins with
    the same code and a blank.
    """

    def __init__(self) -> None:
        self.replies: deque[Reply] = deque()
        self._line = bytearray()
        self._open_code = b""  # that of a reply whose last line has not come
        self._lines = 0

    def feed(self, data: bytes) -> None:
        """Take `data`; whole replies are in `replies` then. Raises NoReplyError."""
        first, *rest = data.split(b"\n")
        self._add(first)
        for piece in rest:
            line = bytes(self._line).removesuffix(b"\r")
            self._line.clear()
            self._take(line)
            self._add(piece)

    def clear(self) -> None:
        """Forget everything: another connection begins."""
        self.replies.clear()
        self._line.clear()
        self._open_code, self._lines = b"", 0

    def _add(self, piece: bytes) -> None:
        self._line += piece
        if len(self._line) > _LONGEST_LINE_BYTES:
            raise NoReplyError(f"a line of more than {_LONGEST_LINE_BYTES} bytes")

    def _take(self, line: bytes) -> None:
        code, mark = line[:_CODE_DIGITS], line[_CODE_DIGITS : _CODE_DIGITS + 1]
        if self._open_code:
            self._lines += 1
            if self._lines > _MOST_LINES:
                raise NoReplyError(f"a reply of more than {_MOST_LINES} lines")
            if code == self._open_code and mark in (b" ", b""):
                self._open_code = b""
                self._finish(line)
            return
        if not _is_code(code) or mark not in (b" ", b"-", b""):
            raise NoReplyError(f"{bytes(line[:40])!r} is no reply")
        if mark == b"-":
            self._open_code, self._lines = code, 1
        else:
            self._finish(line)

    def _finish(self, line: bytes) -> None:
        if len(self.replies) >= _MOST_REPLIES:
            raise NoReplyError("more replies than anybody has asked for")
        text = line[_CODE_DIGITS + 1 :].decode("latin-1")
        self.replies.append(Reply(int(line[:_CODE_DIGITS]), text))


def _is_code(code: bytes) -> bool:
    return len(code) == _CODE_DIGITS and code.isdigit() and 1 <= code[0] - 48 <= 5
