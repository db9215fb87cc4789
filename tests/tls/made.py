"""Certificates of one's own making, with elliptic curves: right ones, and such as nobody makes."""

import base64
from datetime import UTC, datetime
from itertools import count

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


class Maker:
    """All of its certificates have the same key."""

    def __init__(self) -> None:
        self.key = ec.derive_private_key(20260601, ec.SECP256R1())
        self.key_pem = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self._serials = count(100)

    def pem(
        self,
        name: str,
        issuer: str,
        *,
        is_ca: bool = False,
        years: tuple[int, int] = (2020, 2099),
        names: int = 0,
    ) -> bytes:
        """`name`'s certificate, signed by `issuer`, good for so many `names`."""
        made = self._builder(name, issuer, is_ca, years, next(self._serials))
        if names:
            known = [x509.DNSName(f"host{number}.example") for number in range(names)]
            made = made.add_extension(x509.SubjectAlternativeName(known), critical=False)
        return made.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM)

    def forged(self, name: str, issuer: str) -> bytes:
        """One that another key has signed."""
        made = self._builder(name, issuer, False, (2020, 2099), next(self._serials))
        other = ec.derive_private_key(7, ec.SECP256R1())
        return made.sign(other, hashes.SHA256()).public_bytes(Encoding.PEM)

    def changed(self, old: bytes, new: bytes) -> bytes:
        """A root (serial number 5, until 2060) with some bytes of its DER changed."""
        made = self._builder("r", "r", True, (2010, 2060), 5).sign(self.key, hashes.SHA256())
        der = made.public_bytes(Encoding.DER)
        assert old in der
        body = base64.encodebytes(der.replace(old, new, 1))
        return b"-----BEGIN CERTIFICATE-----\n" + body + b"-----END CERTIFICATE-----\n"

    def _builder(
        self, name: str, issuer: str, is_ca: bool, years: tuple[int, int], serial: int
    ) -> x509.CertificateBuilder:
        first, last = (datetime(year, 1, 1, tzinfo=UTC) for year in years)
        public = self.key.public_key()
        made = x509.CertificateBuilder(_name(issuer), _name(name), public, serial, first, last)
        basic = x509.BasicConstraints(ca=is_ca, path_length=None)
        return made.add_extension(basic, critical=True)
