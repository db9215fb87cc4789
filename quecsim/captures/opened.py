"""What a format's reader hands over, and what it is asked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from quecsim.observed.heard import Happened, Heard, Side
from quecsim.trace.setup import Lack

Told: TypeAlias = Heard | Happened
"""What a capture tells: something was said, or happened."""

_MOST_NOTES = 20


class Piece(NamedTuple):
    """`channel` of the capture said `data`, of one byte or more; the first of them was over at
    `at_ns`. Which side the channel is shows later.
    """

    at_ns: int
    channel: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Options:
    """What the user knows better. `baud` 0: unknown. `host_channel`: the name of that on which the
    host speaks. `swap`: what was taken for the host is the device. `side`: all of the file is that
    side's. `usb_device`: `1.5`, bus and address. `sample_rate`: samples a second, 0: unknown.
    """

    baud: int = 0
    swap: bool = False
    host_channel: str = ""
    side: Side | None = None
    usb_device: str = ""
    sample_rate: int = 0


@dataclass(slots=True)
class Tally:
    """What was not as it should be, counted while the capture is read once."""

    bad_lines: int = 0
    first_bad: str = ""
    torn: bool = False
    framing_errors: int = 0
    parity_errors: int = 0
    backward: int = 0
    notes: list[str] = field(default_factory=list)

    def bad(self, where: str) -> None:
        """A line, or packet, that cannot be read; `where` it stands."""
        self.bad_lines += 1
        self.first_bad = self.first_bad or where

    def note(self, text: str) -> None:
        """Something that the user should know, said once."""
        if text not in self.notes and len(self.notes) < _MOST_NOTES:
            self.notes.append(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A capture, ready to be read as often as one likes: `read` tells all of it from the start.

    `lacks`, `baud` and `frame` are as in `Source`, as far as they follow from the format; the rate
    is read off the bytes' times where these `has_byte_times`. `is_clock`: times are those of a
    clock on the wall, and count from the first one. `date` is the wall's, where it is known.
    `notes` say what was chosen.
    """

    read: Callable[[Tally], Iterator[Told]]
    lacks: tuple[Lack, ...]
    baud: int = 0
    frame: str = ""
    has_byte_times: bool = False
    is_clock: bool = False
    date: str = ""
    notes: tuple[str, ...] = ()
