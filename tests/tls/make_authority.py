"""Makes the certificates of the test authority: `python -m tests.tls.make_authority`.

Run once: what it wrote is in the package. Keys that are there are used again, so that another kind
of certificate changes none of the others.
"""

from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

import quecsim

SHIPPED = Path(quecsim.__file__).parent / "tls" / "keys"
KEPT = Path(__file__).parent / "keys"  # nobody but this script needs them
FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)
_MARK = "A public test key of quecsim: everybody has it. Never use it for anything else.\n"
_NAMES = ("broker.example", "*.broker.example", "localhost")


def name(common: str) -> x509.Name:
    parts = ((NameOID.ORGANIZATION_NAME, "quecsim"), (NameOID.COMMON_NAME, common))
    return x509.Name([x509.NameAttribute(kind, text) for kind, text in parts])


AUTHORITY = name("quecsim public test authority R1")  # 1188 bytes of PEM, as real roots have
OTHER = name("quecsim public test other CA")


def key(folder: Path, file: str) -> rsa.RSAPrivateKey:
    path = folder / file
    if not path.exists():
        made = rsa.generate_private_key(65_537, 2048)
        pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_text(_MARK + pem.decode())
    found = load_pem_private_key(path.read_bytes(), None)
    assert isinstance(found, rsa.RSAPrivateKey)
    return found


def root(subject: x509.Name, signer: rsa.RSAPrivateKey, serial: int) -> x509.Certificate:
    public = signer.public_key()
    made = builder(subject, subject, public, serial, (FIRST, LAST))
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    made = made.add_extension(usage(signs_certificates=True), critical=True)
    made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    return made.sign(signer, hashes.SHA256())


def leaf(
    subject: x509.Name,
    public: rsa.RSAPublicKey,
    issuer: tuple[x509.Name, rsa.RSAPrivateKey],
    serial: int,
    names: tuple[str, ...] = (),
    valid: tuple[datetime, datetime] = (FIRST, LAST),
) -> x509.Certificate:
    """Of a server, where there are `names`; otherwise of a client."""
    issuer_name, signer = issuer
    made = builder(subject, issuer_name, public, serial, valid)
    made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    made = made.add_extension(usage(signs_certificates=False), critical=True)
    purpose = ExtendedKeyUsageOID.SERVER_AUTH if names else ExtendedKeyUsageOID.CLIENT_AUTH
    made = made.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    made = made.add_extension(above, critical=False)
    own = x509.SubjectKeyIdentifier.from_public_key(public)
    made = made.add_extension(own, critical=False)
    if names:
        addresses = [x509.IPAddress(ip_address(one)) for one in ("127.0.0.1", "::1")]
        known = [x509.DNSName(one) for one in names]
        both = [*known, *(addresses if "localhost" in names else [])]
        made = made.add_extension(x509.SubjectAlternativeName(both), critical=False)
    return made.sign(signer, hashes.SHA256())


def builder(
    subject: x509.Name,
    issuer: x509.Name,
    public: rsa.RSAPublicKey,
    serial: int,
    valid: tuple[datetime, datetime],
) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(issuer, subject, public, serial, *valid)


def usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=not signs_certificates,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def main() -> None:
    authority = (AUTHORITY, key(KEPT, "authority.key"))
    other = (OTHER, key(KEPT, "other-authority.key"))
    server, client = (
        key(SHIPPED, "server.key").public_key(),
        key(SHIPPED, "client.key").public_key(),
    )
    broker, device = name("broker.example"), name("device")
    alone = (broker, key(SHIPPED, "server.key"))
    past = (FIRST, datetime(2021, 1, 1, tzinfo=UTC))
    future = (datetime(2100, 1, 1, tzinfo=UTC), LAST)
    made = {
        SHIPPED / "authority.pem": root(*authority, 0x0123456789ABCDEF),
        KEPT / "other-authority.pem": root(*other, 2),
        SHIPPED / "server-valid.pem": leaf(broker, server, authority, 11, _NAMES),
        SHIPPED / "server-expired.pem": leaf(broker, server, authority, 12, _NAMES, past),
        SHIPPED / "server-not-yet-valid.pem": leaf(broker, server, authority, 13, _NAMES, future),
        SHIPPED / "server-self-signed.pem": leaf(broker, server, alone, 14, _NAMES),
        SHIPPED / "server-other-ca.pem": leaf(broker, server, other, 15, _NAMES),
        SHIPPED / "server-wrong-name.pem": leaf(
            name("elsewhere.invalid"), server, authority, 16, ("elsewhere.invalid",)
        ),
        SHIPPED / "client-valid.pem": leaf(device, client, authority, 21),
        SHIPPED / "client-other-ca.pem": leaf(device, client, other, 22),
    }
    for path, certificate in made.items():
        path.write_bytes(certificate.public_bytes(Encoding.PEM))


if __name__ == "__main__":
    main()
