"""A host at a serial port that is particular: about each byte, and where one reply ends."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

Text: TypeAlias = str | bytes


class Host:
    """A host program over pyserial's `port`. Texts are UTF-8."""

    def __init__(self, port: Any) -> None:
        self.port = port

    def write(self, data: Text) -> None:
        self.port.write(_bytes(data))

    def reads(self, expected: bytes) -> None:
        """Exactly these bytes come next."""
        got = self.port.read(len(expected))
        assert got == expected, f"{got!r}, and not {expected!r}"

    def command(self, line: Text) -> None:
        """A command line, whose answer is not waited for."""
        self.write(_bytes(line) + b"\r")

    def ask(self, line: Text, *texts: Text, result: str = "OK") -> None:
        """A command line, and exactly this answer."""
        self.command(line)
        self.reads(reply(*texts, result=result))

    def is_prompted(self, line: Text) -> None:
        """A command line, and exactly a prompt."""
        self.command(line)
        self.reads(b"\r\n> ")

    def hears(self, *texts: Text) -> None:
        """Exactly these unsolicited result codes come next."""
        for text in texts:
            self.reads(unsolicited(text))

    def hears_in_any_order(self, *texts: Text) -> None:
        """Exactly these come next, in whatever order."""
        expected = [unsolicited(text) for text in texts]
        got = self.port.read(sum(map(len, expected)))
        assert sorted(parts(got, expected)) == sorted(expected), f"{got!r}, and not {expected}"

    def listens(self, wanted: bytes) -> list[bytes]:
        """Lines up to that one, which is no part of what is returned."""
        heard = []
        while (line := self._line()) != wanted:
            if line:
                heard.append(line)
        return heard

    def hears_nothing(self, seconds: float = 0.1) -> None:
        """For so long."""
        with self._patience(seconds):
            got = self.port.read(1)
        assert not got, f"{got!r} comes"

    def _line(self) -> bytes:
        line: bytes = self.port.read_until(b"\r\n")
        assert line.endswith(b"\r\n"), f"{line!r}, and no end"
        return line[:-2]

    @contextmanager
    def _patience(self, seconds: float) -> Iterator[None]:
        before, self.port.timeout = self.port.timeout, seconds
        yield
        self.port.timeout = before


def reply(*texts: Text, result: str = "OK") -> bytes:
    """An answer as V.250 frames it: CR LF, lines of text, CR LF, the result."""
    lines = b"".join(_bytes(text) + b"\r\n" for text in texts)
    return (b"\r\n" + lines if texts else b"") + f"\r\n{result}\r\n".encode()


def unsolicited(text: Text) -> bytes:
    return b"\r\n" + _bytes(text) + b"\r\n"


def parts(got: bytes, expected: Sequence[bytes]) -> list[bytes]:
    """`got` cut into those that are `expected`, in whatever order; fails where it cannot be."""
    found: list[bytes] = []
    place = 0
    waiting = list(expected)
    while place < len(got):
        part = next((one for one in waiting if got.startswith(one, place)), None)
        assert part is not None, (found, got[place : place + 200])
        waiting.remove(part)
        found.append(part)
        place += len(part)
    return found


def _bytes(text: Text) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
