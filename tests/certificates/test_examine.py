"""What is wrong with a file of certificates or keys, and what is not."""

from collections import Counter

import certifi
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat

from quecsim.certificates.examine import MOST_BYTES, examine
from tests.certificates.files import (
    DER,
    LINES,
    PARAMETERS,
    ROOT,
    certificate_pem,
    encrypted_pem,
    key_pem,
    pkcs7_file,
    public_pem,
    request_pem,
)


def told(data: bytes, name: str = "ca.pem") -> list[str]:
    return [f"{trouble.kind}: {trouble.seen}" for trouble in examine(data, name).troubles]


def bundle() -> bytes:
    with open(certifi.where(), "rb") as file:  # noqa: PTH123
        return file.read()


RIGHT = {
    "a root": ROOT,
    "without its last line end": ROOT.rstrip(),
    "a bundle with comments": bundle(),
    "a bundle of two": ROOT + certificate_pem(),
    "a certificate that has expired": certificate_pem(),  # nobody has said what time it is
    "text around it": b"my root:\n\n" + ROOT + b"\nkept by me -- BEGIN of nothing\n",
    "a key": key_pem(),
    "a key of the older form": key_pem(form=PrivateFormat.TraditionalOpenSSL),
    "an encrypted key": encrypted_pem(PrivateFormat.PKCS8),
    "an encrypted key of old": encrypted_pem(PrivateFormat.TraditionalOpenSSL),
    "a public key": public_pem(),
    "parameters and a key": PARAMETERS + key_pem(form=PrivateFormat.TraditionalOpenSSL),
    "a request": request_pem(),
    "pkcs7": pkcs7_file(Encoding.PEM),
    "pgp": b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nabcd\n=abcd\n-----END PGP...-----\n",
    "something else": b"hello",
    "a source that holds one": b'static const char ca[] = "-----BEGIN CERTIFICATE-----\\n";\n',
    "nothing": b"",
}


@pytest.mark.parametrize("data", RIGHT.values(), ids=RIGHT.keys())
def test_what_is_right_has_no_trouble(data: bytes) -> None:
    name = "ca.c" if data.startswith(b"static") else "ca.pem"
    assert told(data, name) == []


@pytest.mark.parametrize(
    ("data", "name"),
    [(DER, "ca.der"), (pkcs7_file(Encoding.DER), "ca.der"), (b"0123", "list.txt")],
)
def test_der_that_is_right_has_no_trouble(data: bytes, name: str) -> None:
    assert told(data, name) == []


SPOILED = {
    "no blank": (
        ROOT.replace(b"BEGIN CERT", b"BEGINCERT"),
        "armour: line 1, -----BEGINCERTIFICATE----- should be -----BEGIN CERTIFICATE-----: no TLS "
        "stack takes it as it is",
    ),
    "four hyphens": (
        ROOT.replace(b"-----BEGIN", b"----BEGIN"),
        "armour: line 1, ----BEGIN CERTIFICATE----- has 4 hyphens before and 5 behind the words",
    ),
    "dashes": (ROOT.replace(b"-----END", "———END".encode()), "armour: line 20, \\u2014"),
    "no line ends": (ROOT.replace(b"\n", b""), "armour: line 1, -----BEGIN CERTIFICATE-----MII"),
    "blanks for line ends": (ROOT.replace(b"\n", b" "), "armour: line 1, -----BEGIN"),
    "no line end before END": (ROOT.replace(b"\n-----END", b"-----END"), "armour: line 19"),
    "no line end between two": (ROOT.rstrip() + certificate_pem(), "armour: line 20"),
    "line ends written out": (ROOT.replace(b"\n", b"\\n"), "encoding: the line ends are written"),
    "cut off": (ROOT[:900], "end: CERTIFICATE begins in line 1, and its END line is missing"),
    "no BEGIN": (ROOT[40:], "end: line 19 ends CERTIFICATE, and no BEGIN stands before it"),
    "a key within": (
        ROOT[:900] + key_pem(),
        "end: CERTIFICATE begins in line 1, and its END line is missing",
    ),
    "another END": (
        ROOT.replace(b"END CERTIFICATE", b"END PRIVATE KEY"),
        "end: CERTIFICATE begins in line 1, and line 20 ends PRIVATE KEY",
    ),
    "a line less": (
        b"\n".join(LINES[:5] + LINES[6:]),
        "der: the CERTIFICATE in line 1 lacks 48 of the 836 bytes that it announces itself (one "
        "line of 64 characters)",
    ),
    "a character less": (
        ROOT.replace(LINES[5], LINES[5][1:]),
        "base64: the CERTIFICATE in line 1 has 1115 characters of base64, no multiple of 4: line 6 "
        "has 63, the others have 64",
    ),
    "a strange character": (
        ROOT.replace(LINES[5], b"*" + LINES[5][1:]),
        "base64: line 6 has 0x2a at place 1: no base64",
    ),
    "padding in the middle": (
        ROOT.replace(LINES[5], LINES[5][:62] + b"=="),
        "base64: the CERTIFICATE in line 1 has `=` in the middle of its base64",
    ),
    "empty": (b"\n".join((LINES[0], LINES[-2], b"")), "base64: the CERTIFICATE in line 1 is empty"),
    "another character": (
        ROOT.replace(LINES[17], b"A" + LINES[17][1:]),
        "der: the CERTIFICATE in line 1 does not fit its own signature",
    ),
    "a key with another character": (
        key_pem().replace(b"MIGHAgEA", b"MIGHAgEB"),
        "der: the PRIVATE KEY in line 1 has the right length, and cannot be read",
    ),
    "NUL behind it": (
        ROOT + b"\0",
        "junk: a byte stands behind the last END line (NUL, 0x00)",
    ),
    "SUB behind it": (ROOT + b"\x1a", "junk: a byte stands behind the last END line (SUB, 0x1a)"),
    "erased flash behind it": (
        ROOT + b"\xff" * 36,
        "junk: 36 bytes stand behind the last END line (0xff)",
    ),
    "NUL before it": (b"\0" + ROOT, "junk: 0x00 stands before the first BEGIN, at byte 0"),
    "a byte order mark": (b"\xef\xbb\xbf" + ROOT, "encoding: the file begins with a byte order"),
    "UTF-16": (ROOT.decode().encode("utf-16"), "encoding: the file is UTF-16"),
    "UTF-16 without a mark": (ROOT.decode().encode("utf-16-le"), "encoding: the file is UTF-16"),
    "OpenSSH's form": (
        key_pem(form=PrivateFormat.OpenSSH),
        "key-form: an OPENSSH PRIVATE KEY is OpenSSH's own form",
    ),
    "twice": (ROOT + ROOT, "end: the CERTIFICATE in line 21 is there a second time"),
}


@pytest.mark.parametrize(("data", "seen"), SPOILED.values(), ids=SPOILED.keys())
def test_what_is_wrong_is_told_once(data: bytes, seen: str) -> None:
    (trouble, *others) = told(data)
    assert trouble.startswith(seen)
    assert others == []
    assert all(trouble.advice for trouble in examine(data, "ca.pem").troubles)


def test_line_ends_of_dos_are_told_and_harmless() -> None:
    (trouble,) = examine(ROOT.replace(b"\n", b"\r\n"), "ca.pem").troubles
    assert (trouble.kind, trouble.is_harmless) == ("line-ends", True)
    assert trouble.seen == "its 20 lines end in CR LF"
    (alone,) = examine(ROOT.replace(b"\n", b"\r"), "ca.pem").troubles
    assert alone.seen == "20 of its lines end in CR alone"


def test_der_that_is_wrong() -> None:
    seen = "der: the DER in it "
    assert told(DER[:-1], "ca.der") == [f"{seen}lacks 1 of the 836 bytes that it announces itself"]
    behind = "is 836 bytes long by its own account, and 2 more follow"
    assert told(DER + b"\xff\xff", "ca.der") == [seen + behind]
    assert "is whole, and no certificate" in told(b"\x30\x03\x02\x01\x07", "ca.der")[0]
    changed = DER[:-1] + bytes((DER[-1] ^ 1,))
    assert "own signature" in told(changed, "ca.der")[0]


def test_a_firmware_that_holds_a_certificate_is_no_certificate() -> None:
    assert told(bytes(range(256)) * 4 + b"\n" + ROOT[:900], "app.bin") == []


def test_what_is_very_long_is_not_looked_at() -> None:
    assert told(ROOT[:900] + b"\n" * MOST_BYTES) == []


def test_whose_keys_they_are() -> None:
    one, two = examine(certificate_pem(1), "a.pem"), examine(certificate_pem(2), "a.pem")
    assert one.leaves == examine(key_pem(1), "a.key").keys
    assert one.leaves != two.leaves
    assert examine(ROOT, "a.pem").leaves == ()  # an authority's
    both = examine(certificate_pem(1) + key_pem(1), "a.pem")
    assert both.keys == both.leaves == one.leaves


def test_a_wrong_character_anywhere_is_told_or_not_noticed() -> None:
    """The library reports damage in many ways: none of them gets out of here."""
    base64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    first, last = len(LINES[0]), ROOT.index(b"-----END")
    kinds = Counter(
        "".join(told(ROOT[:at] + bytes((other,)) + ROOT[at + 1 :]))[:30]
        for at in range(first, last)
        if (place := base64.find(ROOT[at])) >= 0
        for other in (base64[(place + 1) % 64],)
    )
    assert kinds["der: the CERTIFICATE in line 1 "[:30]] > 900
    assert 0 < kinds[""] < 200


def test_a_long_line_takes_no_time() -> None:
    assert told(b"-----BEGIN" + b" " * 500_000 + b"CERTIFICATE") != []
