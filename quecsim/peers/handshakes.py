"""What comes of TLS with a server in process: from the beginning, and in the middle."""

from quecsim.border import Failed, Opened, TlsWish, Why
from quecsim.peers.calls import Connection, Handshake
from quecsim.peers.service import Securable


def shaken(handshake: Handshake | None, tls: TlsWish, host: str) -> Opened | Failed:
    """A handshake; None: the server speaks no TLS. `link` is of no account in what comes of it."""
    if handshake is None:
        return Failed(0, Why.TLS_VERSION, "the server does not speak TLS")
    return handshake(tls, host)


def shaken_in_the_middle(connection: Connection, tls: TlsWish, host: str) -> Opened | Failed:
    """One on a connection that is open."""
    service = connection.service
    awaits_tls = isinstance(service, Securable) and service.awaits_tls(connection.link)
    return shaken(connection.handshake if awaits_tls else None, tls, host)
