"""Does a program say what is shown? Numbers may differ; `...` ends a line as it likes."""

import re

# Not those in names (8N1, thread-57329) and not error codes: they must be right.
_NUMBER = re.compile(r"(?<![\w-])(?<!ERROR: )\d+(?:\.\d+)?(?!\w)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_INTERRUPT = "^C"
_ANYTHING = "..."


def says(output: str, shown: list[str]) -> bool:
    """Whether `output` is what the lines `shown` show; showing nothing promises nothing.

    Line breaks do not count: a longer number may wrap a line elsewhere.
    """
    lines = [line for line in shown if line != _INTERRUPT]
    if not any(lines):
        return True
    pieces: list[list[str]] = [[]]
    for line in lines:
        pieces[-1].append(line.removesuffix(_ANYTHING))
        if line.endswith(_ANYTHING):
            pieces.append([])
    pattern = ".*".join(re.escape(_plain("\n".join(piece))) for piece in pieces)
    return re.fullmatch(pattern, _plain(output), re.DOTALL) is not None


def _plain(text: str) -> str:
    return " ".join(_NUMBER.sub("#", _COLOUR.sub("", text)).split())
