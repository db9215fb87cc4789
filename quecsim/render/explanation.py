"""`quecsim explain` as text: what happened, the bytes of the file that it is about, and chance.

explanation_text(found, data, label)    all of it
excerpt(data, stretches)                lines of the file, with what is missing marked:
                                        `-` for whole lines, `^` under a part of one
"""

from collections.abc import Iterator, Sequence

from quecsim.checksum import checksum_text
from quecsim.explanation import Explanation, Story, Stretch, Told
from quecsim.explanation.words import about, are, plural

_MOST_SHOWN = 6
_MOST_OTHERS = 5
_MOST_COLUMNS = 64
_ROW_BYTES = 16
_AROUND_BYTES = 24
_MILLION = 1_000_000


def explanation_text(found: Explanation, data: bytes, label: str) -> str:
    """What happened to the file `label`, which has `data` in it, for a terminal."""
    return "\n".join(_lines(found, data, label))


def _lines(found: Explanation, data: bytes, label: str) -> Iterator[str]:
    said = ", then ".join(_said(told) for told in found.told)
    has = f"{plural(found.file_bytes, 'byte')}, checksum {found.file_checksum}"
    yield f"{label} has {has}; the module says {said}"
    yield ""
    yield found.sentence
    if found.stories:
        best = found.stories[0]
        yield f"  cause: {best.cause}"
        if best.cure:
            yield f"  cure:  {best.cure}"
        yield from _shown(best, data)
        yield from _others(found)
    yield ""
    yield _odds(found)


def _said(told: Told) -> str:
    if told.checksum is None:
        return f"{told.size}"
    return f"{told.size},{checksum_text(told.checksum)}"


def _shown(story: Story, data: bytes) -> Iterator[str]:
    """The bytes that the story is about."""
    if story.missing and story.missing_bytes < len(data):
        yield ""
        yield f"missing, {story.missing_bytes} of {len(data)} bytes{_one_of(story)}:"
        yield from excerpt(data, story.missing)
    if story.added:
        yield ""
        yield f"not in the file, {plural(story.added_bytes, 'byte')}:"
        for each in story.added[:_MOST_SHOWN]:
            yield f"  before byte {each.offset}: {each.text}"
    if story.places is not None:
        ranges = [str(a) if a == b else f"{a}-{b}" for a, b in story.places.ranges]
        more = ", ..." if story.places.range_count > len(ranges) else ""
        yield ""
        yield f"{story.places.count} places: byte {', '.join(ranges)}{more}"


def _one_of(story: Story) -> str:
    return "" if story.places is None else " (at the first of the places)"


def _others(found: Explanation) -> Iterator[str]:
    others = found.stories[1:]
    if not others:
        return
    yield ""
    yield "other attempts, and what else fits:" if len(found.told) > 1 else "also possible:"
    for story in others[:_MOST_OTHERS]:
        attempt = f"attempt {story.attempt}: " if len(found.told) > 1 else ""
        yield f"  {attempt}{story.sentence}"
    if len(others) > _MOST_OTHERS:
        yield f"  and {len(others) - _MOST_OTHERS} more"


def _odds(found: Explanation) -> str:
    if all(told.checksum is None for told in found.told):
        return f"{_stories(found.tried_count)} of that size: a size alone proves little"
    fit = "fits" if found.fit_count == 1 else "fit"
    tried = (
        f"{_stories(found.tried_count)} of that size tried, {found.fit_count} {fit}; by chance"
        f" {about(found.expected_ppm)} would (one wrong story in {found.one_in} does)"
    )
    if not found.stories or len(found.told) > 1:
        return tried
    best = found.stories[0].as_likely
    return (
        f"{tried}; of the {best} as likely as the first, {about(best * _MILLION // found.one_in)}"
    )


def _stories(count: int) -> str:
    return "1 story" if count == 1 else f"{count} stories"


def excerpt(data: bytes, missing: Sequence[Stretch]) -> Iterator[str]:
    """The file around each stretch, `^` under what is missing: lines of text, or rows of bytes."""
    shown = missing[:_MOST_SHOWN]
    rows = _text_rows if _is_text(data) else _byte_rows
    for stretch in shown:
        yield from rows(data, stretch.offset, stretch.offset + stretch.count)
    if len(missing) > len(shown):
        yield f"  ... and {len(missing) - len(shown)} more"


def _is_text(data: bytes) -> bool:
    head = data[:4096]
    return not head.translate(None, bytes(range(0x20, 0x7F)) + b"\t\r\n") and b"\n" in data


def _text_rows(data: bytes, start: int, end: int) -> Iterator[str]:
    """The first and last line of a stretch, each with its number and offset."""
    first = data.rfind(b"\n", 0, start) + 1
    last = data.rfind(b"\n", 0, max(end - 1, start)) + 1
    for at in dict.fromkeys((first, last)):
        if at == last and last > first:
            between = data.count(b"\n", first, last) - 1
            if between:
                yield f"  {'...':>6}  {plural(between, 'line')} between them {are(between)} missing"
        line_end = data.find(b"\n", at)
        line = data[at : line_end + 1 if line_end >= 0 else len(data)]
        number = data.count(b"\n", 0, at) + 1
        yield from _marked(number, at, line, start, end)


def _marked(number: int, at: int, line: bytes, start: int, end: int) -> Iterator[str]:
    """One line, cut to what a terminal takes, and the marks under it."""
    low, high = max(start - at, 0), min(end - at, len(line))
    if high - low == len(line):
        yield f"- line {number:>5}, byte {at:>7}  {_readable(line[:_MOST_COLUMNS])}"
        return
    skip = max(0, low - _AROUND_BYTES) if len(line) > _MOST_COLUMNS + 2 else 0
    text, marks = "", ""
    for place, byte in enumerate(line[skip : skip + _MOST_COLUMNS + 2], skip):
        char = _readable(bytes([byte]))
        text += char
        marks += ("^" if low <= place < high else " ") * len(char)
    yield f"  line {number:>5}, byte {at + skip:>7}  {text}"
    yield f"  {'':>24}  {marks.rstrip()}"


def _readable(text: bytes) -> str:
    """As it is, with line ends and tabs written out."""
    return text.decode("latin-1").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")


def _byte_rows(data: bytes, start: int, end: int) -> Iterator[str]:
    """Rows of 16 bytes in hexadecimal: the first and the last of a stretch."""
    first, last = start // _ROW_BYTES * _ROW_BYTES, max(end - 1, start) // _ROW_BYTES * _ROW_BYTES
    for at in dict.fromkeys((first, last)):
        if at == last and last - first > _ROW_BYTES:
            yield f"  {'...':>8}  {last - first - _ROW_BYTES} bytes between them are missing"
        row = data[at : at + _ROW_BYTES]
        marks = [("^^" if start <= place < end else "  ") for place in range(at, at + len(row))]
        yield f"  {at:>8}  {row.hex(' ')}"
        yield f"  {'':>8}  {' '.join(marks).rstrip()}"
