"""What comes of a wish and a server: a real handshake in memory, between the two ends.

A function of its arguments alone, though the bytes in between are random.
"""

from contextlib import suppress
from functools import lru_cache

import msgspec
from msgspec.structs import replace

from quecsim.border import Failed, Opened, TlsWish
from quecsim.tls.client import TlsClient, new_client
from quecsim.tls.server import ServerTls, TlsServer, new_server
from quecsim.tls.trouble import Broken, TlsTrouble

_RIGHT_S = 1_577_836_800
"""2020-01-01: a clock that says less has not been set, and servers have one that is right."""


class Handshake(msgspec.Struct, frozen=True):
    """It came about: as in `border.news.Opened`."""

    version: str
    suite: str
    sent_bytes: int
    received_bytes: int


def outcome(wish: TlsWish, host: str, server: ServerTls) -> Handshake | TlsTrouble:
    """What the device gets that connects to `host`, where `server` is. Nothing is raised for what
    it does wrong; QuecsimError where the server's own certificate or key is of no use.
    """
    return _outcome(*_normal(wish, host, server))


def news_of(wish: TlsWish, host: str, server: ServerTls) -> Opened | Failed:
    """The same as news, of a link 0."""
    found = outcome(wish, host, server)
    if isinstance(found, TlsTrouble):
        return Failed(0, found.why, found.detail, found.file)
    return Opened(0, "", 0, found.version, found.suite, found.sent_bytes, found.received_bytes)


def _normal(wish: TlsWish, host: str, server: ServerTls) -> tuple[TlsWish, str, ServerTls]:
    """Without what nothing follows from, so that the answer is found again."""
    has_date = (wish.level and not wish.ignores_time) or server.client_ca
    plain = replace(wish, negotiate_ns=0, calendar_s=wish.calendar_s if has_date else 0)
    return plain, host if wish.sni else "", server


@lru_cache(maxsize=64)
def _outcome(wish: TlsWish, host: str, server: ServerTls) -> Handshake | TlsTrouble:
    try:
        client = new_client(wish, host)
        clock_s = wish.calendar_s if wish.calendar_s >= _RIGHT_S else None
        _connect(client, new_server(server, clock_s))
    except TlsTrouble as trouble:
        return trouble.with_traceback(None)
    return Handshake(client.version, client.suite, client.sent_bytes, client.received_bytes)


def _connect(client: TlsClient, server: TlsServer) -> None:
    """Let the two talk until the client is done. Raises TlsTrouble."""
    client.start()
    while not client.is_established:
        with suppress(Broken):
            server.receive(client.take_output())
        answer = server.take_output()
        if not answer:  # it has said its last
            client.end_of_input()
        client.receive(answer)
