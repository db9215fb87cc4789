"""Certificates and keys to look at: a real root, and some made here, always the same way."""

from datetime import UTC, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs7,
)
from cryptography.x509.oid import NameOID

from quecsim.scenario.payload import payload_bytes

ROOT = payload_bytes("certificate")
DER = x509.load_pem_x509_certificate(ROOT).public_bytes(Encoding.DER)
LINES = ROOT.split(b"\n")
PARAMETERS = b"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"


@cache
def key(number: int = 1) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(1234567 + number, ec.SECP256R1())


def key_pem(number: int = 1, form: PrivateFormat = PrivateFormat.PKCS8) -> bytes:
    return key(number).private_bytes(Encoding.PEM, form, NoEncryption())


def encrypted_pem(form: PrivateFormat) -> bytes:
    return key().private_bytes(Encoding.PEM, form, BestAvailableEncryption(b"secret"))


def public_pem() -> bytes:
    return key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@cache
def certificate(number: int = 1) -> x509.Certificate:
    """Of a client with key `number`, by an authority with key 9."""
    made = x509.CertificateBuilder(
        issuer_name=_name("authority"),
        subject_name=_name(f"client {number}"),
        public_key=key(number).public_key(),
        serial_number=number,
        not_valid_before=datetime(2020, 1, 1, tzinfo=UTC),
        not_valid_after=datetime(2021, 1, 1, tzinfo=UTC),
    ).add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    return made.sign(key(9), hashes.SHA256())


def certificate_pem(number: int = 1) -> bytes:
    return certificate(number).public_bytes(Encoding.PEM)


def request_pem() -> bytes:
    made = x509.CertificateSigningRequestBuilder(_name("client"))
    return made.sign(key(), hashes.SHA256()).public_bytes(Encoding.PEM)


def pkcs7_file(encoding: Encoding) -> bytes:
    return pkcs7.serialize_certificates([certificate()], encoding)
