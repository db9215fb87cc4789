"""What came back for a command: its lines, its final result, and the times of its bytes."""

from dataclasses import dataclass
from typing import TypeAlias

from quecsim.host.at_client import is_connect, is_final

Piece: TypeAlias = tuple[int, bytes]
"""Bytes that came together, and the time in ns at which they were read."""


@dataclass(frozen=True, slots=True)
class Reply:
    """`lines` are those before the final result, without the echo; `final` is `""` where none came
    in time. `raw` is all that came, the echo too. Times are nanoseconds since the bench was made:
    `sent_ns` when the command was handed to the port, `first_ns` and `last_ns` those of the first
    and last piece of what came (`sent_ns`, where nothing did).
    """

    command: str
    sent_ns: int
    pieces: tuple[Piece, ...]
    lines: tuple[str, ...]
    final: str

    @property
    def raw(self) -> bytes:
        """All that came, byte for byte."""
        return b"".join(data for _, data in self.pieces)

    @property
    def first_ns(self) -> int:
        """When the first bytes had come."""
        return self.pieces[0][0] if self.pieces else self.sent_ns

    @property
    def last_ns(self) -> int:
        """When the last bytes had come."""
        return self.pieces[-1][0] if self.pieces else self.sent_ns

    @property
    def ok(self) -> bool:
        """Whether the final result is OK."""
        return self.final == "OK"

    @property
    def connected(self) -> bool:
        """Whether data may follow."""
        return is_connect(self.final)

    @property
    def cme(self) -> int | None:
        """The number of `+CME ERROR: 407`; None where there is none."""
        number = self.final.partition("+CME ERROR:")[2].strip()
        return int(number) if number.isdecimal() else None

    def info(self, prefix: str) -> list[str]:
        """What follows `prefix` in the lines that begin with it, blanks stripped."""
        return [line[len(prefix) :].strip() for line in self.lines if line.startswith(prefix)]


def read_reply(command: str, sent_ns: int, pieces: list[Piece]) -> Reply:
    """The reply in what came, up to the first final result in it."""
    lines: list[str] = []
    for line in whole_lines(b"".join(data for _, data in pieces)):
        if is_final(line):
            return Reply(command, sent_ns, tuple(pieces), tuple(lines), line)
        if line != command:  # the echo
            lines.append(line)
    return Reply(command, sent_ns, tuple(pieces), tuple(lines), "")


def has_final(raw: bytes) -> bool:
    """Whether a line that ends a reply has come whole."""
    return any(is_final(line) for line in whole_lines(raw))


def whole_lines(raw: bytes) -> list[str]:
    """The lines that have ended, without their ends and without the empty ones."""
    parts = raw.split(b"\n")[:-1]
    return [text for part in parts if (text := part.strip().decode("ascii", "replace"))]
