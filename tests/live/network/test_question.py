"""Names and echoes: what the device is answered, without anybody being asked where that can be."""

import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from quecsim.border import Failed, Open, Opened, Pong, Resolved, Why
from quecsim.units import s
from tests.live.network.bench import NAME, PORT, Bench, Server


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench(
        [f"{NAME}:1883=127.0.0.1:18831", f"{NAME}:8883=127.0.0.1:18832", "a.example:1=127.0.0.1:2"],
        ["8.8.8.8", "here.example:80"],
    )
    yield made
    made.close()


def test_a_routed_name_has_an_address_as_a_module_would_see_one(bench: Bench) -> None:
    bench.resolve("Broker.example.", 1)
    bench.resolve("a.example", 2)
    bench.look()
    assert bench.news == [
        Resolved(1, ("198.18.0.2",), 300),
        Resolved(2, ("198.18.0.1",), 300),
    ]
    assert bench.told == []
    assert bench.peer.deadline_ns() is None


def test_and_leads_to_where_the_name_does() -> None:
    server = Server()
    with closing(Bench([f"{NAME}:{PORT}=127.0.0.1:{server.port}"])) as bench:
        bench.servers.append(server)
        bench.open(1, "198.18.0.1")
        opened = bench.until_decided()
        assert isinstance(opened, Opened)
        bench.open(2, "198.18.0.1", 80)
        failed = bench.until_decided(2)
        assert isinstance(failed, Failed)
        assert failed.why is Why.NOT_ALLOWED


@pytest.mark.parametrize("host", ["other.example", "127.0.0.1", "", "\x1b[2J", "169.254.169.254"])
@pytest.mark.parametrize("asks", [Bench.resolve, Bench.ping])
def test_what_is_not_given_is_not_looked_for(bench: Bench, host: str, asks: object) -> None:
    for link in (1, 2):
        asks(bench, host, link)  # type: ignore[operator]
        bench.look()
    (text,) = bench.told
    assert text.isprintable()
    for failed in bench.news:
        assert isinstance(failed, Failed)
        assert failed.why is Why.NOT_ALLOWED
        assert text.endswith(failed.detail)


def test_the_user_is_told_what_to_add(bench: Bench) -> None:
    bench.ping("other.example")
    assert bench.told == [
        "the device wanted other.example, which nothing gives it: "
        "add --route other.example:PORT=127.0.0.1:PORT "
        "(or --allow-network other.example, to really resolve the name)"
    ]


@pytest.mark.parametrize(
    ("host", "address"), [(NAME, "198.18.0.2"), ("198.18.0.2", "198.18.0.2"), ("8.8.8.8",) * 2]
)
def test_whoever_may_be_reached_echoes(bench: Bench, host: str, address: str) -> None:
    bench.ping(host)
    bench.look()
    assert bench.news == [Pong(1, address)]


def resolves_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[object]:
    asked: list[object] = []

    def answer(name: object, *_: object, **__: object) -> list[object]:
        asked.append(name)
        return [(0, 0, 0, "", (address, 0)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


def test_an_allowed_name_is_really_resolved_and_its_addresses_are_allowed_then(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolves_to(monkeypatch, "127.0.0.9", "169.254.169.254", "::1")
    bench.wish(Open(9, "127.0.0.9", 80))
    bench.resolve("here.example")
    assert bench.until_decided() == Resolved(1, ("127.0.0.9", "::1"), 300)
    bench.open(2, "127.0.0.9", 80)
    bench.until_decided(2)
    bench.open(3, "127.0.0.9", 81)
    bench.until_decided(3)
    bench.ping("127.0.0.9", 4)
    bench.look()
    whys = [it.why for it in map(bench.last, (9, 2, 3)) if isinstance(it, Failed)]
    assert whys == [Why.NOT_ALLOWED, Why.REFUSED, Why.NOT_ALLOWED]
    assert bench.last(4) == Pong(4, "127.0.0.9")
    assert asked == ["here.example"]


def test_an_echo_of_a_name_that_leads_where_nobody_goes(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolves_to(monkeypatch, "169.254.169.254")
    bench.ping("here.example")
    failed = bench.until_decided()
    assert isinstance(failed, Failed)
    assert failed.why is Why.NOT_ALLOWED
    assert bench.told == [f"the device wanted here.example, but {failed.detail}"]


def test_a_name_that_does_not_exist(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    resolves_to(monkeypatch)
    bench.resolve("here.example")
    assert bench.until_decided() == Failed(1, Why.DNS, "the name has no address")


def test_one_that_is_given_up_hears_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = resolves_to(monkeypatch, "127.0.0.9")
    bench.resolve("here.example")
    bench.shut()
    assert bench.peer.deadline_ns() is None
    bench.until(lambda: bool(asked))
    bench.until_quiet()
    assert bench.news == []


def test_it_has_its_time(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quecsim.live.network.resolver.Resolver.ask", lambda *_: True)
    bench.ping("here.example")
    assert bench.peer.deadline_ns() == s(20)
    bench.now_ns = s(20)
    bench.look()
    assert bench.news == [Failed(1, Why.DNS, "the name has not been resolved in 20.000 s")]
