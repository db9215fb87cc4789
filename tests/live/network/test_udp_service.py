"""Datagrams to and from a device that listens, and with whom it may exchange them."""

import select
import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from quecsim.border import CREDIT_BYTES, Data, Listen, Listening
from tests.live.network.bench import HANG_S, NAME, Bench

PORT = 3030


class Somebody:
    """Another end, at loopback or elsewhere."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.end = socket.socket(type=socket.SOCK_DGRAM)
        self.end.bind((host, 0))
        self.end.settimeout(HANG_S)
        self.place: tuple[str, int] = self.end.getsockname()

    def hear(self) -> tuple[bytes, tuple[str, int]]:
        data, where = self.end.recvfrom(70_000)
        return data, where

    @property
    def has_heard(self) -> bool:
        return bool(select.select([self.end], [], [], 0)[0])


@pytest.fixture
def somebody() -> Iterator[Somebody]:
    made = Somebody()
    yield made
    made.end.close()


@pytest.fixture
def bench(somebody: Somebody) -> Iterator[Bench]:
    """NAME:9 leads to somebody."""
    made = Bench([f"{NAME}:9=127.0.0.1:{somebody.place[1]}"])
    yield made
    made.close()


def datagrams(bench: Bench) -> list[tuple[bytes, tuple[str, int] | None]]:
    return [(it.data, it.source) for it in bench.news if isinstance(it, Data)]


def test_the_user_is_told_where_it_is(bench: Bench) -> None:
    at = bench.listen(port=PORT, protocol="udp")
    assert at[0] == "127.0.0.1"
    assert bench.told == [f"the device's UDP port {PORT} is at 127.0.0.1:{at[1]}"]


def test_whoever_writes_is_answered(bench: Bench, somebody: Somebody) -> None:
    at = bench.listen(port=PORT, protocol="udp")
    with closing(socket.socket(type=socket.SOCK_DGRAM)) as other:
        other.bind(("127.0.0.1", 0))
        other.settimeout(HANG_S)
        for data in (b"one", b"", b"two" * 10_000):
            other.sendto(data, at)
        bench.until(lambda: len(datagrams(bench)) == 2)
        where = other.getsockname()
        assert datagrams(bench) == [(b"one", where), (b"two" * 10_000, where)]
        bench.send(b"answer", to=where)
        assert other.recvfrom(100) == (b"answer", at)
    assert not somebody.has_heard


def test_it_writes_where_a_route_leads_and_sees_a_modules_address(
    bench: Bench, somebody: Somebody
) -> None:
    at = bench.listen(port=PORT, protocol="udp")
    bench.resolve(NAME, 2)
    bench.look()
    (seen,) = bench.last(2).addresses  # type: ignore[union-attr]
    for to in ((NAME, 9), (seen, 9)):
        bench.send(b"hello", to=to)
        assert somebody.hear() == (b"hello", at)
    somebody.end.sendto(b"welcome", at)
    bench.until(lambda: bool(datagrams(bench)))
    assert datagrams(bench) == [(b"welcome", (seen, 9))]
    bench.send(b"back", to=(seen, 9))
    assert somebody.hear() == (b"back", at)


@pytest.mark.parametrize(
    "to", [("127.0.0.1", 9), (NAME, 10), ("nowhere.example", 9), ("8.8.8.8", 53), ("\x1b", 0)]
)
def test_it_writes_to_nobody_else(bench: Bench, somebody: Somebody, to: tuple[str, int]) -> None:
    bench.listen(port=PORT, protocol="udp")
    bench.send(b"lost", to=to)
    bench.send(b"lost, too", to=to)
    bench.look()
    assert not somebody.has_heard
    assert [it for it in bench.news if not isinstance(it, Listening)] == []
    assert len(bench.told) == 2
    assert bench.told[1].startswith("the device wanted ")
    assert bench.told[1].isprintable()


def test_without_an_address_it_writes_nowhere(bench: Bench, somebody: Somebody) -> None:
    bench.listen(port=PORT, protocol="udp")
    bench.send(b"to whom?")
    bench.look()
    assert not somebody.has_heard


def test_without_a_door_nobody_writes_to_it_first(somebody: Somebody) -> None:
    routes = [f"{NAME}:9=127.0.0.1:{somebody.place[1]}"]
    with closing(Bench(routes, is_open=False)) as bench:
        assert bench.listen(port=PORT, protocol="udp") == ("", 0)
        bench.send(b"hello", to=(NAME, 9))
        data, where = somebody.hear()
        assert data == b"hello"
        with closing(socket.socket(type=socket.SOCK_DGRAM)) as stranger:
            stranger.sendto(b"not asked for", where)
        somebody.end.sendto(b"asked for", where)
        bench.until(lambda: bool(datagrams(bench)))
        bench.until_quiet()
        assert [data for data, _ in datagrams(bench)] == [b"asked for"]


def test_one_without_credit_waits_whole(bench: Bench, somebody: Somebody) -> None:
    at = bench.listen(port=PORT, protocol="udp")
    for size in (40_000, 30_000, 1):
        somebody.end.sendto(bytes(size), at)
    bench.until(lambda: bool(datagrams(bench)))
    bench.until_quiet()
    assert [len(data) for data, _ in datagrams(bench)] == [40_000]
    bench.credit(40_000 + 30_000 - CREDIT_BYTES)
    bench.until(lambda: len(datagrams(bench)) == 2)
    bench.until_quiet()
    bench.credit(1)
    bench.until(lambda: len(datagrams(bench)) == 3)


def test_a_flood_of_them_is_lost_with_the_system(bench: Bench, somebody: Somebody) -> None:
    at = bench.listen(port=PORT, protocol="udp")
    for _ in range(5000):
        somebody.end.sendto(bytes(1400), at)
    bench.until_quiet()
    assert sum(len(data) for data, _ in datagrams(bench)) <= CREDIT_BYTES


def test_strangers_do_not_gather(bench: Bench) -> None:
    """Those who wrote long ago are forgotten; the device cannot answer them any more."""
    at = bench.listen(port=PORT, protocol="udp")
    first = Somebody()
    first.end.sendto(b"first", at)
    bench.until(lambda: len(datagrams(bench)) == 1)
    for number in range(300):
        with closing(socket.socket(type=socket.SOCK_DGRAM)) as one:
            one.sendto(b"x", at)
            bench.until(lambda number=number: len(datagrams(bench)) == number + 2)  # type: ignore[misc]
    bench.send(b"late", to=first.place)
    bench.look()
    assert not first.has_heard
    assert "nothing gives it" in bench.told[-1]
    first.end.close()


def test_to_other_machines_it_has_other_sockets() -> None:
    """From loopback nobody gets there; here another address of loopback stands for one."""
    others = [Somebody(f"127.0.0.{number}") for number in range(2, 22)]
    routes = [f"n{it.place[0]}.example:9={it.place[0]}:{it.place[1]}" for it in others]
    with closing(Bench(routes, is_open=False)) as bench:
        bench.listen(port=PORT, protocol="udp")
        for other in others:
            bench.send(b"hello", to=(f"n{other.place[0]}.example", 9))
            assert other.hear()[0] == b"hello"
        bench.send(b"again", to=(f"n{others[0].place[0]}.example", 9))
        data, where = others[0].hear()
        others[0].end.sendto(b"back", where)
        bench.until(lambda: bool(datagrams(bench)))
        assert (data, [it for it, _ in datagrams(bench)]) == (b"again", [b"back"])
        bench.shut()
        assert bench.peer._watched == {}
    for other in others:
        other.end.close()


def test_shut_is_the_end(bench: Bench, somebody: Somebody) -> None:
    at = bench.listen(port=PORT, protocol="udp")
    bench.shut()
    bench.send(b"too late", to=(NAME, 9))
    assert bench.peer.doors == {}
    with closing(socket.socket(type=socket.SOCK_DGRAM)) as other:
        other.bind(at)  # the port is free again
    assert not somebody.has_heard
    bench.wish(Listen(2, PORT, "udp"))
    assert bench.peer.doors == {2: f"{at[0]}:{at[1]}"}
