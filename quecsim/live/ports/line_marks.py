"""What a tty driver marks in the bytes that it read: breaks, and bytes that came damaged (PARMRK).

A mark is three bytes, `FF 00 c`; a byte FF that came well is `FF FF`. Sans I/O: cutting a stream
into other pieces gives the same bytes and marks.
"""

from enum import Enum, auto
from typing import TypeAlias

_ESCAPE = b"\xff"
_MARK_BYTES = 3


class Mark(Enum):
    """What is not a byte of the other side's."""

    BREAK = auto()
    DAMAGED = auto()  # its stop bit or parity was wrong: the byte itself is not known


Item: TypeAlias = bytes | Mark


class MarkReader:
    """Takes a marked stream apart."""

    def __init__(self) -> None:
        self._rest = b""  # the beginning of a mark

    def feed(self, data: bytes) -> list[Item]:
        """What is in it, in order; what may be the beginning of a mark waits for more."""
        data = self._rest + data
        self._rest = b""
        if _ESCAPE not in data:
            return [data] if data else []
        items: list[Item] = []
        text = bytearray()
        place = 0
        while (found := data.find(_ESCAPE, place)) >= 0:
            text += data[place:found]
            mark = data[found : found + _MARK_BYTES]
            if mark[1:2] == _ESCAPE:
                text += _ESCAPE
                place = found + 2
            elif len(mark) < _MARK_BYTES:
                self._rest = mark
                place = len(data)
                break
            else:
                if text:
                    items.append(bytes(text))
                    text.clear()
                items.append(Mark.DAMAGED if mark[2] else Mark.BREAK)
                place = found + _MARK_BYTES
        text += data[place:]
        if text:
            items.append(bytes(text))
        return items
