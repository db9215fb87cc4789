"""Real sockets on loopback whose bytes a capture sees: all of them, in order, both ways."""

import contextlib
import errno
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quecsim.border import Accept, Listen, Open
from quecsim.live.network.capture import Capture
from quecsim.live.network.link import reset
from quecsim.live.network.tapped_socket import TappedSocket, tapped_for
from quecsim.live.network.udp_link import size_of_next
from tests.packets.tshark import WRONG, datagrams, shown, streams

LOOPBACK = socket.inet_aton("127.0.0.1")
KINDS = [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.pcapng"


@pytest.fixture
def capture(file: Path) -> Iterator[Capture]:
    made = Capture(file)
    made.begin(pytest.fail)
    yield made
    made.close()


@contextlib.contextmanager
def connected(
    capture: Capture, family: socket.AddressFamily = socket.AF_INET, host: str = "127.0.0.1"
) -> Iterator[tuple[socket.socket, socket.socket]]:
    """Ours, and the server's end."""
    with socket.create_server((host, 0), family=family) as server:
        ours = tapped_for(capture, Open(1, host, 1883))(family, socket.SOCK_STREAM)
        ours.setblocking(False)
        with ours:
            error = ours.connect_ex(server.getsockname())
            assert error in (0, errno.EINPROGRESS)
            theirs, _ = server.accept()
            assert ours.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
            ours.settimeout(20)
            with theirs:
                yield ours, theirs


def flags(file: Path) -> list[str]:
    return [each[0].replace("·", "") for each in shown(file, "tcp", "tcp.flags.str")]


@pytest.mark.parametrize(("family", "host"), KINDS)
def test_a_connection(
    capture: Capture, file: Path, family: socket.AddressFamily, host: str
) -> None:
    with connected(capture, family, host) as (ours, theirs):
        own, real = ours.getsockname()[1], theirs.getsockname()[1]
        ours.send(b"hello")
        theirs.sendall(b"hi")
        assert ours.recv(100) == b"hi"
        theirs.shutdown(socket.SHUT_WR)
        assert ours.recv(100) == b""
        ours.shutdown(socket.SHUT_WR)
    found = {ends[1::2]: many for ends, many in streams(file.read_bytes()).items()}
    assert found == {(own, 1883): [b"hello"], (1883, own): [b"hi"]}
    assert flags(file) == ["S", "AS", "A", "AP", "A", "AP", "A", "AF", "A", "AF", "A"]
    assert shown(file, WRONG, "frame.number") == []
    comment = f"in reality {host}, port {real}"
    assert shown(file, "frame.comment", "frame.comment") == [[comment]]


def test_a_reset_of_each_side(capture: Capture, file: Path) -> None:
    with connected(capture) as (ours, theirs):
        reset(theirs)
        with pytest.raises(ConnectionResetError):
            ours.recv(100)
    with connected(capture) as (ours, _):
        reset(ours)
    assert flags(file) == ["S", "AS", "A", "AR"] * 2
    assert shown(file, "tcp.flags.reset == 1", "frame.comment") == [
        ["connection reset by peer"],
        [""],
    ]


def test_nobody_listens(capture: Capture, file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        gone = server.getsockname()
    for is_blocking in (True, False):
        with tapped_for(capture, Open(1, "a", 1883))(socket.AF_INET, socket.SOCK_STREAM) as ours:
            ours.setblocking(is_blocking)
            if ours.connect_ex(gone) == errno.EINPROGRESS:
                assert ours.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == errno.ECONNREFUSED
    assert flags(file) == ["S", "AR"] * 2


def test_what_is_no_answer_of_a_machine_is_a_note(capture: Capture, file: Path) -> None:
    with TappedSocket(capture, 1883, 0, socket.AF_INET, socket.SOCK_STREAM) as ours:
        ours._call(("192.0.2.1", 1), errno.ENETUNREACH)
        ours._call(("192.0.2.1", 1), errno.EINPROGRESS)
        ours._decide(errno.ETIMEDOUT)
        ours._decide(errno.ETIMEDOUT)
    assert flags(file) == ["S"]
    assert shown(file, "syslog", "syslog.msg") == [
        ["no connection to 192.0.2.1:1: network is unreachable"],
        ["no connection to 192.0.2.1:1883: connection timed out"],
    ]


def test_a_call(capture: Capture, file: Path) -> None:
    door = tapped_for(capture, Listen(1, 8080))(socket.AF_INET, socket.SOCK_STREAM)
    with door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        with socket.create_connection(door.getsockname()) as theirs:
            ours, address = door.accept()
            with ours:
                theirs.sendall(b"hello")
                assert ours.recv(5) == b"hello"
    ends = (LOOPBACK, address[1], LOOPBACK, 8080)
    assert streams(file.read_bytes())[ends] == [b"hello"]
    assert flags(file) == ["S", "AS", "A", "AP", "A", "AF", "A"]
    assert tapped_for(capture, Accept(2, 1, 1)).args[1:] == (0, 0)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("family", "host"), KINDS)
def test_datagrams(capture: Capture, file: Path, family: socket.AddressFamily, host: str) -> None:
    with socket.socket(family, socket.SOCK_DGRAM) as theirs:
        theirs.bind((host, 0))
        there = theirs.getsockname()
        with tapped_for(capture, Open(1, host, 123))(family, socket.SOCK_DGRAM) as ours:
            ours.connect(there)
            ours.send(b"one")
            theirs.sendto(b"two", ours.getsockname())
            assert size_of_next(ours) == 3
            assert ours.recv(100) == b"two"
        with tapped_for(capture, Listen(1, 7000, "udp"))(family, socket.SOCK_DGRAM) as ours:
            ours.bind((host, 0))
            ours.sendto(b"three", there)
            theirs.sendto(b"", ours.getsockname())
            assert ours.recvfrom(100)[0] == b""
    found = [(ends[1], ends[3], data) for ends, data in datagrams(file.read_bytes())]
    own, real = found[0][0], there[1]
    assert found == [
        (own, 123, b"one"), (123, own, b"two"), (7000, real, b"three"), (real, 7000, b""),
    ]  # fmt: skip
    assert shown(file, WRONG, "frame.number") == []


@settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 200_000)), max_size=8))
def test_every_byte_is_in_it(tmp_path: Path, talk: list[tuple[bool, int]]) -> None:
    file = tmp_path / "b.pcapng"
    capture = Capture(file)
    capture.begin(pytest.fail)
    wanted = {True: b"", False: b""}
    with connected(capture) as (ours, theirs):
        own = ours.getsockname()[1]
        for is_up, size in talk:
            data = bytes(each & 0xFF for each in range(size))
            wanted[is_up] += _through(ours, theirs, data, is_up=is_up)
    capture.close()
    found = streams(file.read_bytes())
    assert found[LOOPBACK, own, LOOPBACK, 1883] == [wanted[True]]
    assert found[LOOPBACK, 1883, LOOPBACK, own] == [wanted[False]]


def _through(ours: socket.socket, theirs: socket.socket, data: bytes, *, is_up: bool) -> bytes:
    """As much of `data` as the system takes at once, read at the other end."""
    source, target = (ours, theirs) if is_up else (theirs, ours)
    sent = data[: source.send(data)]
    got = b""
    while len(got) < len(sent):
        got += target.recv(1 << 16)
    assert got == sent
    return sent
