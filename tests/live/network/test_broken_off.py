"""Connections that are broken off at every byte of what they carry, and in every state."""

import ssl
from collections.abc import Callable
from contextlib import closing

import pytest

from quecsim.border import Closed, Failed, News, Opened
from tests.live.network.bench import Connection, Served
from tests.live.network.tls_bench import TLS, TlsEnd, server_context

REPLY = b"220 a server of the world\r\n"


def end_by_fin(server: Connection) -> None:
    server.end.close()
    server.close()


ENDINGS = {"fin": end_by_fin, "reset": Connection.reset}


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    return server_context(tmp_path_factory.mktemp("server"))


def check(news: list[News], data: bytes, said: bytes) -> None:
    """One beginning, one end, nothing behind it; and what was heard is what was said, in order."""
    ends = [it for it in news if isinstance(it, Failed | Closed)]
    assert len(ends) == 1, news
    assert news[-1] is ends[0]
    assert isinstance(ends[0], Closed) == any(isinstance(it, Opened) for it in news)
    assert said.startswith(data)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("is_counted", [False, True])
def test_a_reply_that_is_cut(ending: str, is_counted: bool) -> None:
    with closing(Served()) as bench:
        for link, count in enumerate(range(len(REPLY) + 1), 1):
            server = bench.connect(link, is_counted=is_counted)
            bench.send(b"hello", link)
            server.unsent += REPLY[:count]
            server.pump()
            ENDINGS[ending](server)
            bench.send(b"are you there?", link)
            bench.until(lambda link=link: isinstance(bench.last(link), Closed))  # type: ignore[misc]
            bench.send(b"crosses", link)
            bench.credit(10, link)
            bench.shut(link)
            bench.look()
            check(bench.of(link), bench.data(link), REPLY[:count])
        bench.until(lambda: not bench.peer._links)
        assert bench.peer._watched == {}


STEP = 5  # of the bytes of a handshake: each one would take a minute


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("in_the_middle", [False, True])
def test_a_handshake_that_is_cut(context: ssl.SSLContext, ending: str, in_the_middle: bool) -> None:
    with closing(Served()) as bench:
        link = 0
        for count in [*range(8), *range(8, 3000, STEP)]:
            link += 1
            server = begin(bench, link, in_the_middle=in_the_middle)
            if cut(bench, link, server, context, count, ENDINGS[ending]):
                break
            check(bench.of(link), bench.data(link), b"")
            bench.shut(link)
        assert count > 1000, "it came to its end"
        bench.shut(link)
        bench.until(lambda: not bench.peer._links)


def begin(bench: Served, link: int, *, in_the_middle: bool) -> Connection:
    if in_the_middle:
        server = bench.connect(link, is_counted=True)
        bench.secure(TLS, link)
        return server
    before = len(bench.server.connections)
    bench.open(link, tls=TLS, is_counted=True)
    bench.until(lambda: len(bench.server.connections) > before)
    return bench.server.connections[-1]


class Cut:
    """A server's connection whose end says no more than `count` bytes."""

    def __init__(self, connection: Connection, count: int) -> None:
        self.connection = connection
        self.left = count
        self.got = connection.got
        self.unsent = bytearray()

    def pump(self) -> None:
        self.connection.unsent += self.unsent[: self.left]
        self.left -= len(self.unsent[: self.left])
        self.unsent.clear()
        self.connection.pump()


def cut(
    bench: Served,
    link: int,
    server: Connection,
    context: ssl.SSLContext,
    count: int,
    ending: Callable[[Connection], None],
) -> bool:
    """End it behind so many bytes; True where the handshake was over by then."""
    limited = Cut(server, count)
    end = TlsEnd(limited, context)  # type: ignore[arg-type]

    def is_over() -> bool:
        end.turn()
        return (limited.left <= 0 and not server.unsent) or end.is_established

    bench.until(is_over)
    ending(server)
    if end.is_established:
        return True
    bench.until(lambda: any(isinstance(it, Failed | Closed) for it in bench.of(link)))
    return False
