"""One thing that was seen, and what to do: what the pure parts of this room give."""

from typing import NamedTuple

MOST_SHOWN = 60


class Hint(NamedTuple):
    """`kind`, `seen` and `advice` as in `quecsim.report.model.Advice`; `words` is the cause for the
    sentence about an upload, empty where that says enough already.
    """

    kind: str
    seen: str
    advice: str
    words: str = ""


def shown(data: bytes) -> str:
    """Bytes of a host for people: one line, in quotes, without what steers a terminal."""
    text = data[:MOST_SHOWN].decode("utf-8", "backslashreplace")
    text = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
    return f"`{text}{'...' if len(data) > MOST_SHOWN else ''}`"


def plural(count: int, noun: str) -> str:
    """`1 line`, `2 lines`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
