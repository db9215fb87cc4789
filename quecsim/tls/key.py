"""A private key out of a file, with its password, in bounded time."""

import re
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, TypeGuard

from quecsim.certificates.armour import Block, read_blocks
from quecsim.certificates.body import PRIVATE_KEYS, decode, is_the_librarys
from quecsim.tls.pem import frame_trouble

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

    from quecsim.tls.openssl import OwnKey

MOST_BYTES = 16_384
"""Room for more than 8192 bits; checking a larger key would take its time."""
MOST_ROUNDS = 1_000_000
"""Of the derivation of a key from its password: more would take seconds."""

_ENCRYPTED = "ENCRYPTED PRIVATE KEY"
_LABELS = (*PRIVATE_KEYS, _ENCRYPTED)
_SCRYPT = bytes.fromhex("06092b06010401da47040b")  # takes as much memory as the file asks for
_LENGTH = rb"(?:([\x00-\x7f])|\x81(.)|\x82(..))"
# PBKDF2's parameters, and those of its elders: SEQUENCE { OCTET STRING salt, INTEGER rounds, ...
_SALT = re.compile(rb"\x30(?:[\x00-\x7f]|\x81.|\x82..)\x04" + _LENGTH, re.DOTALL)
_DEK_INFO = re.compile(
    rb"DEK-Info: ?(?:AES-(?:128|192|256)-CBC, ?[0-9A-Fa-f]{32}|DES(?:-EDE3)?-CBC, ?[0-9A-Fa-f]{16})"
)  # RFC 1421; the library does not look at the length
_PARAMETERS_BYTES = 128  # they begin within these


@lru_cache(maxsize=8)
def read_key(data: bytes, password: str) -> "OwnKey | str":
    """The first private key of a PEM file, or in words why there is none. Any bytes may come."""
    if not data:
        return "the file is empty"
    if len(data) > MOST_BYTES:
        return f"it has {len(data)} bytes, more than the {MOST_BYTES} of any"
    armour = read_blocks(data)
    block = next((one for one in armour.blocks if one.label in _LABELS), None)
    if block is None:
        return _no_key(armour.troubles[0].seen if armour.troubles else "", armour.blocks)
    if trouble := frame_trouble(block, armour, data):
        return trouble
    is_encrypted = block.label == _ENCRYPTED or any(b"ENCRYPTED" in line for _, line in block.lines)
    if is_encrypted and not password:
        return "the key is encrypted, and no password is configured"
    if block.label == _ENCRYPTED or not is_encrypted:
        der, wrong = decode(block)
        if wrong is not None:
            return wrong.seen
        if block.label == _ENCRYPTED and (refused := _takes_too_much(der)):
            return refused
    elif not any(_DEK_INFO.fullmatch(line.strip()) for _, line in block.lines):
        return "the key is encrypted in a way that cannot be read (DEK-Info)"
    return _load(block, password if is_encrypted else "")


def _no_key(trouble: str, blocks: list[Block]) -> str:
    if trouble:
        return trouble
    return f"no private key in it, but a {blocks[0].label}" if blocks else "no private key in it"


def _load(block: Block, password: str) -> "OwnKey | str":
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    label = block.label.encode()
    body = b"\n".join(line.strip() for _, line in block.lines)
    pem = b"-----BEGIN %b-----\n%b\n-----END %b-----\n" % (label, body, label)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of kinds that are going out of use
            key = load_pem_private_key(pem, password.encode() if password else None)
            return key if can_sign(key) else "the key is of a kind that TLS cannot use"
    except BaseException as error:
        if not is_the_librarys(error):
            raise
        if password:
            return "the password does not open the key, or the key is damaged"
        return f"the {block.label} in line {block.begin} cannot be read"


def _takes_too_much(der: bytes) -> str:
    """Whether the derivation of a key from its password has no bounded cost; empty: it has."""
    if _SCRYPT in der[:_PARAMETERS_BYTES]:
        return "the key is encrypted by way of scrypt, which modules do not know"
    if max(_rounds(der, at) for at in range(_PARAMETERS_BYTES)) > MOST_ROUNDS:
        return f"the key's password goes through more than {MOST_ROUNDS} rounds"
    return ""


def _rounds(der: bytes, at: int) -> int:
    """How many rounds the parameters say that begin at `at`; 0 where none do."""
    match = _SALT.match(der, at)
    if match is None:
        return 0
    length = next(int.from_bytes(one, "big") for one in match.groups() if one is not None)
    rest = der[match.end() + length :]
    if rest[:1] != b"\x02":
        return 0
    return int.from_bytes(rest[2 : 2 + int.from_bytes(rest[1:2], "big")], "big")


def can_sign(key: object) -> "TypeGuard[OwnKey]":
    """Whether it is a key that a certificate can be for."""
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa

    kinds = (
        rsa.RSAPrivateKey,
        ec.EllipticCurvePrivateKey,
        ed25519.Ed25519PrivateKey,
        ed448.Ed448PrivateKey,
        dsa.DSAPrivateKey,
    )
    return isinstance(key, kinds)


def public_bytes(key: "PublicKeyTypes") -> bytes:
    """A public key as DER, for comparison; raises whatever the library does."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
