"""OpenSSL, by pyOpenSSL: the one file that knows it, loaded when a connection is first wanted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from OpenSSL import SSL, crypto

from quecsim.tls.flight import Flight
from quecsim.tls.trouble import Broken
from quecsim.tls.verdict import Verdict, certificate_day, moment

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.dsa import DSAPrivateKey
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate

    OwnKey = (
        RSAPrivateKey
        | EllipticCurvePrivateKey
        | Ed25519PrivateKey
        | Ed448PrivateKey
        | DSAPrivateKey
    )

_FATAL = 2
_NO_AUTO_CHAIN = 0x8  # SSL_MODE_NO_AUTO_CHAIN: what is shown is what is in the file
_READERS = ("asn1", "x509", "x.509", "pem", "rsa", "evp", "elliptic", "ec ", "decoder")
_BAD_CERTIFICATE = ("certificate", "signature", "excessive message size", "public key", "key size")
_ONE_READ = 65_536


@dataclass(frozen=True, slots=True)
class Own:
    """A certificate with those above it, and its private key."""

    chain: "tuple[Certificate, ...]"
    key: "OwnKey"


@dataclass(slots=True)
class Rules:
    """What one end insists on. `versions` (from the first to the last) and `suites` as in
    `tls.suites`.

    `authorities` (DER) and `verdict`: the other end's certificate is checked; none: it is not.
    """

    versions: tuple[int, ...]
    suites: tuple[str, ...]
    authorities: tuple[bytes, ...] = ()
    verdict: Verdict | None = None
    own: Own | None = None
    keylog: Callable[[bytes], None] | None = None
    demands_client: bool = False


class Unusable(Exception):  # noqa: N818
    """OpenSSL cannot make use of an own certificate or key."""


def can_load(der: bytes) -> bool:
    """Whether OpenSSL takes it as a certificate."""
    try:
        crypto.load_certificate(crypto.FILETYPE_ASN1, der)
    except crypto.Error:
        return False
    return True


def new_context(rules: Rules, *, is_server: bool) -> SSL.Context:
    """For one connection. Raises Unusable."""
    context = SSL.Context(SSL.TLS_SERVER_METHOD if is_server else SSL.TLS_CLIENT_METHOD)
    context.set_min_proto_version(rules.versions[0])
    context.set_max_proto_version(rules.versions[-1])
    context.set_options(SSL.OP_NO_TICKET | SSL.OP_NO_COMPRESSION | SSL.OP_NO_RENEGOTIATION)
    context.set_mode(_NO_AUTO_CHAIN)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    # Level 0: TLS before 1.2 has signatures that OpenSSL would no longer make, and modules do.
    context.set_cipher_list(":".join((*rules.suites, "@SECLEVEL=0")).encode())
    context.set_info_callback(_note_alert)
    if (keylog := rules.keylog) is not None:
        context.set_keylog_callback(lambda _, line: keylog(line))
    if rules.own is not None:
        _show(context, rules.own)
    if rules.verdict is not None:
        _check(context, rules, rules.verdict)
    return context


def _show(context: SSL.Context, own: Own) -> None:
    try:
        context.use_certificate(own.chain[0])
        for above in own.chain[1:]:
            context.add_extra_chain_cert(above)
        context.use_privatekey(own.key)
        context.check_privatekey()
    except (SSL.Error, crypto.Error, TypeError, ValueError) as error:
        raise Unusable(_words(error)) from None


def _check(context: SSL.Context, rules: Rules, verdict: Verdict) -> None:
    store = context.get_cert_store()
    assert store is not None
    for certificate in _load(rules.authorities):
        store.add_cert(certificate)
    # Whatever stands in the file is trusted, a root or not, as mbedTLS has it.
    store.set_flags(crypto.X509StoreFlags.PARTIAL_CHAIN)
    if verdict.calendar_s is not None:
        store.set_time(moment(verdict.calendar_s))

    def judge(_: SSL.Connection, certificate: crypto.X509, code: int, depth: int, ok: int) -> bool:
        return verdict.judge(code, depth, _dates(certificate), bool(ok))

    context.set_verify(SSL.VERIFY_PEER | _demand(rules), judge)


def _demand(rules: Rules) -> int:
    return SSL.VERIFY_FAIL_IF_NO_PEER_CERT if rules.demands_client else 0


@lru_cache(maxsize=8)  # a file of authorities serves many connections
def _load(ders: tuple[bytes, ...]) -> tuple[crypto.X509, ...]:
    return tuple(crypto.load_certificate(crypto.FILETYPE_ASN1, der) for der in ders)


def _dates(certificate: crypto.X509) -> tuple[str, str]:
    found = []
    for read in (certificate.get_notBefore, certificate.get_notAfter):
        try:
            found.append(certificate_day(read()))
        except (crypto.Error, SSL.Error):
            found.append(certificate_day(None))
    return found[0], found[1]


def _note_alert(connection: SSL.Connection, where: int, value: int) -> None:
    if where & SSL.SSL_CB_ALERT and where & SSL.SSL_CB_READ and value >> 8 == _FATAL:
        connection.get_app_data().append(value & 0xFF)


class End:
    """One end of one connection: bytes from the network go in by `pieces` and `feed`."""

    def __init__(self, context: SSL.Context, *, is_server: bool, name: bytes = b"") -> None:
        self.sent = Flight()
        self.received = Flight()
        self.is_established = False
        self.is_closed = False
        self._output = bytearray()
        self._plain = bytearray()
        self._alerts: list[int] = []
        self._connection = SSL.Connection(context)
        self._connection.set_app_data(self._alerts)
        if is_server:
            self._connection.set_accept_state()
        else:
            self._connection.set_connect_state()
        if name:
            self._connection.set_tlsext_host_name(name)

    @property
    def version(self) -> str:
        """`TLSv1.2`; empty before there is one."""
        return self._connection.get_protocol_version_name() if self.suite else ""

    @property
    def suite(self) -> str:
        """OpenSSL's name of the cipher suite; empty before there is one."""
        return self._connection.get_cipher_name() or ""

    def start(self) -> None:
        """A client's first flight; raises Broken."""
        self._shake_hands()

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """`data` from the network, as it is to be fed."""
        if self.is_established:
            return iter((data,))
        return self._pieces(data)

    def _pieces(self, data: bytes) -> Iterator[bytes]:
        done = 0
        for piece in self.received.pieces(data):
            done += len(piece)
            yield piece
            if self.is_established:
                break
        if done < len(data):
            yield data[done:]

    def feed(self, piece: bytes) -> None:
        """A piece from the network; raises Broken, and what was decrypted before is kept."""
        if piece:
            self._connection.bio_write(piece)
        if not self.is_established:
            self._shake_hands()
        if self.is_established:
            self._read()

    def send(self, plain: bytes) -> None:
        """Encrypt; nothing any more once this end has closed, or broken."""
        try:
            if plain:
                self._connection.sendall(plain)
        except SSL.Error:
            return

    def close(self) -> None:
        """Say that nothing more comes."""
        try:
            self._connection.shutdown()
        except SSL.Error:  # in a handshake there is nothing to say
            return

    def take_output(self) -> bytes:
        """For the network."""
        self._collect()
        output = bytes(self._output)
        self._output.clear()
        return output

    def take_plain(self) -> bytes:
        """What was decrypted."""
        plain = bytes(self._plain)
        self._plain.clear()
        return plain

    def _collect(self) -> None:
        try:
            while True:
                data = self._connection.bio_read(_ONE_READ)
                if not self.is_established:
                    for _ in self.sent.pieces(data):
                        pass
                self._output += data
        except SSL.Error:  # nothing more is there
            return

    def _shake_hands(self) -> None:
        try:
            self._connection.do_handshake()
        except SSL.WantReadError:
            return
        except SSL.ZeroReturnError:
            raise Broken("", 0) from None
        except SSL.Error as error:
            raise self._broken(error) from None
        finally:
            self._collect()
        self.is_established = True

    def _read(self) -> None:
        try:
            while True:
                self._plain += self._connection.recv(_ONE_READ)
        except SSL.WantReadError:
            return
        except SSL.ZeroReturnError:
            self.is_closed = True
        except SSL.Error as error:
            raise self._broken(error) from None

    def _broken(self, error: SSL.Error) -> Broken:
        alert = self._alerts[-1] if self._alerts else -1
        about = any(_is_about_certificate(*one) for one in _queue(error))
        return Broken(_words(error), alert, about)


def _queue(error: Exception) -> list[tuple[str, str]]:
    """(library, reason) of each entry in OpenSSL's queue of errors."""
    queue = error.args[0] if error.args and isinstance(error.args[0], list) else []
    return [(str(library).lower(), str(reason)) for library, _, reason in queue]


def _words(error: Exception) -> str:
    """OpenSSL's reasons."""
    return "; ".join(dict.fromkeys(reason for _, reason in _queue(error))) or "no reason is given"


def _is_about_certificate(library: str, reason: str) -> bool:
    return library.startswith(_READERS) or any(word in reason for word in _BAD_CERTIFICATE)
