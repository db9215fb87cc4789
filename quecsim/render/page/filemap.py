"""Where the holes of a file are: a bar as long as the file."""

from collections.abc import Iterator
from dataclasses import dataclass

from quecsim.render.layout import counted, safe
from quecsim.render.page.marked import Ranges
from quecsim.report.model import Upload

UNITS = 1000
"""The bar is so many units long."""
_NARROWEST = 1.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the bar, from `begin` on, `width` units wide. `kind` is lost | missing."""

    begin: float
    width: float
    kind: str


@dataclass(frozen=True, slots=True)
class FileMap:
    """The bar of a file of `size` bytes; `text` says in words what it shows."""

    name: str
    size: int
    text: str
    stretches: list[Stretch]


def file_map(upload: Upload, lost: Ranges) -> FileMap:
    """Of an upload that lacks the bytes at the places `lost`."""
    size = max(upload.size, upload.sent, 1)
    never = max(0, size - upload.sent)
    stretches = list(_stretches(lost, size))
    if never:
        begin = upload.sent * UNITS / size
        stretches.append(Stretch(begin, UNITS - begin, "missing"))
    gone = sum(end - begin for begin, end in lost)
    text = f"{counted(gone, 'byte')} lost in {counted(len(lost), 'place')}"
    text += f", {counted(upload.stored, 'byte')} of {upload.size or size} stored"
    text += f", {counted(never, 'byte')} not sent before it ended" if never else ""
    if beyond := max(0, upload.sent - upload.size) if upload.size else 0:
        text += f"; {counted(beyond, 'byte')} came beyond the announced {upload.size}"
    return FileMap(safe(upload.name) or f"AT{upload.command}", size, text, stretches)


def _stretches(lost: Ranges, size: int) -> Iterator[Stretch]:
    """Those that would lie on one another are one."""
    begin = end = -_NARROWEST
    for first, last in lost:
        left, right = first * UNITS / size, last * UNITS / size
        if left > end:
            if end > begin:
                yield Stretch(begin, end - begin, "lost")
            begin, end = left, max(right, left + _NARROWEST)
        else:
            end = max(end, right)
    if end > begin:
        yield Stretch(begin, end - begin, "lost")
