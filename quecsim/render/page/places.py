"""Every place at which bytes were lost, numbered as everywhere, with the upload it hit."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from quecsim.render.recorded import Recorded
from quecsim.render.timeline.losses import losses
from quecsim.report.losses import as_losses
from quecsim.report.model import Loss, Upload
from quecsim.trace.event import Lost


@dataclass(frozen=True, slots=True)
class Place:
    """Loss `number` of the run, from 1; `upload` is the one whose window of the stream it lies in,
    None outside of all.
    """

    number: int
    loss: Loss
    upload: Upload | None


def lost_places(recorded: Recorded) -> list[Place]:
    """All of them, in the order of time."""
    owners = _Owners(recorded.report.uploads)
    places = []
    for number, lost in enumerate(losses(recorded.events), 1):
        upload = owners.of(lost)
        (loss,) = as_losses([lost], None if upload is None else upload.start)
        places.append(Place(number, loss, upload))
    return places


class _Owners:
    """Which upload a loss belongs to: its bytes are in the upload's window."""

    def __init__(self, uploads: Iterable[Upload]) -> None:
        self._uploads = sorted(
            (upload for upload in uploads if upload.end > upload.start), key=lambda u: u.start
        )
        self._starts = [upload.start for upload in self._uploads]

    def of(self, lost: Lost) -> Upload | None:
        index = bisect_right(self._starts, lost.offset) - 1
        if index < 0:
            return None
        upload = self._uploads[index]
        return upload if lost.offset < upload.end else None
