"""Replies: what the device says by itself, where it is put into the transmitter."""

from collections import Counter
from dataclasses import dataclass

from quecsim.faults.armed import Armed
from quecsim.units import format_ns, ms


@dataclass(slots=True)
class _Cutting:
    armed: Armed
    reply: int | None
    every: int | None
    piece_bytes: int
    pause_ms: int


class ReplyFaults:
    """Counts the replies, and says which of them leave in pieces."""

    def __init__(self, points: Counter[str]) -> None:
        self._points = points
        self._cutting: list[_Cutting] = []

    def cut(
        self, armed: Armed, reply: int | None, every: int | None, piece_bytes: int, pause_ms: int
    ) -> None:
        """Cut number `reply` from here on, or each `every`-th, into pieces."""
        self._cutting.append(_Cutting(armed, reply, every, piece_bytes, pause_ms))

    def pieces(self, now_ns: int, data: bytes) -> tuple[int, int] | None:
        """(bytes in a piece, pause in ns) of the reply `data`; None: it leaves whole."""
        self._points["reply"] += 1
        found = None
        for each in self._cutting:
            each.armed.seen += 1
            seen, every = each.armed.seen, each.every
            is_due = seen == each.reply or (every is not None and not seen % every)
            if is_due and found is None and len(data) > each.piece_bytes:
                found = each.piece_bytes, ms(each.pause_ms)
                pause = format_ns(found[1])
                what = f"{data!r} left in pieces of {each.piece_bytes}, {pause} apart"
                each.armed.fire(now_ns, what)
        return found
