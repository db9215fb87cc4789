"""What a device reaches and what not, how many links there are, and what people are told."""

import gc
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from quecsim.border import MOST_LINKS, Closed, Data, Failed, Opened, Why
from quecsim.units import s
from tests.live.network.bench import HANG_S, NAME, Bench, Served, Server


@pytest.fixture
def bare() -> Iterator[Bench]:
    """Nothing is given."""
    made = Bench()
    yield made
    made.close()


@pytest.mark.parametrize(
    "host", [NAME, "127.0.0.1", "::1", "localhost", "169.254.169.254", "127.1", "\x1b]0;x\7"]
)
@pytest.mark.parametrize("protocol", ["tcp", "udp"])
def test_without_permission_nothing_is_reached(bare: Bench, host: str, protocol: str) -> None:
    bare.open(1, host, 1883, protocol=protocol)
    assert bare.peer.deadline_ns() == 0, "it has something to say now"
    bare.look()
    bare.open(2, host, 1883, protocol=protocol)
    bare.look()
    (text,) = bare.told
    assert text.isprintable()
    for link in (1, 2):
        (failed,) = bare.of(link)
        assert isinstance(failed, Failed)
        assert failed.why is Why.NOT_ALLOWED
        assert text.endswith(failed.detail)


def test_the_user_is_told_what_to_add(bare: Bench) -> None:
    bare.open(1, NAME, 8883)
    bare.look()
    assert bare.told == [
        "the device wanted broker.example:8883, which nothing gives it: "
        "add --route broker.example:8883=127.0.0.1:PORT "
        "(or --allow-network broker.example:8883, to really resolve the name)"
    ]


def test_what_is_told_has_a_bound(bare: Bench) -> None:
    for link in range(1000):
        bare.open(link, f"{link}.example.com")
        bare.look()
    assert len(bare.told) == 200


AUDITED = """
import socket, sys
from quecsim.border import Open
from quecsim.live.network.sockets import SocketsPeer
from quecsim.live.network.routes import Permissions, parse_allowed, parse_route

seen = []
def watch(event, args):
    if event.startswith("socket."):
        seen.append(event)
sys.addaudithook(watch)

def attempt(permissions):
    peer = SocketsPeer(permissions)
    hosts = "broker.example localhost 127.0.0.1 ::1 127.1 169.254.169.254 8.8.8.8".split()
    for link, host in enumerate(hosts * 2):
        protocol = "tcp" if link < len(hosts) else "udp"
        peer.handle_wish(0, Open(link, host, 1883, protocol))
        peer.look(0)
        peer.take_news(0)
    peer.close()
    found = sorted(set(seen))
    seen.clear()
    return found

other = parse_route("broker.example:9=127.0.0.1:9")
print(attempt(Permissions()))
assert not {"OpenSSL", "cryptography"} & set(sys.modules), "only TLS loads them"
print(attempt(Permissions([other], [parse_allowed("a.example")])))
print(attempt(Permissions([parse_route("broker.example:1883=127.0.0.1:9")])))
"""


def test_without_permission_the_system_is_asked_for_nothing() -> None:
    """Seen by the interpreter itself: no name is resolved, no socket made."""
    done = subprocess.run(
        [sys.executable, "-c", AUDITED], capture_output=True, text=True, timeout=HANG_S, check=True
    )
    nothing, nothing_else, something = done.stdout.splitlines()
    assert (nothing, nothing_else) == ("[]", "[]")
    assert "socket.connect" in something
    assert "socket.getaddrinfo" not in something


def test_an_allowed_name_is_really_resolved() -> None:
    server = Server()
    with closing(Bench(allowed=["localhost"])) as bench:
        bench.servers.append(server)
        bench.open(1, "LOCALHOST", server.port)
        assert isinstance(bench.until_decided(), Opened)
        bench.send(b"hello")
        bench.until(lambda: bool(server.connections) and server.connections[0].got == b"hello")


def resolves_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    found = [(0, 0, 0, "", (address, 0)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)


@pytest.mark.parametrize("address", ["169.254.169.254", "::ffff:169.254.169.254", "0.0.0.0"])
def test_a_name_that_leads_where_nobody_goes(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    resolves_to(monkeypatch, address)
    with closing(Bench(allowed=["inside.example"])) as bench:
        bench.open(1, "inside.example", 80)
        failed = bench.until_decided()
        assert isinstance(failed, Failed)
        assert failed.why is Why.NOT_ALLOWED
        assert "never reached" in failed.detail
        assert bench.told == [f"the device wanted inside.example:80, but {failed.detail}"]


def test_of_several_addresses_the_one_that_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    resolves_to(monkeypatch, "169.254.169.254", "127.0.0.2", "127.0.0.1")
    with closing(Bench(allowed=["many.example"])) as bench:
        bench.servers.append(server)
        bench.open(1, "many.example", server.port)
        opened = bench.until_decided()
        assert isinstance(opened, Opened)
        assert opened.peer == "127.0.0.1"


def test_a_name_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with closing(Bench(allowed=["no.example"])) as bench:
        bench.open(1, "no.example", 80)
        assert bench.until_decided() == Failed(1, Why.DNS, "Name or service not known")
        assert bench.told == ["the device has not reached no.example:80: Name or service not known"]


def test_a_resolver_that_hangs_has_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    may_go = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: may_go.wait(HANG_S) and [])
    with closing(Bench(allowed=["slow.example"])) as bench:
        bench.open(1, "slow.example", 80)
        bench.open(2, "slow.example", 80)
        bench.shut(2)
        assert bench.peer.deadline_ns() == s(20)
        bench.now_ns = s(20)
        bench.look()
        assert bench.news == [Failed(1, Why.DNS, "the name has not been resolved in 20.000 s")]
        may_go.set()
        assert select.select([bench.peer.descriptor], [], [], HANG_S)[0]
        bench.look()
        assert len(bench.news) == 1


def test_the_links_are_bounded(served: Served) -> None:
    for link in range(MOST_LINKS):
        served.connect(link)
    served.open(100)
    served.look()
    failed = served.last(100)
    assert isinstance(failed, Failed)
    assert (failed.why, failed.detail) == (
        Why.UNREACHABLE,
        f"{MOST_LINKS} links are open, and there are no more",
    )
    served.shut(0)
    served.connect(101)


def test_links_that_are_over_do_not_gather(served: Served) -> None:
    for link in range(40):
        server = served.connect(link)
        server.end.shutdown(socket.SHUT_WR)
        served.until(lambda link=link: isinstance(served.last(link), Closed))  # type: ignore[misc]
    # The device has shut none of them.
    gone = 40 - MOST_LINKS
    served.until(lambda: sum(one.is_over for one in served.server.connections) >= gone)
    assert [one.is_over for one in served.server.connections] == [True] * gone + [
        False
    ] * MOST_LINKS


def test_shut_takes_back_what_was_not_heard_yet(served: Served) -> None:
    server = served.connect()
    server.unsent += b"too late"
    server.pump()
    assert select.select([served.peer.descriptor], [], [], HANG_S)[0]
    served.peer.look(0)
    served.shut()
    assert served.peer.take_news(0) == []


def descriptors() -> set[str]:
    return {it.name for it in Path("/proc/self/fd").iterdir()}


def test_the_end_is_the_end_of_everything() -> None:
    gc.collect()
    before = descriptors()
    bench = Served()
    server = bench.connect()
    bench.connect(2)
    bench.shut(2)
    bench.send(bytes(10))
    bench.peer.close()
    assert select.select([server.end], [], [], HANG_S)[0]
    server.pump()
    assert server.got == bytes(10)
    assert server.has_ended
    for one in bench.servers:
        one.close()
    assert descriptors() == before


def test_nothing_to_do_wakes_nobody(served: Served) -> None:
    server = served.connect()
    served.until_quiet()
    assert served.peer.deadline_ns() is None
    server.unsent += b"x"
    served.until(lambda: served.data() == b"x")
    assert isinstance(served.news[-1], Data)
    assert served.peer.deadline_ns() is None
    assert not select.select([served.peer.descriptor], [], [], 0)[0]
