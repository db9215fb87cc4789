"""Wishes, and two ends that talk to each other, for the tests of TLS."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Protocol

from quecsim.border import TlsWish
from quecsim.border.wish import Pem
from quecsim.tls.authority import authority_pem, client_pair, server_tls
from quecsim.tls.client import TlsClient, TlsTrouble, new_client
from quecsim.tls.outcome import Handshake, outcome
from quecsim.tls.server import ServerTls, new_server
from quecsim.tls.trouble import Broken

JUNE_2026_S = 1_780_272_000
NO_TIME_S = 315_964_800  # 1980-01-06, what a module says that has not been told
HOST = "broker.example"
ROOT = authority_pem()
CA = Pem("UFS:ca.pem", ROOT)


class Other(Protocol):
    """The end that answers: ours, or somebody else's."""

    def receive(self, data: bytes) -> None: ...

    def take_output(self) -> bytes: ...


def wish(**changes: Any) -> TlsWish:
    """Level 1, the authority's certificate, in June 2026."""
    settings: dict[str, Any] = {"level": 1, "ca": CA, "calendar_s": JUNE_2026_S, **changes}
    return TlsWish(**settings)


def own_wish(shown: bytes | None, secret: bytes | None, /, **changes: Any) -> TlsWish:
    """Level 2, with the device's own certificate and key."""
    files = {"certificate": Pem("UFS:own.pem", shown), "key": Pem("UFS:own.key", secret)}
    return wish(**{"level": 2, **files, **changes})


def pair_wish(kind: Any = "valid", **changes: Any) -> TlsWish:
    """Level 2, with a pair of the authority's."""
    return own_wish(*client_pair(kind), **changes)


def told(wanted: TlsWish, server: ServerTls | None = None, host: str = HOST) -> str:
    """`works`, or why and in which words it does not."""
    found = outcome(wanted, host, server or server_tls())
    return "works" if isinstance(found, Handshake) else words(found)


def words(trouble: TlsTrouble) -> str:
    file = f" {trouble.file}" if trouble.file else ""
    return f"{trouble.why.value}{file} | {trouble.detail}"


def with_ca(data: bytes, **changes: Any) -> str:
    """What comes of a file of authorities."""
    return told(wish(ca=Pem("UFS:ca.pem", data), **changes))


def connected(
    wanted: TlsWish | None = None, server: ServerTls | None = None, cut: int = 1 << 20
) -> tuple[TlsClient, Any]:
    """Both ends with the handshake behind them; what the client gets is cut into pieces."""
    client, other = new_client(wanted or wish(), HOST), new_server(server or server_tls())
    talk(client, other, cut)
    assert client.is_established
    return client, other


def talk(client: TlsClient, other: Other, cut: int = 1 << 20) -> None:
    """To and fro until neither has more to say. Raises TlsTrouble."""
    client.start()
    while True:
        said = client.take_output()
        with suppress(Broken):
            other.receive(said)
        answer = other.take_output()
        if not (said or answer):
            return
        for piece in pieces(answer, cut):
            client.receive(piece)


def pieces(data: bytes, cut: int) -> Iterable[bytes]:
    return (data[start : start + cut] for start in range(0, len(data), cut))


def trouble_of(act: Callable[[], object]) -> TlsTrouble | None:
    try:
        act()
    except TlsTrouble as trouble:
        return trouble
    return None


def first_flight(server: ServerTls, wanted: TlsWish | None = None) -> bytes:
    """What a server answers to a client's hello: up to ServerHelloDone, all in clear."""
    client, other = new_client(wanted or wish(), HOST), new_server(server)
    client.start()
    other.receive(client.take_output())
    return other.take_output()
