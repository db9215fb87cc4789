"""A guess that fits as a story for people and programs: the bytes named as those of the file."""

from quecsim.explanation.base import Base, Mix, Part, bytes_of
from quecsim.explanation.causes import cause_of
from quecsim.explanation.guess import Guess
from quecsim.explanation.model import Added, Places, Story, Stretch
from quecsim.explanation.words import places_of, shown

_MOST_STRETCHES = 200
_MOST_HEX = 64
_MOST_LINES = 1000


def story_of(guess: Guess, as_likely: int, chance_ppm: int) -> Story:
    """The story of `guess`; the two numbers as in `Story`."""
    base = _base_of(guess.mix)
    missing, added = _changes(guess.mix) if base is not None and base.is_mapped else ([], [])
    cause = cause_of(guess.key or guess.kind)
    return Story(
        kind=guess.kind,
        sentence=guess.sentence,
        cause=cause.cause,
        cure=cause.cure,
        unlikely_bits=guess.bits,
        as_likely=as_likely,
        chance_ppm=chance_ppm,
        missing=[] if guess.is_vague else missing[:_MOST_STRETCHES],
        missing_bytes=sum(each.count for each in missing),
        added=added[:_MOST_STRETCHES],
        added_bytes=sum(each.count for each in added),
        places=_places(base, guess),
        lines=_lines(guess),
    )


def _base_of(mix: Mix) -> Base | None:
    return next((piece.base for piece in mix if isinstance(piece, Part)), None)


def _places(base: Base | None, guess: Guess) -> Places | None:
    """Where in the file it may have been, if at more than one place."""
    if base is None or len(guess.places) < 2:
        return None
    return places_of(list(dict.fromkeys(base.to_file(place) for place in guess.places)))


def _changes(mix: Mix) -> tuple[list[Stretch], list[Added]]:
    """What is missing, and what was added or came twice, in the file's offsets."""
    missing: list[Stretch] = []
    added: list[Added] = []
    base = _base_of(mix)
    assert base is not None
    place = 0
    for piece in mix:
        if isinstance(piece, bytes):
            if piece:
                added.append(_added(base.to_file(place), piece))
        elif piece.end > piece.start:
            _missing(missing, base, place, piece.start)
            if piece.start < place:
                again = base.part(piece.start, min(piece.end, place))
                added.append(_added(base.to_file(place), bytes_of((again,))))
            place = max(place, piece.end)
    _missing(missing, base, place, base.size)
    return missing, added


def _missing(found: list[Stretch], base: Base, start: int, end: int) -> None:
    if end > start:
        first, behind = base.to_file(start), base.to_file(end)
        if behind > first:
            found.append(Stretch(first, behind - first))


def _added(offset: int, data: bytes) -> Added:
    return Added(offset, len(data), shown(data)[1:-1], data[:_MOST_HEX].hex())


def _lines(guess: Guess) -> list[int]:
    """Numbers of the lines that are missing, or came twice, where it is about whole lines."""
    base = _base_of(guess.mix)
    if base is None or "line" not in guess.kind or guess.kind.startswith(("line-", "last-")):
        return []
    seen = [0] * len(base.line_starts)
    for piece in guess.mix:
        if isinstance(piece, Part):
            for line in range(base.line_at(piece.start), base.line_at(max(piece.end - 1, 0)) + 1):
                seen[line] += piece.end > piece.start
    wanted = 2 if guess.kind.endswith("twice") else 0
    return [at + 1 for at, count in enumerate(seen[:-1]) if count == wanted][:_MOST_LINES]
