"""`[journey]`: what a host says and is told, from its first AT to the last byte, as a text.

Line by line, in the order of the dialogue:

    > AT+CSQ            the host sends the line, with CR behind it
    < +CSQ: *,*         the next line that the device says; `*` stands for anything
    ... +QIURC: *       lines may come before this one
    < >                 the prompt
    >> some text        the host sends bytes; \\r, \\n, \\t, \\\\ and \\x1a stand for what they do
                        in C
    >> @page            the same, those of `data.page`
    << 1024             the device says so many bytes, whatever they are
    << @page            the device says the bytes of `data.page`
    ~ 1500              the host pauses for so many milliseconds
    # a word            for the reader

What the host sends and its echo, and empty lines, are not listed. Everything else must come as it
stands here.
"""

from enum import Enum
from typing import Annotated, Literal, NamedTuple

import msgspec
from msgspec import Meta

from quecsim.errors import QuecsimError
from quecsim.tls.pieces import Piece

_ESCAPES = {"r": "\r", "n": "\n", "t": "\t", "\\": "\\"}
_MOST_STEPS = 2000
_MOST_PAUSE_MS = 86_400_000
_PROMPT = ">"


class Turn(Enum):
    """What a line of a journey is."""

    SEND = ">"
    SEND_BYTES = ">>"
    EXPECT = "<"
    EXPECT_LATER = "..."
    EXPECT_BYTES = "<<"
    PROMPT = "< >"
    PAUSE = "~"


class Step(NamedTuple):
    """One line of it: `text` as it stands behind the sign, `number` where it is one, `name`
    where it names data. `line` counts from 1.
    """

    turn: Turn
    line: int
    text: str = ""
    number: int = 0
    name: str = ""

    @property
    def data(self) -> bytes:
        """The bytes that the host sends, where the step has them itself."""
        return _unescaped(self.text, self.line).encode("latin-1")


class Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bytes of a journey: `text`, `base64`, those of a `file` of [files] by its name there, or a
    PEM of the test `authority`, by its word in `quecsim authority`.
    """

    text: str | None = None
    authority: Piece | None = None
    base64: bytes | None = None
    file: str | None = None


class Journey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A dialogue, and what is so at its end.

    `holds` are files of the device by name, with the name of the data that they must have. Each
    answer may take `within_ms`. `ends` says how: `lost` where bytes of it get lost on the line, and
    the dialogue is not as it stands from then on.
    """

    dialogue: str
    data: dict[str, Content] = {}
    holds: dict[str, str] = {}
    within_ms: Annotated[int, Meta(ge=1, le=86_400_000)] = 180_000
    ends: Literal["well", "lost"] = "well"


def steps_of(journey: Journey) -> list[Step]:
    """The lines of the dialogue. Raises QuecsimError for what is none."""
    steps = [
        step
        for number, line in enumerate(journey.dialogue.splitlines(), 1)
        if (step := _step(line.strip(), number)) is not None
    ]
    if len(steps) > _MOST_STEPS:
        raise _wrong(_MOST_STEPS + 1, f"there are more than {_MOST_STEPS} lines")
    known = ", ".join(journey.data) or "there is none"
    for step in steps:
        if step.name and step.name not in journey.data:
            raise _wrong(step.line, f"there is no data.{step.name} ({known})")
        if step.turn is Turn.SEND_BYTES and not step.name:
            step.data  # noqa: B018 - raises for what stands for nothing
    return steps


def _step(line: str, number: int) -> Step | None:
    if not line or line.startswith("#"):
        return None
    sign, _, text = line.partition(" ")
    if line == Turn.PROMPT.value:
        return Step(Turn.PROMPT, number, _PROMPT)
    try:
        turn = Turn(sign)
    except ValueError:
        known = "  ".join(each.value for each in Turn)
        raise _wrong(number, f"{sign!r} begins no step: {known}") from None
    if turn in (Turn.SEND_BYTES, Turn.EXPECT_BYTES) and text.startswith("@"):
        return Step(turn, number, text, name=text[1:])
    if turn in (Turn.PAUSE, Turn.EXPECT_BYTES):
        if not text.isascii() or not text.isdigit() or int(text[:12]) > _MOST_PAUSE_MS:
            raise _wrong(number, f"{text!r} is no number from 0 to {_MOST_PAUSE_MS}")
        return Step(turn, number, text, int(text))
    if not text:
        raise _wrong(number, f"nothing stands behind {sign!r}")
    return Step(turn, number, text)


def _unescaped(text: str, number: int) -> str:
    out, place = [], 0
    while place < len(text):
        char = text[place]
        if char != "\\":
            out.append(char)
            place += 1
            continue
        code = text[place + 1 : place + 2]
        if code == "x":
            try:
                out.append(chr(int(text[place + 2 : place + 4], 16)))
            except ValueError:
                raise _wrong(number, f"{text[place : place + 4]!r} stands for nothing") from None
            place += 4
        elif code in _ESCAPES:
            out.append(_ESCAPES[code])
            place += 2
        else:
            raise _wrong(number, f"{text[place : place + 2]!r} stands for nothing")
    return "".join(out)


def _wrong(line: int, message: str) -> QuecsimError:
    return QuecsimError(
        f"line {line} of the journey: {message}",
        hint="docs/SCENARIOS.md tells how a dialogue is written",
        where="journey.dialogue",
    )
