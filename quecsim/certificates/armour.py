"""PEM (RFC 7468) as lines: the blocks of a file, and what is wrong with the lines around them.

`read_blocks` is lenient: a line that was meant as armour opens or closes a block even where it is
misspelled, so that one mistake is told once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from quecsim.certificates.trouble import Trouble

_PROPER = re.compile(rb"-----(BEGIN|END) ([A-Z0-9]+(?: [A-Z0-9]+)*)-----[ \t]*")
_DASH = rb"(?:-|\xe2\x80[\x90-\x95]|\x96|\x97)"
_MEANT = re.compile(
    rb"\s*(" + _DASH + rb"{2,})\s*(BEGIN|END)\s?([A-Z0-9 ]*?"
    rb"(?:CERTIFICATE|PRIVATE\s?KEY|PUBLIC\s?KEY|REQUEST|PARAMETERS|PKCS\s?7|CRL))\s*"
    rb"(" + _DASH + rb"*)(.*)",
    re.IGNORECASE | re.DOTALL,
)
_LATE = re.compile(rb"([A-Za-z0-9+/=]+)(-----(BEGIN|END) ([A-Z0-9 ]+)-----)[ \t]*")
_LINE = re.compile(rb"\r\n|\n|\r")
_WHOLE_LINES = "give each BEGIN and END a line of its own, with a line end behind it"
_RETYPED = "copy the file as it is, do not type or format it"
_HYPHENS = 5


@dataclass(slots=True)
class Block:
    """What stands between BEGIN and END: (line number, text) each; `begin` is BEGIN's line.

    `is_misspelled`: one of the two is not as it should be, which the troubles tell.
    """

    label: str
    begin: int
    lines: list[tuple[int, bytes]] = field(default_factory=list)
    is_closed: bool = False
    is_misspelled: bool = False


@dataclass(slots=True)
class Armour:
    """A PEM file taken apart. `rest` is what stands behind the last line of armour."""

    blocks: list[Block] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    rest: bytes = b""


def read_blocks(data: bytes) -> Armour:
    """Take a PEM file apart; nothing where no line of it is armour, or was meant as such."""
    made = Armour()
    current: Block | None = None
    for number, start, end in _lines(data):
        line = data[start:end]
        meant = _armour(line)
        if meant is None:
            if current is not None:
                current.lines.append((number, line))
            continue
        word, label, trouble = meant
        if word == "END" and current is not None and (base64 := _in_front(line)):
            current.lines.append((number, base64))
        if trouble is not None:
            made.troubles.append(_at(number, trouble))
            if current is not None:
                current.is_misspelled = True
        made.rest = data[end:]
        current = _turn(made, current, number, word, label)
        if current is not None and trouble is not None:
            current.is_misspelled = True
    if current is not None:
        made.troubles.append(_open_end(current))
    return made


def _turn(made: Armour, current: Block | None, number: int, word: str, label: str) -> Block | None:
    """The block that is open behind a BEGIN or END; what does not fit is noted."""
    if word in ("BEGIN", "BOTH", "WHOLE"):
        if current is not None and word == "BOTH":
            current.is_closed = True
        elif current is not None:
            made.troubles.append(_open_end(current))
        if word == "WHOLE":  # in one line, which has been told
            return None
        made.blocks.append(Block(label, number))
        return made.blocks[-1]
    if current is None:
        seen = f"line {number} ends {label}, and no BEGIN stands before it"
        made.troubles.append(Trouble("end", seen, "the beginning is missing: send the whole file"))
    elif current.label != label:
        seen = f"{current.label} begins in line {current.begin}, and line {number} ends {label}"
        made.troubles.append(Trouble("end", seen, "a part in between is missing: send all of it"))
    else:
        current.is_closed = True
    return None


def _open_end(block: Block) -> Trouble:
    seen = f"{block.label} begins in line {block.begin}, and its END line is missing"
    return Trouble("end", seen, "the file is cut off: send all of it, and compare the size")


def _lines(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(number from 1, start, end) of each line, without its end."""
    start = 0
    number = 1
    for match in _LINE.finditer(data):
        yield number, start, match.start()
        start, number = match.end(), number + 1
    if start < len(data):
        yield number, start, len(data)


def _armour(line: bytes) -> tuple[str, str, Trouble | None] | None:
    """(BEGIN or END, label, what is wrong with it) of a line of armour; None for another line."""
    if b"-" not in line and not re.search(_DASH, line):
        return None
    if match := _PROPER.fullmatch(line):
        return match[1].decode(), match[2].decode(), None
    if match := _LATE.fullmatch(line):
        if match[3] == b"BEGIN":  # what is cut off is told anyway
            return "BEGIN", match[4].decode(), None
        seen = f"{_shown(match[2])}: base64 stands in front of it, without a line end"
        return "END", match[4].decode(), Trouble("armour", seen, _WHOLE_LINES)
    match = _MEANT.fullmatch(line)
    if match is None:
        return None
    before, word, label, behind, more = match.groups()
    if len(before) < _HYPHENS - 1 and not behind:  # a comment
        return None
    return _word(word.upper(), more.upper()), _label(label), _misspelled(line, match)


def _word(word: bytes, more: bytes) -> str:
    """BEGIN or END; BOTH for an END with a BEGIN behind it, WHOLE for a block in one line."""
    if word == b"END":
        return "BOTH" if b"BEGIN" in more else "END"
    return "WHOLE" if b"END" in more else "BEGIN"


def _in_front(line: bytes) -> bytes:
    """Base64 in front of an END in the same line."""
    match = _LATE.fullmatch(line)
    return match[1] if match else b""


def _label(text: bytes) -> str:
    """The label as it should be: `certificate` and `PRIVATEKEY` are known as well."""
    words = " ".join(text.decode("ascii", "replace").upper().split())
    return re.sub(r"(?<=\S)(?<! )(KEY)$", r" \1", words.replace("RSAPRIVATE", "RSA PRIVATE"))


def _misspelled(line: bytes, match: re.Match[bytes]) -> Trouble:
    """What is wrong with a line that was meant as armour."""
    before, word, label, behind, more = match.groups()
    shown = _shown(line)
    if more.strip():
        joined = "another block" if b"BEGIN" in more.upper() else "the next line"
        return Trouble("armour", f"{shown}: {joined} follows without a line end", _WHOLE_LINES)
    if not (before + behind).isascii() or set(before + behind) != {0x2D}:
        advice = f"an editor has made typographic dashes of the hyphens: {_RETYPED}"
        return Trouble("armour", f"{shown} has dashes that are no hyphens (0x2d)", advice)
    if len(before) != _HYPHENS or len(behind) != _HYPHENS:
        seen = f"{shown} has {len(before)} hyphens before and {len(behind)} behind the words"
        return Trouble("armour", seen, f"five each: {_RETYPED}")
    if word + label != (word + label).upper():
        return Trouble("armour", f"{shown} is not in capitals", _RETYPED)
    if line[:1].isspace():
        advice = "no blanks in front of a line: parsers look for it at the line's beginning"
        return Trouble("armour", f"{shown} is indented", advice)
    right = f"-----{word.decode()} {_label(label)}-----"
    seen = f"{shown} should be {right}: no TLS stack takes it as it is"
    return Trouble("armour", seen, f"one blank between the words: {_RETYPED}")


def _at(number: int, trouble: Trouble) -> Trouble:
    return Trouble(trouble.kind, f"line {number}, {trouble.seen}", trouble.advice)


def _shown(line: bytes) -> str:
    text = line[:60].decode("utf-8", "replace")
    return ascii(text)[1:-1] + ("..." if len(line) > 60 else "")
