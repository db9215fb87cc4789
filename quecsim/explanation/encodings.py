"""The file in another form: letters, codes, bytes that a line or a string does not carry.

forms(data)     (kind, words, bits, bytes) of each form that differs from the file
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple


class Form(NamedTuple):
    """A form; `bits` as in `quecsim.explanation.guess`; `make` gives None where there is none."""

    kind: str
    words: str
    bits: int
    make: Callable[[bytes], bytes | None]


_MOST_BYTES = 4 << 20  # larger ones are no text that anybody encodes


def forms(data: bytes) -> Iterator[tuple[str, str, int, bytes]]:
    """Every form of `data` that has other bytes, once."""
    if len(data) > _MOST_BYTES:
        return
    seen = {data}
    for form in _FORMS:
        made = form.make(data)
        if made is not None and made not in seen:
            seen.add(made)
            yield form.kind, form.words, form.bits, made


def _without(unwanted: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data.translate(None, unwanted)


def _up_to(byte: bytes) -> Callable[[bytes], bytes | None]:
    return lambda data: data.partition(byte)[0] if byte in data else None


def _seven_bits(data: bytes) -> bytes:
    return data.translate(bytes(byte & 0x7F for byte in range(256)))


def _with_parity(odd: int) -> Callable[[bytes], bytes]:
    table = bytes((low := byte & 0x7F) | ((low.bit_count() + odd) % 2) << 7 for byte in range(256))
    return lambda data: data.translate(table)


def _closed_armour(data: bytes) -> bytes:
    return re.sub(rb"-----(BEGIN|END) ([A-Z0-9 ]+)-----", rb"-----\1\2-----", data)


def _bare_armour(data: bytes) -> bytes:
    return re.sub(rb"-----(BEGIN|END)[A-Z0-9 ]*-----\r?\n?", b"", data)


def _der(data: bytes) -> bytes | None:
    """What stands between BEGIN and END, decoded."""
    found = re.search(rb"-----BEGIN [A-Z0-9 ]+-----(.*?)-----END", data, re.DOTALL)
    if found is None:
        return None
    try:
        return base64.b64decode(found[1])
    except binascii.Error:
        return None


def _pem(data: bytes) -> bytes | None:
    """A certificate in DER as PEM."""
    if not data.startswith(b"\x30\x82"):
        return None
    body = base64.b64encode(data)
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    head, foot = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"
    return b"\n".join([head, *lines, foot, b""])


def _words_turned(data: bytes) -> bytes:
    turned = bytearray(data)
    even = len(data) & ~1
    turned[0:even:2], turned[1:even:2] = data[1:even:2], data[0:even:2]
    return bytes(turned)


def _as_utf8(data: bytes) -> bytes | None:
    return None if data.isascii() else data.decode("latin-1").encode("utf-8")


def _as_latin(data: bytes) -> bytes | None:
    try:
        return None if data.isascii() else data.decode("utf-8").encode("latin-1", "replace")
    except UnicodeDecodeError:
        return None


def _as_ascii(data: bytes) -> bytes | None:
    try:
        return None if data.isascii() else data.decode("utf-8").encode("ascii", "replace")
    except UnicodeDecodeError:
        return None


def _utf16(codec: str) -> Callable[[bytes], bytes | None]:
    def encode(data: bytes) -> bytes | None:
        return data.decode("ascii").encode(codec) if data.isascii() else None

    return encode


def _without_line_blanks(data: bytes) -> bytes:
    return re.sub(rb"[ \t]+(?=\r?\n|\Z)", b"", data)


def _without_empty_lines(data: bytes) -> bytes:
    return re.sub(rb"(?m)^\r?\n", b"", data)


def _capital_hex(data: bytes) -> bytes:
    return data.hex().upper().encode()


def _expanded(width: int) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(b"\t", b" " * width)


_FORMS = (
    Form("armour", "the armour typed without the blank behind BEGIN and END", 7, _closed_armour),
    Form("armour", "all lines of armour left out", 9, _bare_armour),
    Form("re-encoded", "the certificate sent as DER, decoded from its base64", 7, _der),
    Form("re-encoded", "the certificate sent as PEM, in lines of 64", 7, _pem),
    Form("blanks", "all blanks left out", 7, _without(b" ")),
    Form("blanks", "blanks at the ends of lines left out", 7, _without_line_blanks),
    Form("blanks", "empty lines left out", 7, _without_empty_lines),
    Form("blanks", "each tab sent as 4 blanks", 9, _expanded(4)),
    Form("blanks", "each tab sent as 8 blanks", 9, _expanded(8)),
    Form("blanks", "each tab sent as 2 blanks", 10, _expanded(2)),
    Form("case", "all letters sent as capitals", 8, bytes.upper),
    Form("case", "all letters sent as small ones", 8, bytes.lower),
    Form("seven-bit", "the top bit of each byte cleared: a line of 7 bits", 6, _seven_bits),
    Form("seven-bit", "the top bit of each byte made its even parity", 8, _with_parity(0)),
    Form("seven-bit", "the top bit of each byte made its odd parity", 9, _with_parity(1)),
    Form("control", "each XON (0x11) and XOFF (0x13) left out", 4, _without(b"\x11\x13")),
    Form("control", "each NUL (0x00) left out", 6, _without(b"\0")),
    Form("control", "each 0xff sent twice", 8, lambda data: data.replace(b"\xff", b"\xff\xff")),
    Form("string-end", "sent up to the first NUL (0x00)", 4, _up_to(b"\0")),
    Form("string-end", "sent up to the first SUB (0x1a)", 5, _up_to(b"\x1a")),
    Form("string-end", "sent up to the first ESC (0x1b)", 7, _up_to(b"\x1b")),
    Form("string-end", "sent up to the first EOT (0x04)", 7, _up_to(b"\x04")),
    Form("string-end", "sent up to the first line end", 5, _up_to(b"\n")),
    Form("re-encoded", "sent as hexadecimal digits, small ones", 7, lambda d: d.hex().encode()),
    Form("re-encoded", "sent as hexadecimal digits, capitals", 7, _capital_hex),
    Form("re-encoded", "sent as base64, without line ends", 7, base64.b64encode),
    Form("re-encoded", "sent as base64, in lines of 76", 8, base64.encodebytes),
    Form("re-encoded", "each byte above 0x7f sent as two (UTF-8)", 5, _as_utf8),
    Form("re-encoded", "its UTF-8 sent as one byte for each letter (Latin-1)", 7, _as_latin),
    Form("re-encoded", "each letter that is not ASCII sent as `?`", 7, _as_ascii),
    Form("re-encoded", "sent as UTF-16, low byte first", 8, _utf16("utf-16-le")),
    Form("re-encoded", "sent as UTF-16, high byte first", 9, _utf16("utf-16-be")),
    Form("re-encoded", "the two bytes of each word exchanged", 9, _words_turned),
    Form("re-encoded", "the bytes sent in the opposite order", 11, lambda data: data[::-1]),
    Form("re-encoded", "each + sent as a blank, as in a form of a web page", 9,
         lambda data: data.replace(b"+", b" ")),
    Form("control", "each + left out", 9, _without(b"+")),
    Form("control", "each quotation mark left out", 9, _without(b'"')),
    Form("control", "each backslash left out", 9, _without(b"\\")),
)  # fmt: skip
