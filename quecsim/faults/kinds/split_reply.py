"""`split_reply`: a reply leaves in pieces."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from quecsim.faults.armed import Armed
from quecsim.faults.fault import Fault, LastsMs, Number, Options, which
from quecsim.faults.places import Places
from quecsim.faults.points import Aim

PieceBytes = Annotated[int, Meta(ge=1, le=256)]
_PIECES = (1, 2, 3, 10)


class SplitReply(Fault, frozen=True, kw_only=True, tag="split_reply"):
    """A reply leaves in pieces of `piece_bytes` with `pause_ms` of silence between them.

    Number `reply` of the run, or each `every`-th. A reply is what the device says by itself: a
    line of text, CONNECT, `A`, a final result, a URC; echo and file data are none.
    """

    ONE_OF: ClassVar[tuple[str, ...]] = ("reply", "every")
    AIMS: ClassVar[Mapping[str, Aim]] = {"reply": Aim("reply")}
    AIMED_WITH: ClassVar[Mapping[str, Any]] = {"pause_ms": 100}
    ORDER: ClassVar[int] = 80
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = (
        {"every": 1, "piece_bytes": 1, "pause_ms": 10},
        {"every": 1, "piece_bytes": 2, "pause_ms": 200},
    )
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = (
        {"reply": (range(1, 9),), "piece_bytes": _PIECES, "pause_ms": (10, 50, 200)},
        {"every": (1,), "piece_bytes": _PIECES, "pause_ms": (10,)},
    )

    reply: Number | None = None
    every: Number | None = None
    piece_bytes: PieceBytes = 1
    pause_ms: LastsMs

    def words(self) -> str:
        """As in `reply number 3 in pieces of 1, 4 ms apart`."""
        what = f"reply {which(self.reply, self.every)}"
        return f"{what} in pieces of {self.piece_bytes}, {self.pause_ms} ms apart"

    def arm(self, armed: Armed, places: Places) -> None:
        """Counts from the next reply on."""
        places.replies.cut(armed, self.reply, self.every, self.piece_bytes, self.pause_ms)
