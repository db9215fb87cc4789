"""The other end of a TLS connection: a server by value, and its end without a network."""

from typing import TYPE_CHECKING

import msgspec

from quecsim.errors import QuecsimError
from quecsim.tls.key import read_key
from quecsim.tls.own import parse_chain
from quecsim.tls.pem import read_certificates
from quecsim.tls.suites import offered_suites, offered_versions
from quecsim.tls.trouble import Broken, TlsTrouble
from quecsim.tls.verdict import Verdict

if TYPE_CHECKING:
    from quecsim.tls.openssl import End, Rules


class ServerTls(msgspec.Struct, frozen=True):
    """How a server does TLS, complete by value.

    `certificate` is PEM, the server's own first and those above it behind; `key` is PEM without a
    password. `client_ca` (PEM): clients are asked for a certificate of these authorities, and one
    that is shown must hold; `requires_client`: one must be shown. `versions` and `suites` as in
    `border.wish.TlsWish`.
    """

    certificate: bytes
    key: bytes
    client_ca: bytes = b""
    requires_client: bool = False
    versions: tuple[str, ...] = ("1.0", "1.1", "1.2")
    suites: tuple[int, ...] = ()


def new_server(server: ServerTls, calendar_s: int | None = None) -> "TlsServer":
    """The server's end of one connection.

    Clients' certificates must be valid at `calendar_s` (seconds since 1970); None: at any time.
    Raises QuecsimError: the server's certificate, key or settings are of no use.
    """
    from quecsim.tls.openssl import End, Unusable, new_context

    try:
        context = new_context(_rules(server, calendar_s), is_server=True)
    except (TlsTrouble, ValueError, Unusable) as error:
        raise QuecsimError(f"the TLS of a server: {error}") from None
    return TlsServer(End(context, is_server=True))


def _rules(server: ServerTls, calendar_s: int | None) -> "Rules":
    from quecsim.tls.openssl import Own, Rules

    key = read_key(server.key, "")
    if isinstance(key, str):
        raise ValueError(key)
    versions = offered_versions(server.versions)
    rules = Rules(versions, offered_suites(server.suites, versions))
    rules.own = Own(parse_chain(_certificates(server.certificate)), key)
    if server.client_ca:
        rules.authorities = _certificates(server.client_ca)
        rules.verdict = Verdict(calendar_s, "the client's certificate")
        rules.demands_client = server.requires_client
    return rules


def _certificates(pem: bytes) -> tuple[bytes, ...]:
    found = read_certificates(pem)
    if found.troubles:
        raise ValueError(found.troubles[0])
    return found.certificates


class TlsServer:
    """One connection. Once `receive` has raised Broken, it takes nothing more; what it still has
    to say (an alert) is in `take_output`.
    """

    def __init__(self, end: "End") -> None:
        self._end = end
        self._is_over = False

    @property
    def is_established(self) -> bool:
        """The handshake is done."""
        return self._end.is_established

    @property
    def is_closed(self) -> bool:
        """The client has said that nothing more comes (close_notify)."""
        return self._end.is_closed

    def receive(self, data: bytes) -> None:
        """Bytes from the network, in any pieces. Raises Broken."""
        if self._is_over:
            return
        try:
            for piece in self._end.pieces(data):
                self._end.feed(piece)
        except Broken:
            self._is_over = True
            raise

    def take_output(self) -> bytes:
        """For the network; also the alert after a failure."""
        return self._end.take_output()

    def take_plain(self) -> bytes:
        """What the client has sent."""
        return self._end.take_plain()

    def send(self, plain: bytes) -> None:
        """Send, once it is established."""
        assert self.is_established, "a handshake comes first"
        self._end.send(plain)

    def close(self) -> None:
        """Say that nothing more comes from here (close_notify)."""
        self._end.close()
