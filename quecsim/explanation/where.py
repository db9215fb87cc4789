"""Places in words, as a person finds them in the file: offsets, and the lines that hold them."""

from collections.abc import Sequence

from quecsim.explanation.base import Base
from quecsim.explanation.words import listed

_MOST_NAMED = 3
_LONGEST_LINE = 400  # longer ones are no text


def where(base: Base, places: Sequence[int], count: int) -> str:
    """Where `count` bytes of `base` from one of `places` on are in the file."""
    if not places:
        return ""
    if len(places) == 1:
        return f": {stretch(base, places[0], count)}"
    found = [base.to_file(place) for place in places]
    if len(found) <= _MOST_NAMED:
        return f", from byte {listed(found).replace(' and ', ' or ')} on"
    return f", at one of {len(found)} places from byte {found[0]} to byte {found[-1]}"


def stretch(base: Base, place: int, count: int) -> str:
    """`bytes 512 to 535 (in line 8)` of the file, `lines 5 to 7 (bytes 260 to 454)`."""
    first, behind = base.to_file(place), base.to_file(place + count)
    last = max(first, behind - 1)
    bytes_text = f"byte {first}" if first == last else f"bytes {first} to {last}"
    if not is_text(base):
        return bytes_text
    from_line, to_line = base.line_at(place) + 1, base.line_at(place + count - 1) + 1
    lines = f"line {from_line}" if from_line == to_line else f"lines {from_line} to {to_line}"
    if base.is_line_start(place) and base.is_line_start(place + count):
        return f"{lines} ({bytes_text})"
    return f"{bytes_text} (in {lines})"


def is_text(base: Base) -> bool:
    """Whether its lines mean anything to a person."""
    lines = len(base.line_starts) - 1
    return lines > 1 and base.size < lines * _LONGEST_LINE and not base.has_controls
