"""The links of a device over real sockets, each with its packets: at the ports that it means."""

import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from quecsim.border import Closed, Why
from quecsim.live.network.capture import Capture
from quecsim.live.network.tapped_socket import tapped_for
from tests.live.network.bench import NAME, PORT, Bench, Server
from tests.packets.tshark import WRONG, datagrams, shown, streams


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.pcapng"


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


@pytest.fixture
def bench(file: Path, server: Server) -> Iterator[Bench]:
    capture = Capture(file)
    capture.begin(pytest.fail)
    made = Bench(
        [f"{NAME}:{PORT}=127.0.0.1:{server.port}"],
        socket_for=partial(tapped_for, capture),
        note=capture.note,
    )
    made.servers.append(server)
    yield made
    made.close()
    capture.close()


def by_ports(file: Path) -> dict[tuple[int, int], bytes]:
    return {ends[1::2]: b"".join(many) for ends, many in streams(file.read_bytes()).items()}


def notes(file: Path) -> list[str]:
    return [each[0] for each in shown(file, "syslog", "syslog.msg")]


def test_many_at_once(bench: Bench, server: Server, file: Path) -> None:
    for link in range(1, 33):
        bench.open(link)
    bench.until(lambda: len(server.connections) == 32 and all(map(bench.of, range(1, 33))))
    for link in range(1, 33):
        bench.send(b"#" * 1000 * link, link)
    bench.until(lambda: sum(len(each.got) for each in server.connections) == 528_000)
    for connection in server.connections:
        connection.unsent += connection.got[::2]
    bench.until(lambda: sum(len(bench.data(link)) for link in range(1, 33)) == 264_000)
    found = by_ports(file)
    up = sorted(len(data) for ends, data in found.items() if ends[1] == PORT)
    down = sorted(len(data) for ends, data in found.items() if ends[0] == PORT)
    assert up == [1000 * link for link in range(1, 33)]
    assert down == [500 * link for link in range(1, 33)]
    assert shown(file, WRONG, "frame.number") == []


def test_the_end_by_the_server(bench: Bench, server: Server, file: Path) -> None:
    bench.open()
    bench.until(lambda: bool(server.connections) and bool(bench.of()))
    server.connections[0].reset()
    bench.until(lambda: isinstance(bench.last(), Closed))
    assert [each[0].replace("·", "") for each in shown(file, "tcp", "tcp.flags.str")] == [
        "S", "AS", "A", "AR",
    ]  # fmt: skip
    assert notes(file) == [f"link 1, {NAME}:{PORT}: closed: {Why.RESET}: connection reset by peer"]


def test_a_call(bench: Bench, file: Path) -> None:
    caller = bench.call(bench.listen())
    bench.until(lambda: bool(bench.calls()))
    bench.accept(2, 1)
    bench.send(b"who is it?", 2)
    caller.unsent += b"me"
    bench.until(lambda: bench.data(2) == b"me" and caller.got == b"who is it?")
    theirs = caller.end.getsockname()[1]
    assert by_ports(file) == {(8080, theirs): b"who is it?", (theirs, 8080): b"me"}
    assert notes(file) == ["link 1: the device listens at its port 8080"]


def test_datagrams(bench: Bench, file: Path) -> None:
    somebody = socket.socket(type=socket.SOCK_DGRAM)
    with somebody:
        somebody.bind(("127.0.0.1", 0))
        there = somebody.getsockname()
        somebody.sendto(b"hello", bench.listen(1, 7000, "udp"))
        bench.until(lambda: bench.data() == b"hello")
        bench.send(b"hi", 1, there)
        bench.open(2, NAME, PORT, protocol="udp")
        bench.send(b"to nobody", 2)
        bench.until_quiet()
    (own, *_), *_ = [ends[1::2] for ends, data in datagrams(file.read_bytes()) if data[:2] == b"to"]
    assert [(*ends[1::2], data) for ends, data in datagrams(file.read_bytes())] == [
        (there[1], 7000, b"hello"), (7000, there[1], b"hi"), (own, PORT, b"to nobody"),
    ]  # fmt: skip


def test_questions_are_notes(bench: Bench, file: Path) -> None:
    bench.resolve(NAME, 1)
    bench.ping("127.0.0.1", 2)
    bench.until_decided(2)
    seen, refused = notes(file)
    assert seen.startswith(f"link 1, {NAME}: its addresses are 198.18.")
    assert refused.startswith("link 2: failed: not-allowed: ")
