"""Output for terminals that cannot show everything: a plain form of what they lack, never an error.

Our tables and pictures have lines and dots that not every encoding has, and a file's name may have
bytes that are no text at all. Each such character becomes one that can be shown, so that columns
stay where they are; the bytes of a name come out as they are.
"""

import codecs
import sys
from io import TextIOWrapper

ERRORS = "quecsim-plain"
_ASCII = "quecsim-ascii"
_PLAIN = {
    **dict.fromkeys("─━═╌╍┄┅┈┉╴╶╸╺\u2013\u2014\u2212", "-"),
    **dict.fromkeys("│┃║╎╏┆┇┊┋╵╷╹╻", "|"),
    **dict.fromkeys("\u2018\u2019", "'"),
    **dict.fromkeys("\u201c\u201d", '"'),
    "→": ">",
    "←": "<",
    "…": ".",
    "·": ".",
    "•": "*",
    "\u00d7": "x",
    "µ": "u",
    "\u00a0": " ",
    "\u2800": " ",  # braille without a dot
}
_RANGES = ((0x2500, 0x257F, "+"), (0x2580, 0x259F, "#"), (0x2801, 0x28FF, "*"))  # boxes, braille


def plain(char: str) -> str:
    """One character of ASCII for another one."""
    code = ord(char)
    found = (mark for first, last, mark in _RANGES if first <= code <= last)
    return _PLAIN.get(char) or next(found, "?")


def _in_plain_form(error: UnicodeError) -> tuple[str | bytes, int]:
    """An error handler of `codecs`, for encoding."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    char = error.object[error.start]
    if "\udc80" <= char <= "\udcff":  # `os.fsdecode` has made it of this byte
        return bytes([ord(char) & 0xFF]), error.start + 1
    return plain(char), error.start + 1


def _search(name: str) -> codecs.CodecInfo | None:
    """ASCII by another name: click would take an ASCII stream for a mistake, and write UTF-8."""
    if name.replace("_", "-") != _ASCII:
        return None
    own = codecs.lookup("ascii")
    return codecs.CodecInfo(
        own.encode,
        own.decode,
        own.streamreader,
        own.streamwriter,
        own.incrementalencoder,
        own.incrementaldecoder,
        name=_ASCII,
    )


def show_plainly() -> None:
    """From now on standard output and error show what they can, and the rest in a plain form."""
    codecs.register_error(ERRORS, _in_plain_form)
    codecs.register(_search)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            is_ascii = codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding=_ASCII if is_ascii else None, errors=ERRORS)
