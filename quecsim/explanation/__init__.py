"""What happened to a file on its way, from the file and the two numbers that the module said.

    explain(data, Told(size, checksum)) -> Explanation      the answer, best story first
    explain_content(data, content) -> Explanation           the same where the content is known
    read_told(text) -> Told                                 `+QFUPL: 389,041E`, `389,41e`, ...

Pure functions of bytes and numbers. Every story is a guess at what the module would have; it is
kept where size and checksum are what the module said.
"""

from quecsim.explanation.model import (
    Added,
    Certainty,
    Explanation,
    Places,
    Story,
    Stretch,
    Told,
    Tried,
)
from quecsim.explanation.reading import read_told
from quecsim.explanation.search import explain, explain_content

__all__ = [
    "Added",
    "Certainty",
    "Explanation",
    "Places",
    "Story",
    "Stretch",
    "Told",
    "Tried",
    "explain",
    "explain_content",
    "read_told",
]
