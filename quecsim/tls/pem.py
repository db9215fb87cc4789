"""A file of certificates as a TLS stack takes it: which are in it, and what is wrong with the rest.

Stricter than `quecsim.certificates.examine`, which forgives what people's eyes do: here an empty
line within a block, or a CR alone, makes it unreadable.
"""

import re
from functools import lru_cache

import msgspec

from quecsim.border.wish import MOST_PEM_BYTES
from quecsim.certificates.armour import Armour, Block, read_blocks
from quecsim.certificates.body import CERTIFICATES, content_trouble, decode
from quecsim.certificates.examine import examine

_BOM = b"\xef\xbb\xbf"
_LONE_CR = re.compile(rb"\r(?!\n|\Z)")
_BEGIN = b"-----BEGIN"
_DER = b"\x30"
_HEADER = b": "  # of an encrypted key of old, with an empty line behind (RFC 1421)
_ASIDE = ("junk", "line-ends")  # these keep nobody from reading the rest


class Found(msgspec.Struct, frozen=True):
    """The certificates of a file as DER, in order, and what keeps others from being any."""

    certificates: tuple[bytes, ...] = ()
    troubles: tuple[str, ...] = ()


@lru_cache(maxsize=16)  # a file serves many connections
def read_certificates(data: bytes) -> Found:
    """Every certificate in a PEM file that can be read, and in words what is wrong with others.

    Without any certificate there is at least one trouble. Any bytes at all may come.
    """
    if not data:
        return Found(troubles=("the file is empty",))
    if len(data) > MOST_PEM_BYTES:
        return Found(troubles=(f"it has more than the {MOST_PEM_BYTES} bytes of any",))
    armour = read_blocks(data.removeprefix(_BOM))
    good: list[bytes] = []
    bad: list[str] = []
    is_swallowed = False  # by one that has no END line: theirs is the next one that comes
    for block in armour.blocks:
        if block.label in CERTIFICATES and not is_swallowed:
            der, trouble = _certificate(block, armour, data)
            if trouble:
                bad.append(trouble)
            else:
                good.append(der)
        is_swallowed = not block.is_closed
    if not good and not bad:
        bad.append(_nothing(data, armour))
    return Found(tuple(good), tuple(bad))


def frame_trouble(block: Block, armour: Armour, data: bytes) -> str:
    """What is wrong with the lines of a block and around it; empty: nothing.

    `data` is all of the file.
    """
    if block.is_misspelled:
        return _seen(data, armour)
    what = "a certificate" if block.label in CERTIFICATES else f"a {block.label}"
    if not block.is_closed and block is armour.blocks[-1]:
        return f"no END line: the file ends after {len(data)} bytes in the middle of {what}"
    if not block.is_closed:
        return f"{block.label} begins in line {block.begin}, and its END line is missing"
    if match := _LONE_CR.search(data, max(0, data.find(_BEGIN))):
        return f"a line ends in CR alone, at byte {match.start()}: it is unreadable"
    blank = next((number for number, line in block.lines if not line.strip()), None)
    if blank is not None and not any(_HEADER in line for _, line in block.lines):
        return f"line {blank} is empty, within {what}: it is unreadable"
    return ""


def _certificate(block: Block, armour: Armour, data: bytes) -> tuple[bytes, str]:
    """(DER, what is wrong with it)."""
    from quecsim.tls.openssl import can_load

    if trouble := frame_trouble(block, armour, data):
        return b"", trouble
    der, wrong = decode(block)
    what = f"the certificate in line {block.begin}"
    wrong = wrong or content_trouble(der, block.label, what)
    if wrong is not None:
        return b"", wrong.seen
    if not can_load(der):
        return b"", f"{what} has the right length, and cannot be read"
    return der, ""


def _nothing(data: bytes, armour: Armour) -> str:
    """Why there is no certificate in a file."""
    if seen := _seen(data, armour):
        return seen
    if armour.blocks:
        return f"no certificate in it, but a {armour.blocks[0].label}"
    if data.startswith(_DER):
        return "no certificate in it as PEM has it: it begins as DER does"
    return "no certificate in it: it has no BEGIN line"


def _seen(data: bytes, armour: Armour) -> str:
    """What a person would be told of the armour; empty: nothing."""
    troubles = (*examine(data, ".pem").troubles, *armour.troubles)
    return next((one.seen for one in troubles if one.kind not in _ASIDE), "")
