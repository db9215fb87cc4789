"""A file as a TLS stack will meet it: everything that is wrong with it, and whose keys it holds.

Whether a certificate is still valid is not told: that takes a date, and there is none here.
"""

import re
from functools import lru_cache

import msgspec

from quecsim.certificates.armour import Armour, Block, read_blocks
from quecsim.certificates.body import (
    CERTIFICATES,
    any_der_trouble,
    content_trouble,
    decode,
    public_key,
    signature_trouble,
)
from quecsim.certificates.trouble import Trouble

MOST_BYTES = 1 << 20
"""Larger files are not looked at."""

_MOST_TROUBLES = 5
_MOST_SIGNATURES = 8  # a bundle has been checked by whoever made it
_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DASH16 = (b"-\x00", b"\x00-")
_BEFORE = _BOM + bytes(range(9))
_WORDS = (b"BEGIN", b"begin", b"Begin", b"END ", b"END-", b"end ", b"ENDC")
_ARMOUR_WORD = re.compile(
    rb"(BEGIN|END) ?[A-Z0-9 ]*(CERTIFICATE|KEY|REQUEST|PARAMETERS|PKCS7|CRL)", re.I
)
_FOREIGN = re.compile(rb"^-+ ?BEGIN (PGP|SSH2)", re.M)
_ESCAPED = re.compile(rb"-----\\[rn]|\\[rn]MII")
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f\xff]")
_PEM_ENDINGS = (".pem", ".crt", ".cer", ".key")
_DER_ENDINGS = (".der", ".crt", ".cer", ".key", ".p8")


class Examined(msgspec.Struct, frozen=True):
    """What is wrong with a file; digests of the public keys of its private `keys`, and of its
    certificates that are no CA's (`leaves`).
    """

    troubles: tuple[Trouble, ...] = ()
    keys: tuple[bytes, ...] = ()
    leaves: tuple[bytes, ...] = ()


NOTHING = Examined()


def examine(data: bytes, name: str = "") -> Examined:
    """Look at the bytes of a file; its name (and what that ends in) tells what it should be."""
    ending = name.lower().rpartition(".")[2]
    if not data or len(data) > MOST_BYTES or not _concerns(data, f".{ending}"):
        return NOTHING
    return _examined(data, f".{ending}")


def _concerns(data: bytes, ending: str) -> bool:
    """Whether it looks like, or is called, a certificate or a key."""
    has_word = any(word in data for word in _WORDS)  # far faster than the pattern
    if (has_word and _ARMOUR_WORD.search(data)) or _is_utf16(data):
        return True
    return data[:1] == b"\x30" and ending in _DER_ENDINGS


@lru_cache(maxsize=16)  # many runs upload the same file
def _examined(data: bytes, ending: str) -> Examined:
    if trouble := _other_encoding(data):
        return Examined((trouble,))
    if data[:1] == b"\x30" and not _ARMOUR_WORD.search(data):
        trouble = any_der_trouble(data)
        return Examined((trouble,)) if trouble else NOTHING
    if _FOREIGN.search(data):
        return NOTHING
    is_meant = ending in _PEM_ENDINGS or data.lstrip(b" \"'").startswith(b"-----BEGIN")
    if is_meant and _ESCAPED.search(data):
        return Examined((_escaped(),))
    armour = read_blocks(data.lstrip(_BEFORE))
    if not (armour.blocks or armour.troubles):
        return NOTHING
    if _is_binary(data, armour):
        return NOTHING
    return _pem(data, armour)


def _pem(data: bytes, armour: Armour) -> Examined:
    """A file that has lines of armour."""
    troubles = [*_around(data, armour), *armour.troubles]
    digests: dict[str, list[bytes]] = {"key": [], "leaf": []}
    seen: set[bytes] = set()
    for number, block in enumerate(armour.blocks):
        if not block.is_closed:
            continue
        der, trouble = decode(block)
        trouble = trouble or _wrong(block, der, seen, number < _MOST_SIGNATURES)
        if trouble is not None:
            troubles.append(trouble)
        elif der and (found := public_key(der, block.label)):
            digests[found[0]].append(found[1])
    text = data[max(0, data.find(b"-----BEGIN")) :]
    if not troubles and b"\r" in text:
        troubles.append(_line_ends(text))
    return Examined(tuple(troubles[:_MOST_TROUBLES]), tuple(digests["key"]), tuple(digests["leaf"]))


def _wrong(block: Block, der: bytes, seen: set[bytes], has_time: bool) -> Trouble | None:
    """What is wrong with a block whose base64 is right."""
    what = f"the {block.label} in line {block.begin}"
    if not der:
        return None
    if (trouble := content_trouble(der, block.label, what)) is not None:
        return trouble
    if block.label not in CERTIFICATES:
        return None
    if der in seen:
        again = f"{what} is there a second time: two copies were put into one file"
        return Trouble("end", again, "send it once", is_harmless=True)
    seen.add(der)
    return signature_trouble(der, what) if has_time else None


def _other_encoding(data: bytes) -> Trouble | None:
    if _is_utf16(data):
        seen = "the file is UTF-16: every second byte of it is 0x00"
        return Trouble("encoding", seen, "save it as ASCII (or UTF-8 without a byte order mark)")
    return None


def _is_utf16(data: bytes) -> bool:
    """With a byte order mark and text behind it, or text of hyphens."""
    starts = [mark + dash for mark, dash in zip(_UTF16, _DASH16, strict=True)]
    return data.startswith((*starts, _DASH16[0] * 5, _DASH16[1] * 5))


def _around(data: bytes, armour: Armour) -> list[Trouble]:
    """What stands before the first block and behind the last one; comments may."""
    found: list[Trouble] = []
    if data.startswith(_BOM):
        seen = "the file begins with a byte order mark (ef bb bf)"
        found.append(Trouble("encoding", seen, "save it as UTF-8 without a byte order mark"))
    first = data.find(b"-----BEGIN")
    if first > 0 and (match := _NO_TEXT.search(data, 0, first)):
        seen = f"0x{data[match.start()]:02x} stands before the first BEGIN, at byte {match.start()}"
        found.append(Trouble("junk", seen, "send the file's own bytes and nothing before them"))
    if match := _NO_TEXT.search(armour.rest):
        byte, count = armour.rest[match.start()], len(armour.rest.strip(b"\r\n"))
        what = "a byte stands" if count == 1 else f"{count} bytes stand"
        seen = f"{what} behind the last END line ({_byte(byte)})"
        found.append(Trouble("junk", seen, "send the file's own length, nothing behind it"))
    return found


def _byte(byte: int) -> str:
    names = {0x00: "NUL, 0x00", 0x1A: "SUB, 0x1a", 0x1B: "ESC, 0x1b"}
    return names.get(byte, f"0x{byte:02x}")


def _escaped() -> Trouble:
    seen = "the line ends are written out, as a backslash and a letter (\\n)"
    return Trouble("encoding", seen, "unescape the text before you send it")


def _line_ends(data: bytes) -> Trouble:
    pairs, alone = data.count(b"\r\n"), data.count(b"\r") - data.count(b"\r\n")
    seen = f"{alone} of its lines end in CR alone" if alone else f"its {pairs} lines end in CR LF"
    advice = (
        "RFC 7468 allows it; should TLS refuse the file on the device, try LF alone "
        "(send it as binary, not as text)"
    )
    return Trouble("line-ends", seen, advice, is_harmless=True)


def _is_binary(data: bytes, armour: Armour) -> bool:
    """Something else that holds a certificate: what is around its blocks is no text."""
    head = data[: data.find(b"-----")]
    return len(_NO_TEXT.findall(head)) > 16 or len(armour.rest) > 64 * 1024
