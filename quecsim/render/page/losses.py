"""What was lost: each place with its time, its cause, the bytes around it and the difference."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from quecsim.render.layout import safe, seconds
from quecsim.render.page.difference import DiffLine, TextFile, joint
from quecsim.render.page.filemap import FileMap, file_map
from quecsim.render.page.marked import Ranges, Row, dump
from quecsim.render.page.places import Place, lost_places
from quecsim.render.page.stream import Stream
from quecsim.render.recorded import Recorded
from quecsim.report.model import Loss, Upload

MOST_SHOWN = 60
"""So many losses are told one by one; the timeline has all of them."""
_MOST_MAPS = 20


@dataclass(frozen=True, slots=True)
class Bytes:
    """What is known of the bytes: `rows` around the loss, and the difference, which is `lines`
    where the file is text; otherwise `before` and `behind` have become neighbours (hex).
    """

    rows: list[Row]
    lines: list[DiffLine]
    before: str
    behind: str


@dataclass(frozen=True, slots=True)
class LossView:
    """One loss in words; `file` is empty outside of uploads, `bytes` None where unknown."""

    number: int
    file: str
    where: str
    when: str
    at_ns: int
    cause: str
    count: int
    why: str
    bytes: Bytes | None


@dataclass(frozen=True, slots=True)
class LossesView:
    """The section. `more` losses of `more_bytes` are not told one by one. `payload_hidden`: the
    record does not have the bytes.
    """

    total: int
    total_bytes: int
    causes: list[tuple[str, int]]
    maps: list[FileMap]
    shown: list[LossView]
    more: int
    more_bytes: int
    payload_hidden: bool


def losses_view(recorded: Recorded) -> LossesView:
    """The section for a run."""
    places = lost_places(recorded)
    files = _Files(recorded, places)
    rest = places[MOST_SHOWN:]
    causes: Counter[str] = Counter()
    for place in places:
        causes[place.loss.cause] += place.loss.count
    hit = [upload for upload in recorded.report.uploads if files.lost_of(upload)]
    return LossesView(
        total=len(places),
        total_bytes=causes.total(),
        causes=causes.most_common(),
        maps=[file_map(upload, files.lost_of(upload)) for upload in hit[:_MOST_MAPS]],
        shown=[_view(place, files) for place in places[:MOST_SHOWN]],
        more=len(rest),
        more_bytes=sum(place.loss.count for place in rest),
        payload_hidden=recorded.payload_hidden,
    )


def _view(place: Place, files: "_Files") -> LossView:
    loss, upload = place.loss, place.upload
    return LossView(
        number=place.number,
        file=upload_name(upload) if upload else "",
        where=_where(loss),
        when=_when(loss),
        at_ns=loss.first_ns,
        cause=loss.cause,
        count=loss.count,
        why=safe(loss.why),
        bytes=files.around(upload, loss) if upload else None,
    )


def upload_name(upload: Upload) -> str:
    """What people call it."""
    return safe(upload.name) or f"AT{upload.command}"


def _where(loss: Loss) -> str:
    """Its place in the file, or in the host's stream outside of files."""
    if loss.offset < 0:
        return "nobody sent them"
    first = loss.offset if loss.at_byte is None else loss.at_byte
    what = "byte" if loss.count == 1 else "bytes"
    of = " of the host's stream" if loss.at_byte is None else ""
    span = f"{first}" if loss.count == 1 else f"{first}\N{EN DASH}{first + loss.count - 1}"
    return f"{what} {span}{of}"


def _when(loss: Loss) -> str:
    first, last = seconds(loss.first_ns), seconds(loss.last_ns)
    return f"{first} s" if first == last else f"{first}\N{EN DASH}{last} s"


class _Files:
    """The files that were hit, as they were sent."""

    def __init__(self, recorded: Recorded, places: Sequence[Place]) -> None:
        self._is_hidden = recorded.payload_hidden
        self._stream = Stream(recorded.events)
        self._known: dict[int, tuple[bytes, TextFile | None]] = {}
        self._lost: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for place in places:
            if place.upload is not None and place.loss.offset >= place.upload.start:
                begin = place.loss.offset - place.upload.start
                self._lost[place.upload.start].append((begin, begin + place.loss.count))
        for ranges in self._lost.values():
            ranges.sort()

    def lost_of(self, upload: Upload) -> Ranges:
        """What is lost of it, by places in the file as sent."""
        return self._lost.get(upload.start, ()) if upload.end > upload.start else ()

    def around(self, upload: Upload, loss: Loss) -> Bytes | None:
        """The bytes around a loss, where the record has them."""
        if self._is_hidden:
            return None
        data, text = self._file(upload)
        lost = self.lost_of(upload)
        begin = loss.offset - upload.start
        end = begin + loss.count
        if not 0 <= begin < end <= len(data):
            return None
        lines = text.around(begin, end) if text is not None else []
        before, behind = ("", "") if lines else joint(data, lost, begin, end)
        return Bytes(dump(data, lost, begin, end), lines, before, behind)

    def _file(self, upload: Upload) -> tuple[bytes, TextFile | None]:
        known = self._known.get(upload.start)
        if known is None:
            data = self._stream.read(upload.start, upload.end)
            text = TextFile(data, self.lost_of(upload))
            known = self._known[upload.start] = data, text if text.is_readable else None
        return known
