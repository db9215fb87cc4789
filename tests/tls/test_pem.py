"""Files of certificates: any bytes at all may stand in one."""

import base64

import certifi
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.border.wish import MOST_PEM_BYTES
from quecsim.certificates.examine import examine
from quecsim.tls.pem import read_certificates
from tests.tls.ends import ROOT
from tests.tls.made import Maker

PRIVATE = Maker().key_pem
DER = read_certificates(ROOT).certificates[0]


def armoured(der: bytes, label: str = "CERTIFICATE") -> bytes:
    body = base64.encodebytes(der)
    return b"-----BEGIN %b-----\n%b-----END %b-----\n" % (label.encode(), body, label.encode())


def is_sound(data: bytes) -> bool:
    """It has certificates, or the words why not; reading them says the same as often as asked."""
    found = read_certificates(data)
    assert found.certificates or found.troubles
    assert all(seen.strip() and "\n" not in seen for seen in found.troubles)
    for der in found.certificates:
        assert read_certificates(armoured(der)).certificates == (der,)
    return True


def test_a_bundle_of_real_roots_is_read_whole() -> None:
    bundle = certifi.contents().encode()
    found = read_certificates(bundle)
    assert found.troubles == ()
    assert len(found.certificates) == bundle.count(b"-----BEGIN CERTIFICATE-----")


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (PRIVATE + ROOT + PRIVATE, 1),
        (armoured(DER, "X509 CERTIFICATE"), 1),
        (armoured(DER, "TRUSTED CERTIFICATE"), 0),
        (ROOT.replace(b"\n", b"  \t\n"), 1),
        (b"-----BEGIN CERTIFICATE-----\n%b\n-----END CERTIFICATE-----" % base64.b64encode(DER), 1),
    ],
    ids=["among keys", "of old", "with openssl's own", "blanks behind", "in one line"],
)
def test_what_else_may_be_in_a_file(data: bytes, count: int) -> None:
    assert len(read_certificates(data).certificates) == count


@pytest.mark.parametrize(
    "data",
    [
        b"-----BEGIN" + b" " * 200_000,
        b"-----BEGIN CERTIFICATE-----" + b" " * 200_000 + b"x",
        b"-" * 200_000,
        b"-----BEGIN " * 20_000,
        b"-----BEGIN CERTIFICATE-----\n" * 2_000,
        b"-----BEGIN CERTIFICATE-----\n" + b"=" * 200_000 + b"\n-----END CERTIFICATE-----\n",
        b"\0" * 200_000,
        b"x" * (MOST_PEM_BYTES + 1),
    ],
    ids=range(8),
)
def test_what_would_take_long(data: bytes) -> None:
    """The time that these take grows with their length alone; else this would not end."""
    assert is_sound(data)
    examine(data, "ca.pem")


_EDITS = st.lists(
    st.tuples(st.integers(0, len(ROOT)), st.integers(0, 200), st.binary(max_size=12)),
    min_size=1,
    max_size=3,
)


@settings(max_examples=150, deadline=None)
@given(_EDITS, st.sampled_from([ROOT, ROOT + PRIVATE, ROOT + ROOT[:700]]))
def test_any_file_is_read_or_has_a_trouble(
    edits: list[tuple[int, int, bytes]], data: bytes
) -> None:
    for at, length, new in edits:
        data = data[:at] + new + data[at + length :]
    assert is_sound(data)
    examine(data, "ca.pem")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(DER) - 1), st.integers(0, 255)), min_size=1, max_size=4)
)
def test_any_der_is_a_certificate_or_not(changes: list[tuple[int, int]]) -> None:
    der = bytearray(DER)
    for at, byte in changes:
        der[at] = byte
    assert is_sound(armoured(bytes(der)))
    examine(armoured(bytes(der)), "ca.pem")


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_may_be_a_file(data: bytes) -> None:
    assert is_sound(data)
