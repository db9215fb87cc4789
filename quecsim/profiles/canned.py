"""Canned replies: what a device says to a command that quecsim does not model, word for word.

They stand in a profile or in a scenario as `[[reply]]`, so that a firmware's own start-up reaches
its upload on any module.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Pattern = Annotated[
    str,
    Meta(
        pattern=r'^(?i:AT)(?:[^";\x00-\x1f\x7f-\U0010ffff]|"[^"\x00-\x1f\x7f-\U0010ffff]*"){1,200}\Z',
        description='one command as the host writes it, from "AT" on, with * for anything',
    ),
]
Text = Annotated[
    str,
    Meta(pattern=r"^[ -~\n]{0,4000}\Z", description="lines of plain text, at most 4000 characters"),
]
FinalResult = Annotated[
    str, Meta(pattern=r"^[ -~]{0,80}\Z", description="one line of plain text, or nothing")
]
Later = Annotated[
    str, Meta(pattern=r"^[ -~]{1,400}\Z", description="one line of plain text, 1 to 400 characters")
]
DelayMs = Annotated[int, Meta(ge=0, le=600_000)]


class LaterLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An unsolicited line, `after_ms` after the final result."""

    text: Later
    after_ms: DelayMs = 100


class Reply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said to each `command` that fits.

    `command` is one command from its AT on, in any case, as it is written in a line of its own or
    between the semicolons of a longer one; `*` stands for anything. `text` are the lines of
    information, said after `delay_ms` and followed by `result`: the final result code as it is
    said, nothing at all where it is empty; OK and ERROR follow ATV and ATQ. Then comes what is in
    `urcs`. `times`: always, or only once, and from then on the next reply that fits (or the
    device's own). `how` and `source` say where the reply is from.
    """

    command: Pattern
    text: Text = ""
    result: FinalResult = "OK"
    delay_ms: DelayMs = 0
    urcs: tuple[LaterLine, ...] = ()
    times: Literal["always", "once"] = "always"
    how: Literal["documented", "measured", "assumed"] = "assumed"
    source: str = ""

    def fits(self, command: str) -> bool:
        """Whether this answers `command`, which is written without its AT."""
        first, *parts = _bare(self.command)[2:].split("*")
        rest = _bare(command)
        if not parts:
            return rest == first
        if not rest.startswith(first) or not rest.endswith(parts[-1]):
            return False
        at, end = len(first), len(rest) - len(parts[-1])
        for part in parts[:-1]:  # the leftmost place is as good as any
            found = rest.find(part, at, end)
            if found < 0:
                return False
            at = found + len(part)
        return at <= end

    def lines(self) -> Iterator[str]:
        """The lines of information."""
        return iter(self.text.splitlines())


def _bare(command: str) -> str:
    """In capitals, and without the spaces outside of quotes: what no device minds."""
    parts = command.upper().split('"')
    parts[::2] = [part.replace(" ", "") for part in parts[::2]]
    return '"'.join(parts)
