"""Datagrams stay what they are, both ways; the device takes those for which it has room."""

import select
import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from quecsim.border import CREDIT_BYTES, Data, Opened
from tests.live.network.bench import HANG_S, NAME, PORT, Bench


class Pair(Bench):
    """A device and the one that it talks with."""

    def __init__(self) -> None:
        self.server = socket.socket(type=socket.SOCK_DGRAM)
        self.server.bind(("127.0.0.1", 0))
        self.server.settimeout(HANG_S)
        super().__init__([f"{NAME}:{PORT}=127.0.0.1:{self.server.getsockname()[1]}"])
        self.open(protocol="udp")
        self.look()
        opened = self.last()
        assert isinstance(opened, Opened)
        self.device = ("127.0.0.1", opened.port)

    def close(self) -> None:
        super().close()
        self.server.close()

    def datagrams(self) -> list[bytes]:
        return [news.data for news in self.news if isinstance(news, Data)]


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.close()


def test_each_is_one(pair: Pair) -> None:
    sent = [b"a", b"", b"bc" * 700, b"d" * 60_000]
    for datagram in sent:
        pair.send(datagram)
    assert [pair.server.recvfrom(65_535) for _ in sent] == [(it, pair.device) for it in sent]
    for datagram in (b"1", b"22", b"", b"333"):
        pair.server.sendto(datagram, pair.device)
    pair.until(lambda: len(pair.datagrams()) == 3)
    assert pair.datagrams() == [b"1", b"22", b"333"]
    there = f"127.0.0.1:{pair.server.getsockname()[1]}"
    assert pair.told == [f"the device has reached {NAME}:{PORT} at {there}"]


def test_one_without_credit_waits_whole(pair: Pair) -> None:
    for size in (40_000, 30_000, 1):
        pair.server.sendto(bytes(size), pair.device)
    pair.until(lambda: bool(pair.datagrams()))
    pair.until_quiet()
    assert [len(it) for it in pair.datagrams()] == [40_000]
    pair.credit(40_000 + 30_000 - CREDIT_BYTES - 1)
    pair.until_quiet()
    assert len(pair.datagrams()) == 1
    pair.credit(1)
    pair.until(lambda: len(pair.datagrams()) == 2)
    pair.until_quiet()
    pair.credit(1)
    pair.until(lambda: len(pair.datagrams()) == 3)


def test_a_stranger_is_not_heard(pair: Pair) -> None:
    with closing(socket.socket(type=socket.SOCK_DGRAM)) as stranger:
        stranger.sendto(b"not asked for", pair.device)
    pair.server.sendto(b"asked for", pair.device)
    pair.until(lambda: bool(pair.datagrams()))
    pair.until_quiet()
    assert pair.datagrams() == [b"asked for"]


def test_that_nobody_listens_is_not_told(pair: Pair) -> None:
    there = pair.server.getsockname()
    pair.server.close()
    pair.send(b"nobody hears this")
    assert select.select([pair.peer.descriptor], [], [], HANG_S)[0], "the system's answer"
    with closing(socket.socket(type=socket.SOCK_DGRAM)) as again:
        again.bind(there)
        again.settimeout(HANG_S)
        pair.send(b"this one is heard, although the system tells of the other first")
        assert again.recv(100).startswith(b"this one")
    pair.send(b"nor this")
    assert select.select([pair.peer.descriptor], [], [], HANG_S)[0]
    pair.until_quiet()
    assert len(pair.news) == 1


def test_what_is_too_large_is_lost(pair: Pair) -> None:
    pair.send(bytes(70_000))
    pair.send(b"next")
    assert pair.server.recv(100) == b"next"


def test_shut_is_the_end(pair: Pair) -> None:
    pair.shut()
    pair.send(b"too late")
    pair.until_quiet()
    assert len(pair.news) == 1
    with closing(socket.socket(type=socket.SOCK_DGRAM)) as other:
        other.bind(pair.device)  # the port is free again
