"""Bytes in a line: how many, and the first of them, as text or as hex."""

from collections.abc import Iterable

from quecsim.render.layout import counted, safe

SHOWN_CHARS = 48
SHOWN_BYTES = 16
LONGEST_TEXT = 400

Hidden = Iterable[tuple[int, int]]


def cut(text: str, most: int = LONGEST_TEXT) -> str:
    """`text`, harmless; where it is longer than `most`, its beginning."""
    return safe(text) if len(text) <= most else f"{safe(text[:most])}..."


def first_bytes(data: bytes, hidden: Hidden = ()) -> str:
    """`"-----BEGIN CERT"...` of a text, `30 82 04 a4 ...` of anything else."""
    if any(first < SHOWN_CHARS for first, _ in hidden):
        return "(left out of the record)"
    head = data[:SHOWN_CHARS]
    if _is_text(head):
        return f'"{_escaped(head)}"' + ("..." if len(data) > len(head) else "")
    more = " ..." if len(data) > SHOWN_BYTES else ""
    return data[:SHOWN_BYTES].hex(" ") + more


def sized(data: bytes, hidden: Hidden = ()) -> str:
    """`1188 bytes: "-----BEGIN CERT"...`."""
    return f"{counted(len(data), 'byte')}: {first_bytes(data, hidden)}"


def span(first: int, count: int) -> str:
    """`1024`, or `1024..1176`."""
    return str(first) if count == 1 else f"{first}..{first + count - 1}"


def _is_text(data: bytes) -> bool:
    return all(0x20 <= byte < 0x7F or byte in b"\t\r\n" for byte in data)


def _escaped(data: bytes) -> str:
    return data.decode("ascii").replace("\r", r"\r").replace("\n", r"\n").replace("\t", r"\t")
