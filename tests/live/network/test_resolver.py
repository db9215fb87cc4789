"""Names that are really looked up, by a system that may take its time."""

import select
import socket
import threading
from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from quecsim.live.network.resolver import Answer, Resolver, look_up
from tests.live.network.bench import HANG_S


@pytest.fixture
def resolver() -> Iterator[Resolver]:
    made = Resolver()
    yield made
    made.close()


def answers(resolver: Resolver) -> list[Answer]:
    assert select.select([resolver.descriptor], [], [], HANG_S)[0]
    return resolver.take()


def test_a_name_that_every_machine_has(resolver: Resolver) -> None:
    assert resolver.ask(7, "localhost")
    (answer,) = answers(resolver)
    assert answer.key == 7
    assert set(answer.addresses) & {ip_address("127.0.0.1"), ip_address("::1")}
    assert resolver.take() == []


def test_a_name_that_no_machine_has() -> None:
    answer = look_up(1, "a" * 70 + ".invalid")  # a label has 63 characters at most
    assert (answer.addresses, bool(answer.trouble)) == ((), True)


def test_what_the_system_says_is_read_strictly(monkeypatch: pytest.MonkeyPatch) -> None:
    found = ["::ffff:10.0.0.1", "fe80::1%eth0", "203.0.113.5"]
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (it, 0)) for it in found]
    )
    assert look_up(1, "x.example").addresses == (ip_address("10.0.0.1"), ip_address("203.0.113.5"))


def test_look_ups_that_hang_have_a_bound_and_their_answers_reach_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    may_go = threading.Event()

    def hang(*_: object, **__: object) -> list[object]:
        assert may_go.wait(HANG_S)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    before = set(threading.enumerate())
    resolver = Resolver()
    assert [resolver.ask(key, "x.example") for key in range(13)] == [True] * 12 + [False]
    workers = set(threading.enumerate()) - before
    assert resolver.take() == []
    resolver.close()
    may_go.set()
    for worker in workers:
        worker.join(HANG_S)
        assert not worker.is_alive()
