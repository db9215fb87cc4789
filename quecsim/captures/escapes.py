"""Bytes as programs print them: `\\r`, `\\x0d`, `\\015`, `b'AT\\r'`, `AT<CR><LF>`, `41 54 0D`."""

import re

_ESCAPE = re.compile(rb"\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|(.))", re.DOTALL)
_PLAIN = {
    b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v", b"f": b"\f", b"a": b"\a", b"b": b"\b",
}  # fmt: skip
_LITERAL = re.compile(rb"b?(['\"])(.*)\1\Z", re.DOTALL)
_NAMED = re.compile(rb"[<\[](CR|LF|SUB|ESC|NUL|CTRL-Z)[>\]]", re.IGNORECASE)
_NAMES = {
    b"CR": b"\r", b"LF": b"\n", b"SUB": b"\x1a", b"CTRL-Z": b"\x1a", b"ESC": b"\x1b", b"NUL": b"\0",
}  # fmt: skip
_WRITTEN_END = re.compile(rb"\\[rn]\Z|\\x(?:0[adAD]|1[abAB])\Z")
_HEX = re.compile(rb"(?:0x)?[0-9A-Fa-f]{2}(?:[ ,:]+(?:0x)?[0-9A-Fa-f]{2})+\Z")


def unescaped(text: bytes) -> bytes:
    """What a string of C, Python or strace stands for."""
    return _ESCAPE.sub(_one, text)


def written(text: bytes) -> bytes | None:
    """The bytes that are written there, where their ends are written; None: it is just text."""
    if (match := _LITERAL.match(text)) is not None and (text[:1] == b"b" or b"\\" in text):
        return unescaped(match[2])
    if _NAMED.search(text) is not None:
        return _NAMED.sub(lambda found: _NAMES[found[1].upper()], text)
    return unescaped(text) if _WRITTEN_END.search(text) else None


def hexadecimal(text: bytes) -> bytes | None:
    """The bytes of a line that is nothing but two or more of them in hexadecimal."""
    if _HEX.match(text) is None:
        return None
    words = re.split(rb"[ ,:]+", text)
    return bytes(int(word, 16) for word in words)


def _one(match: "re.Match[bytes]") -> bytes:
    if match[1]:
        return bytes.fromhex(match[1].decode())
    if match[2]:
        return bytes((int(match[2], 8) & 0xFF,))
    return _PLAIN.get(match[3], match[3])
