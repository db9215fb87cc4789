"""How a host changed a file on its way, where the two are compared.

cause_of(content, expected)     in words, from both
told_cause(told, expected)      the same from size and checksum alone, where these leave no doubt
"""

from collections.abc import Sequence

from quecsim.explanation import Certainty, Told, explain, explain_content

_MOST_LINES = 20_000
_MOST_NAMED = 6
_MOST_EXPLAINED_BYTES = 1 << 19
# Stories that the size, or the first byte that differs, tells as well.
_SAID_ANYWAY = ("same", "cut", "size-declared", "empty", "bit-altered", "byte-altered")
_BOM = b"\xef\xbb\xbf"


def cause_of(content: bytes, expected: bytes) -> str:
    """Why the device has `content` and not `expected`, in words; empty where nothing is known."""
    if not content or content == expected:
        return ""
    crlf, lf = expected.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), _unix(expected)
    if crlf != expected and crlf.startswith(content.rstrip(b"\r\n")) and b"\r\n" in content:
        return "each LF came as CR LF: write the file as binary"
    if lf != expected and lf.startswith(content):
        return "each CR LF came as LF: read the file as binary"
    if content == expected.rstrip(b"\r\n"):
        return "the last line end is missing: your own reading dropped it (strip, getline)"
    if content in (expected.removeprefix(_BOM), _BOM + expected):
        return "a byte order mark was added or taken away: read the file as binary"
    if content == expected.translate(None, b" "):
        return "all blanks are missing: quote the text, or read the file as binary"
    return _lines_missing(content, expected) or _story(content, expected)


def told_cause(told: Told, expected: bytes) -> str:
    """Why the device has what it `told` and not `expected`; empty where chance could explain it."""
    if len(expected) > _MOST_EXPLAINED_BYTES:
        return ""
    found = explain(expected, told)
    is_sure = found.certainty in (Certainty.CLEAR, Certainty.LIKELY) and not found.is_same
    return found.sentence if is_sure else ""


def _story(content: bytes, expected: bytes) -> str:
    """The story that makes exactly `content`, if there is one that is not said anyway."""
    if max(len(content), len(expected)) > _MOST_EXPLAINED_BYTES:
        return ""
    found = explain_content(expected, content)
    is_told = not found.fits or found.stories[0].kind in _SAID_ANYWAY
    return "" if is_told else found.sentence


def _unix(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n")


def _lines_missing(content: bytes, expected: bytes) -> str:
    """Whether the file is there but for whole lines; which ones."""
    had, wanted = _unix(content).splitlines(), _unix(expected).splitlines()
    if not len(had) < len(wanted) <= _MOST_LINES or len(had) < 2:
        return ""
    places = _places(had, wanted)
    if places is None or places == list(range(len(had))):  # only its end is missing
        return ""
    step = places[1] - places[0]
    if step > 1 and places == list(range(places[0], places[0] + step * len(places), step)):
        return f"only one line in {step} came: something between you and the port drops the others"
    missing = [number for number in range(len(wanted)) if number not in set(places)]
    named = ", ".join(str(number + 1) for number in missing[:_MOST_NAMED])
    more = ", ..." if len(missing) > _MOST_NAMED else ""
    what = "line" if len(missing) == 1 else "lines"
    return f"of its {len(wanted)} lines {len(missing)} did not come ({what} {named}{more})"


def _places(had: Sequence[bytes], wanted: Sequence[bytes]) -> list[int] | None:
    """Where each line of `had` stands in `wanted`, in order; the last one may be cut off."""
    places: list[int] = []
    place = -1
    for number, line in enumerate(had):
        is_last = number == len(had) - 1
        place = next(
            (
                i
                for i in range(place + 1, len(wanted))
                if wanted[i] == line or (is_last and line and wanted[i].startswith(line))
            ),
            -1,
        )
        if place < 0:
            return None
        places.append(place)
    return places
