"""Private keys out of files."""

import base64
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.tls.authority import client_pair
from quecsim.tls.key import MOST_BYTES, public_bytes, read_key
from tests.tls.ends import ROOT

SECRET = "geheim: ä"
EC = ec.derive_private_key(20260602, ec.SECP256R1())
RSA_PEM = client_pair()[1]
NOT_OPENED = "the password does not open the key, or the key is damaged"


@cache
def pem(form: PrivateFormat = PrivateFormat.PKCS8, password: str = "") -> bytes:
    how: KeySerializationEncryption = NoEncryption()
    if password:
        how = BestAvailableEncryption(password.encode())
    return EC.private_bytes(Encoding.PEM, form, how)


def is_ours(data: bytes, password: str = "") -> bool:
    found = read_key(data, password)
    return not isinstance(found, str) and public_bytes(found.public_key()) == public_bytes(
        EC.public_key()
    )


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_both_forms_with_and_without_a_password(form: PrivateFormat) -> None:
    assert is_ours(pem(form))
    assert is_ours(pem(form), "a password that it does not need")
    assert is_ours(pem(form, SECRET), SECRET)
    assert is_ours(pem(form, SECRET).replace(b"\n", b"\r\n"), SECRET)
    assert read_key(pem(form, SECRET), "wrong") == NOT_OPENED
    assert read_key(pem(form, SECRET), "") == "the key is encrypted, and no password is configured"


def test_curve_parameters_may_stand_in_front() -> None:
    """As `openssl ecparam -genkey` writes them."""
    parameters = b"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
    assert is_ours(parameters + pem(PrivateFormat.TraditionalOpenSSL))


X25519 = x25519.X25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file is empty"),
        (b"hello", "no private key in it"),
        (ROOT, "no private key in it, but a CERTIFICATE"),
        (b"x" * (MOST_BYTES + 1), "it has 16385 bytes, more than the 16384 of any"),
        (
            RSA_PEM[:1000],
            "no END line: the file ends after 1000 bytes in the middle of a PRIVATE KEY",
        ),
        (
            RSA_PEM.replace(b"\n", b"\n\n"),
            "line 4 is empty, within a PRIVATE KEY: it is unreadable",
        ),
        (
            pem().replace(b"BEGIN PRIVATE", b"BEGIN  PRIVATE"),
            "line 1, -----BEGIN  PRIVATE KEY----- should be -----BEGIN PRIVATE KEY-----: no TLS"
            " stack takes it as it is",
        ),
        (
            pem(password=SECRET)[:200],
            "no END line: the file ends after 200 bytes in the middle of a ENCRYPTED PRIVATE KEY",
        ),
        (
            X25519.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
            "the key is of a kind that TLS cannot use",
        ),
    ],
)
def test_what_is_wrong_with_a_file(data: bytes, said: str) -> None:
    assert read_key(data, SECRET) == said


def test_an_encryption_of_old_that_cannot_be_read() -> None:
    right = pem(PrivateFormat.TraditionalOpenSSL, SECRET)
    said = "the key is encrypted in a way that cannot be read (DEK-Info)"
    start = right.index(b"CBC,") + 4
    assert read_key(right[:start] + right[start + 2 :], SECRET) == said
    assert read_key(right.replace(b"DEK-Info", b"DEK-info"), SECRET) == said


def test_a_damaged_key_is_found() -> None:
    """Also where it would still be read: its numbers do not belong together."""
    lines = RSA_PEM.splitlines()
    for number in (5, 12, 20, 25):
        line = lines[number]
        other = b"A" if line[30:31] != b"A" else b"B"
        changed = [*lines[:number], line[:30] + other + line[31:], *lines[number + 1 :]]
        assert isinstance(read_key(b"\n".join(changed), ""), str)


def encrypted(parameters: bytes) -> bytes:
    """An encrypted key whose derivation has these parameters."""
    body = base64.encodebytes(sequence(parameters + b"\x04\x10" + bytes(16)))
    return b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n%b-----END ENCRYPTED PRIVATE KEY-----\n" % body


def sequence(body: bytes) -> bytes:
    if len(body) > 127:
        return b"\x30\x82" + len(body).to_bytes(2, "big") + body
    return b"\x30" + bytes((len(body),)) + body


def pbkdf2(salt: bytes, rounds: bytes) -> bytes:
    long = b"\x81" if len(salt) > 127 else b""
    numbers = b"\x04" + long + bytes((len(salt),)) + salt
    numbers += b"\x02" + bytes((len(rounds),)) + rounds
    derivation = sequence(bytes.fromhex("06092a864886f70d01050c") + sequence(numbers))
    cipher = sequence(bytes.fromhex("060960864801650304012a0410") + bytes(16))
    return sequence(bytes.fromhex("06092a864886f70d01050d") + sequence(derivation + cipher))


@pytest.mark.parametrize("salt", [b"12345678", b"x" * 140])
@pytest.mark.parametrize("rounds", [b"\x7f\xff\xff\xff", b"\x0f\x42\x41", b"\x7f" * 100])
def test_a_password_costs_no_more_than_that(salt: bytes, rounds: bytes) -> None:
    said = read_key(encrypted(pbkdf2(salt, rounds)), SECRET)
    assert said == "the key's password goes through more than 1000000 rounds"
    assert read_key(encrypted(pbkdf2(salt, b"\x08\x00")), SECRET) == NOT_OPENED


def test_scrypt_is_not_begun() -> None:
    derivation = sequence(
        bytes.fromhex("06092b06010401da47040b") + sequence(b"\x04\x08" + bytes(8))
    )
    parameters = sequence(bytes.fromhex("06092a864886f70d01050d") + sequence(derivation))
    said = "the key is encrypted by way of scrypt, which modules do not know"
    assert read_key(encrypted(parameters), SECRET) == said


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([pem(), pem(PrivateFormat.TraditionalOpenSSL, SECRET), RSA_PEM]),
    st.integers(0, 1800),
    st.integers(0, 40),
    st.binary(max_size=12),
)
def test_any_file_is_a_key_or_has_words(data: bytes, at: int, length: int, new: bytes) -> None:
    found = read_key(data[:at] + new + data[at + length :], SECRET)
    assert found
