"""The bytes inside of a block: base64, the length that DER announces, and what it holds."""

import base64
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import TYPE_CHECKING

from quecsim.certificates.armour import Block
from quecsim.certificates.trouble import Trouble

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from cryptography.x509 import Certificate

CERTIFICATES = ("CERTIFICATE", "X509 CERTIFICATE")
PRIVATE_KEYS = ("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY")
_OPAQUE = ("TRUSTED CERTIFICATE", "EC PARAMETERS")  # DER and more, or a bare name
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]")
_PADDING = re.compile(rb"=(?=[^=])|={3}")
_SEQUENCE = 0x30
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")  # PKCS #7
_LINE_CHARS, _LINE_BYTES = 64, 48
_AGAIN = "send the file anew, and compare it with the original"
_OPENSSH = "convert a copy of it: ssh-keygen -p -m PEM -f COPY"


def decode(block: Block) -> tuple[bytes, Trouble | None]:
    """The DER of a block, or what keeps it from being any; empty for an encrypted key of old."""
    lines, is_encrypted = _without_headers(block.lines)
    if block.label == "OPENSSH PRIVATE KEY":
        seen = "an OPENSSH PRIVATE KEY is OpenSSH's own form, which TLS stacks do not take"
        return b"", Trouble("key-form", seen, _OPENSSH)
    if trouble := _unreadable(block, lines):
        return b"", trouble
    der = base64.b64decode(b"".join(line for _, line in lines))
    if is_encrypted or block.label in _OPAQUE:
        return b"", None
    return der, _length_trouble(der, _name(block))


def content_trouble(der: bytes, label: str, what: str) -> Trouble | None:
    """What is wrong with whole DER that should be a `label`; `what` names it for people."""
    kinds = {**dict.fromkeys(CERTIFICATES, _fields), **dict.fromkeys(PRIVATE_KEYS, _key)}
    if label not in kinds or _parses(kinds[label], der):
        return None
    return Trouble("der", f"{what} has the right length, and cannot be read", _AGAIN)


def signature_trouble(der: bytes, what: str) -> Trouble | None:
    """Whether a certificate that is signed by itself does not fit its own signature."""
    from cryptography.exceptions import InvalidSignature

    try:
        certificate = load_certificate(der)
        if certificate.subject == certificate.issuer and _has_own_key_id(certificate):
            certificate.verify_directly_issued_by(certificate)
    except InvalidSignature:
        seen = f"{what} does not fit its own signature: some of its bytes were changed"
        return Trouble("der", seen, _AGAIN)
    except BaseException as error:  # an algorithm of old, or a field of it: nothing is known
        if not is_the_librarys(error):
            raise
    return None


def any_der_trouble(der: bytes) -> Trouble | None:
    """A file that is DER, by its first bytes: is it all there, and is it something?"""
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization

    if trouble := _length_trouble(der, "the DER in it"):
        return trouble
    readers = (
        _key,
        serialization.load_der_public_key,
        x509.load_der_x509_csr,
        x509.load_der_x509_crl,
    )
    if _parses(_fields, der):
        return signature_trouble(der, "the certificate in it")
    if _SIGNED_DATA in der[:40] or any(_parses(reader, der) for reader in readers):
        return None
    return Trouble("der", "the DER in it is whole, and no certificate, key or request", _AGAIN)


def public_key(der: bytes, label: str) -> tuple[str, bytes] | None:
    """(`key` or `leaf`, digest of the public key); None for a CA, and what cannot be read."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    try:
        if label in PRIVATE_KEYS:
            kind, public = "key", _key(der).public_key()
        elif label in CERTIFICATES and not _is_ca(certificate := load_certificate(der)):
            kind, public = "leaf", certificate.public_key()
        else:
            return None
        plain = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except BaseException as error:  # told elsewhere, or of a kind that is unknown here
        if not is_the_librarys(error):
            raise
        return None
    return kind, sha256(plain).digest()


def _name(block: Block) -> str:
    return f"the {block.label} in line {block.begin}"


def _without_headers(lines: list[tuple[int, bytes]]) -> tuple[list[tuple[int, bytes]], bool]:
    """The base64 of a block; of an encrypted key of old the headers are taken away, and told."""
    body = [(number, line.rstrip(b" \t\x0b\x0c")) for number, line in lines]
    headers = [line for _, line in body if b": " in line]
    is_encrypted = any(b"ENCRYPTED" in line for line in headers)
    if headers and is_encrypted:
        first_blank = next((i for i, (_, line) in enumerate(body) if not line), 0)
        body = body[first_blank:]
    return [(number, line) for number, line in body if line], is_encrypted


def _unreadable(block: Block, lines: list[tuple[int, bytes]]) -> Trouble | None:
    """Why the lines are no base64."""
    text = b"".join(line for _, line in lines)
    for number, line in lines:
        if match := _NO_BASE64.search(line):
            byte = line[match.start()]
            seen = f"line {number} has 0x{byte:02x} at place {match.start() + 1}: no base64"
            return Trouble("base64", seen, _AGAIN)
    if not text:
        return Trouble("base64", f"{_name(block)} is empty", _AGAIN)
    if _PADDING.search(text):
        seen = f"{_name(block)} has `=` in the middle of its base64"
        return Trouble("base64", seen, _AGAIN)
    if len(text) % 4:
        seen = f"{_name(block)} has {len(text)} characters of base64, no multiple of 4"
        return Trouble("base64", seen + _odd_line(lines), _AGAIN)
    return None


def _odd_line(lines: list[tuple[int, bytes]]) -> str:
    """Which line is not as long as the others; the last one may be shorter."""
    usual = Counter(len(line) for _, line in lines).most_common(1)[0][0]
    odd = [(n, len(line)) for n, line in lines[:-1] if len(line) != usual]
    odd += [(n, len(line)) for n, line in lines[-1:] if len(line) > usual]
    if len(lines) < 3 or not odd:
        return ""
    number, length = odd[0]
    return f": line {number} has {length}, the others have {usual}"


def _length_trouble(der: bytes, what: str) -> Trouble | None:
    """DER says itself how long it is."""
    wanted = _announced(der)
    if wanted is None:
        return Trouble("der", f"{what} does not begin as DER does (0x30)", _AGAIN)
    if len(der) == wanted:
        return None
    if len(der) > wanted:
        more = len(der) - wanted
        seen = f"{what} is {wanted} bytes long by its own account, and {more} more follow"
        return Trouble("der", seen, "send the file as it is, with nothing behind it")
    missing = wanted - len(der)
    lines, rest = divmod(missing, _LINE_BYTES)
    number = "one line" if lines == 1 else f"{lines} lines"
    told = "" if rest else f" ({number} of {_LINE_CHARS} characters)"
    seen = f"{what} lacks {missing} of the {wanted} bytes that it announces itself{told}"
    return Trouble("der", seen, _AGAIN)


def _announced(der: bytes) -> int | None:
    """The length of a DER sequence by its first bytes; None where it is none."""
    if len(der) < 2 or der[0] != _SEQUENCE:
        return None
    if der[1] < 0x80:
        return 2 + der[1]
    count = der[1] & 0x7F
    if not 1 <= count <= 4 or len(der) < 2 + count:
        return None
    return 2 + count + int.from_bytes(der[2 : 2 + count], "big")


def load_certificate(der: bytes) -> "Certificate":
    """Roots of old break rules that nobody minds in them, of which the library warns."""
    from cryptography.x509 import load_der_x509_certificate

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_der_x509_certificate(der)


def _fields(der: bytes) -> object:
    """What a chain of certificates is checked by; the library reads it only where it is asked."""
    made = load_certificate(der)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return (
            made.subject,
            made.issuer,
            made.not_valid_before_utc,
            made.not_valid_after_utc,
            made.public_key(),
        )


def _key(der: bytes) -> "PrivateKeyTypes":
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    return load_der_private_key(der, None)


def _parses(reader: Callable[[bytes], object], der: bytes) -> bool:
    """Whether it can be read; an encrypted key, or an algorithm that is unknown here, can.

    Of what is damaged the library says so in many ways, and not all of them are ValueErrors.
    """
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        reader(der)
    except (TypeError, UnsupportedAlgorithm):
        return True
    except BaseException as error:
        if not is_the_librarys(error):
            raise
        return "serial number" in str(error)  # of 0 or less: against the rules, and roots have it
    return True


def is_the_librarys(error: BaseException) -> bool:
    """Whether an error of `cryptography` says that something cannot be read.

    Its Rust may panic over bytes that nobody has thought of, and a panic is no Exception.
    """
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"


def _is_ca(certificate: "Certificate") -> bool:
    from cryptography.x509 import BasicConstraints, ExtensionNotFound

    try:
        return certificate.extensions.get_extension_for_class(BasicConstraints).value.ca
    except ExtensionNotFound:
        return certificate.subject == certificate.issuer


def _has_own_key_id(certificate: "Certificate") -> bool:
    """No other key of the same name has signed it, as far as its extensions tell."""
    from cryptography.x509 import AuthorityKeyIdentifier, SubjectKeyIdentifier

    found: dict[type, bytes | None] = {}
    for extension in _extensions(certificate):
        if isinstance(extension, AuthorityKeyIdentifier):
            found[AuthorityKeyIdentifier] = extension.key_identifier
        elif isinstance(extension, SubjectKeyIdentifier):
            found[SubjectKeyIdentifier] = extension.digest
    authority = found.get(AuthorityKeyIdentifier)
    return authority is None or authority == found.get(SubjectKeyIdentifier)


def _extensions(certificate: "Certificate") -> Iterator[object]:
    try:
        yield from (extension.value for extension in certificate.extensions)
    except ValueError:
        return
