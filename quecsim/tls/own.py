"""The files of a TLS wish, read: authorities, and the device's own certificate and key."""

from functools import lru_cache
from typing import TYPE_CHECKING

from quecsim.border import TlsWish, Why
from quecsim.border.wish import Pem
from quecsim.certificates.body import is_the_librarys, load_certificate
from quecsim.tls.key import public_bytes, read_key
from quecsim.tls.pem import read_certificates
from quecsim.tls.trouble import TlsTrouble

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from quecsim.tls.openssl import Own

CHECKS_SERVER, SHOWS_OWN = 1, 2  # levels
MOST_OWN_BYTES = 65_536
"""A device's own certificate, with those above it."""

_MISSING = "there is no such file"


def read_authorities(wish: TlsWish) -> tuple[bytes, ...]:
    """The certificates (DER) by which a server is checked; none at level 0. Raises TlsTrouble."""
    if wish.level < CHECKS_SERVER:
        return ()
    file = wish.ca
    if not file.name:
        words = f"level {wish.level} checks the server, and no file of authorities is configured"
        raise TlsTrouble(Why.TLS_CA, words)
    if file.data is None:
        raise TlsTrouble(Why.TLS_CA, file.trouble or _MISSING, file.name)
    found = read_certificates(file.data)
    if found.troubles and not (found.certificates and wish.keeps_good_blocks):
        words = found.troubles[0] + _refused(len(found.certificates))
        raise TlsTrouble(Why.TLS_CA, words, file.name)
    return found.certificates


def _refused(good: int) -> str:
    if not good:
        return ""
    others = "the other certificate in it counts" if good == 1 else f"the {good} others in it count"
    return f"; {others} for nothing then"


def read_own(wish: TlsWish) -> "Own | None":
    """What the device shows at level 2; None: nothing is configured. Raises TlsTrouble."""
    certificate, key = wish.certificate, wish.key
    if wish.level < SHOWS_OWN or not (certificate.name or key.name):
        return None
    if not key.name:
        words = "the device's certificate is configured without a key"
        raise TlsTrouble(Why.TLS_OWN, words, certificate.name)
    if not certificate.name:
        words = "the device's key is configured without a certificate"
        raise TlsTrouble(Why.TLS_OWN, words, key.name)
    chain = _chain(certificate)
    private = read_key(_bytes(key), wish.key_password)
    if isinstance(private, str):
        raise TlsTrouble(Why.TLS_OWN, private, key.name)
    if public_bytes(private.public_key()) != public_bytes(chain[0].public_key()):
        words = f"the key does not belong to the certificate {certificate.name}"
        raise TlsTrouble(Why.TLS_OWN, words, key.name)
    from quecsim.tls.openssl import Own

    return Own(chain, private)


def _bytes(file: Pem) -> bytes:
    if file.data is None:
        raise TlsTrouble(Why.TLS_OWN, file.trouble or _MISSING, file.name)
    return file.data


def _chain(file: Pem) -> "tuple[Certificate, ...]":
    """The device's certificate, with those above it that the file has."""
    data = _bytes(file)
    if len(data) > MOST_OWN_BYTES:
        words = f"it has {len(data)} bytes, more than the {MOST_OWN_BYTES} of any"
        raise TlsTrouble(Why.TLS_OWN, words, file.name)
    found = read_certificates(data)
    if found.troubles:
        raise TlsTrouble(Why.TLS_OWN, found.troubles[0], file.name)
    try:
        return parse_chain(found.certificates)
    except ValueError as error:
        raise TlsTrouble(Why.TLS_OWN, str(error), file.name) from None


@lru_cache(maxsize=8)
def parse_chain(ders: tuple[bytes, ...]) -> "tuple[Certificate, ...]":
    """Certificates of DER, whose first has a public key. Raises ValueError: one is unreadable."""
    try:
        chain = tuple(load_certificate(der) for der in ders)
        public_bytes(chain[0].public_key())
    except BaseException as error:
        if not is_the_librarys(error):
            raise
        raise ValueError("the certificate cannot be read") from None
    return chain
