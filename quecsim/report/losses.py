"""Losses as they come out of the record: joined where they touch, and put into words.

The record cuts one loss into as many events as the line happened to deliver pieces; joined, they
are the same whatever the pieces were.
"""

from collections import deque
from collections.abc import Iterable

from msgspec.structs import replace

from quecsim.report.model import Loss, Upload
from quecsim.trace.event import Lost
from quecsim.units import format_ns

MOST_LISTED = 1000


class LossList:
    """Lost stretches in the order of the record, `most` of them; `unlisted` are the other bytes,
    `unlisted_places` the other stretches.

    The newest that are not listed are kept as well, since they may turn out to belong elsewhere.
    """

    __slots__ = ("_most", "_newest", "spans", "unlisted", "unlisted_places")

    def __init__(self, most: int = MOST_LISTED) -> None:
        self._most = most
        self._newest: deque[Lost] = deque(maxlen=most)
        self.spans: list[Lost] = []
        self.unlisted = 0
        self.unlisted_places = 0

    @property
    def count(self) -> int:
        """All lost bytes."""
        return self.unlisted + sum(lost.count for lost in self.spans)

    def add(self, lost: Lost) -> None:
        """Note a loss; it becomes part of the one before where it goes on with it."""
        is_listed = not self._newest and len(self.spans) < self._most
        kept = self._newest or self.spans
        if kept and (joined := _joined(kept[-1], lost)) is not None:
            is_listed = kept is self.spans
            kept[-1] = joined
        else:
            (self.spans if is_listed else self._newest).append(lost)
            self.unlisted_places += not is_listed
        if not is_listed:
            self.unlisted += lost.count

    def take_from(self, offset: int) -> list[Lost]:
        """Remove and return what lies at or behind `offset` of the stream."""
        behind = [lost for lost in self.spans if lost.offset >= offset]
        late = [lost for lost in self._newest if lost.offset >= offset]
        if behind:
            self.spans = [lost for lost in self.spans if lost.offset < offset]
        for lost in late:
            self._newest.remove(lost)
            self.unlisted -= lost.count
            self.unlisted_places -= 1
        return behind + late

    def sorted(self) -> list[Lost]:
        """The stretches in the order of the stream."""
        return sorted(self.spans, key=lambda lost: lost.offset)


def _joined(a: Lost, b: Lost) -> Lost | None:
    """The two as one; None where there is something between them, or another reason."""
    if a.offset + a.count != b.offset or _reason(a) != _reason(b):
        return None
    return replace(a, count=a.count + b.count, last_ns=b.last_ns, drained_ns=b.drained_ns)


def _reason(lost: Lost) -> tuple[str, str, str, str]:
    return lost.cause, lost.doing, lost.device_flow, lost.host_flow


def as_losses(spans: Iterable[Lost], payload_start: int | None) -> list[Loss]:
    """For the report; `payload_start` is the stream offset of byte 0 of the upload, if any."""
    return [
        Loss(
            offset=lost.offset,
            at_byte=None if payload_start is None else lost.offset - payload_start,
            count=lost.count,
            first_ns=lost.at_ns,
            last_ns=lost.last_ns,
            cause=lost.cause,
            ring_bytes=lost.ring_bytes,
            full_ns=_full_ns(lost),
            why=why(lost),
        )
        for lost in spans
    ]


def places_text(upload: Upload) -> str:
    """`1 place`, `9946 places`: how many stretches it lost, listed or not."""
    count = len(upload.losses) + upload.unlisted_places
    return f"{count} place{'' if count == 1 else 's'}"


def why(lost: Lost) -> str:
    """The cause in words."""
    if lost.cause != "ring":
        return lost.doing
    flow = f"flow control: device {lost.device_flow}, host {lost.host_flow}"
    return f"ring full for {format_ns(_full_ns(lost))} while {lost.doing}; {flow}"


def _full_ns(lost: Lost) -> int:
    return lost.drained_ns - lost.full_ns if lost.cause == "ring" else 0
