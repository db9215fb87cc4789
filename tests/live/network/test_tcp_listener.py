"""Calls to the device: where it can be called, how calls wait, and what becomes of them."""

import errno
import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from quecsim.border import (
    CREDIT_BYTES,
    MOST_CALLS,
    Accept,
    Closed,
    Failed,
    Incoming,
    Listen,
    Listening,
    Why,
)
from quecsim.errors import QuecsimError
from quecsim.units import s
from tests.live.network.bench import HANG_S, Bench, Connection


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.close()


def taken_up(bench: Bench, link: int = 2) -> Connection:
    """Somebody calls, and the device takes it up."""
    before = len(bench.calls())
    caller = bench.call(bench.listen() if not bench.of() else at_of(bench))
    bench.until(lambda: len(bench.calls()) > before)
    bench.accept(link, bench.calls()[-1].caller, is_counted=True)
    return caller


def at_of(bench: Bench) -> tuple[str, int]:
    host, _, port = bench.peer.doors[1].rpartition(":")
    return host, int(port)


def test_it_is_at_loopback_and_the_user_is_told_where(bench: Bench) -> None:
    host, port = bench.listen(port=8080)
    assert host == "127.0.0.1"
    assert port > 1023
    assert bench.told == [f"the device's port 8080 is at 127.0.0.1:{port}"]


@pytest.mark.parametrize("protocol", ["tcp", "udp"])
def test_any_port_that_is_free_has_a_number(bench: Bench, protocol: str) -> None:
    """A device that asks for one tells it to others: an FTP server, say."""
    bench.wish(Listen(1, 0, protocol))
    bench.look()
    host, port = at_of(bench)
    assert bench.of() == [Listening(1, port)]
    kind = "UDP port" if protocol == "udp" else "port"
    assert bench.told == [f"the device's {kind} {port} is at {host}:{port}"]


def test_any_port_has_a_number_where_nobody_can_call() -> None:
    with closing(Bench(is_open=False)) as bench:
        bench.wish(Listen(1, 0))
        bench.look()
        (listening,) = bench.of()
        assert isinstance(listening, Listening)
        assert listening.port > 1023


def test_a_call_has_a_number_and_where_it_comes_from(bench: Bench) -> None:
    at = bench.listen()
    callers = [bench.call(at), bench.call(at)]
    bench.until(lambda: len(bench.calls()) == 2)
    assert {(it.address, it.port) for it in bench.calls()} == {
        it.end.getsockname() for it in callers
    }
    assert [it.caller for it in bench.calls()] == [1, 2]


def test_one_that_is_taken_up_is_a_link_like_others(bench: Bench) -> None:
    caller = taken_up(bench)
    caller.unsent += bytes(range(256)) * 1000
    bench.send(b"welcome", 2)
    bench.until(lambda: caller.got == b"welcome" and len(bench.data(2)) >= CREDIT_BYTES)
    bench.until_quiet()
    assert len(bench.data(2)) == CREDIT_BYTES, "that is its credit"
    assert bench.taken(2) == len(b"welcome")
    bench.credit(256_000, 2)
    bench.until(lambda: len(bench.data(2)) == 256_000)
    assert bench.data(2) == bytes(range(256)) * 1000
    bench.shut(2)
    bench.until(lambda: caller.has_ended)
    assert caller.error is None


def test_what_was_said_before_it_was_taken_up_is_heard(bench: Bench) -> None:
    caller = bench.call(bench.listen())
    caller.unsent += b"are you there?"
    bench.until(lambda: bool(bench.calls()) and not caller.unsent)
    caller.end.shutdown(socket.SHUT_WR)
    bench.accept(2, 1)
    bench.until(lambda: bool(bench.of(2)))
    assert bench.data(2) == b"are you there?"
    assert bench.of(2) == [Closed(2, Why.FIN)]


def test_one_that_is_refused_hears_it(bench: Bench) -> None:
    caller = bench.call(bench.listen())
    bench.until(lambda: bool(bench.calls()))
    bench.refuse(1)
    bench.until(lambda: caller.is_over)
    assert caller.error is not None
    assert caller.error.errno == errno.ECONNRESET
    bench.accept(2, 1)
    bench.look()
    assert bench.of(2) == [Closed(2, Why.RESET, "the caller has gone")]


@pytest.mark.parametrize("wish", [Accept(2, 1, 1), Accept(2, 9, 1), Accept(2, 1, 0)])
def test_there_is_no_such_call(bench: Bench, wish: Accept) -> None:
    bench.listen()
    bench.wish(wish)
    bench.refuse(7)
    bench.look()
    assert bench.of(2) == [Closed(2, Why.RESET, "the caller has gone")]
    assert len(bench.of()) == 1


def test_one_that_has_hung_up_is_found_out_when_it_is_taken_up(bench: Bench) -> None:
    caller = bench.call(bench.listen())
    bench.until(lambda: bool(bench.calls()))
    caller.reset()
    bench.accept(2, 1)
    bench.until(lambda: bool(bench.of(2)))
    closed = bench.last(2)
    assert isinstance(closed, Closed)
    assert closed.why is Why.RESET


def test_a_flood_of_calls_waits_with_the_system(bench: Bench) -> None:
    at = bench.listen()
    callers = []
    for _ in range(MOST_CALLS + 10):
        callers.append(bench.call(at))
        bench.look()
    bench.until_quiet()
    assert len(bench.calls()) == MOST_CALLS
    for caller in callers[:10]:  # to hang up makes no room: the device has been told of them
        caller.reset()
    bench.until_quiet()
    assert len(bench.calls()) == MOST_CALLS
    for call in list(bench.calls()):
        bench.refuse(call.caller)
    bench.until(lambda: len(bench.calls()) > MOST_CALLS)
    assert [it.caller for it in bench.calls()] == list(range(1, len(bench.calls()) + 1))


def test_those_that_come_and_go_do_not_gather(bench: Bench) -> None:
    at = bench.listen()
    for number in range(1, 200):
        caller = bench.call(at)
        bench.until(lambda number=number: len(bench.calls()) == number)  # type: ignore[misc]
        caller.reset()
        bench.refuse(number)
        bench.callers.clear()
    assert len(bench.peer._links) == 1
    assert len(bench.peer._watched) == 1


def test_shut_ends_it_and_whoever_waits(bench: Bench) -> None:
    caller = taken_up(bench)
    waiting = bench.call(at_of(bench))
    bench.until(lambda: len(bench.calls()) == 2)
    at = at_of(bench)
    bench.shut(1)
    bench.until(lambda: waiting.is_over)
    assert waiting.error is not None
    assert bench.peer.doors == {}
    with closing(socket.socket()) as late:
        assert late.connect_ex(at) == errno.ECONNREFUSED
    bench.send(b"still here", 2)
    bench.until(lambda: caller.got == b"still here")


def test_it_is_at_the_same_place_again(bench: Bench) -> None:
    taken_up(bench)
    at = at_of(bench)
    for link in range(3, 6):
        bench.shut(1 if link == 3 else link - 1, is_abort=True)
        bench.wish(Listen(link, 8080))
        bench.look()
        assert bench.last(link) == Listening(link, 8080)
        assert bench.peer.doors[link] == f"{at[0]}:{at[1]}"
    assert len(bench.told) == 1


def test_two_that_listen_have_calls_of_their_own(bench: Bench) -> None:
    one, other = bench.listen(1, 8080), bench.listen(2, 8081)
    bench.call(other)
    bench.until(lambda: bool(bench.calls(2)))
    assert bench.calls(1) == []
    bench.call(one)
    bench.until(lambda: bool(bench.calls(1)))
    assert [it.caller for it in bench.calls(1) + bench.calls(2)] == [1, 1]


def test_version_6() -> None:
    try:
        made = Bench(listen=["8080=[::1]"])
    except QuecsimError:
        pytest.skip("this machine has no IPv6")
    with closing(made) as bench:
        bench.wish(Listen(1, 8080))
        (door,) = bench.peer.doors.values()
        assert bench.told == [f"the device's port 8080 is at {door}"]
        with socket.create_connection(("::1", int(door.rpartition(":")[2]))) as caller:
            bench.until(lambda: bool(bench.calls()))
            assert bench.calls() == [Incoming(1, 1, "::1", caller.getsockname()[1])]


def test_without_a_door_nobody_calls_and_no_socket_is_made() -> None:
    with closing(Bench(is_open=False)) as bench:
        assert bench.listen() == ("", 0)
        assert bench.peer.doors == {}
        assert bench.told == []
        assert bench.peer._watched == {}


def test_where_the_system_gives_nothing_the_device_hears_it() -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        taken.close()
        with closing(Bench(listen=[f"8080=127.0.0.1:{port}"])) as bench:
            with socket.create_server(("127.0.0.1", port)):
                bench.wish(Listen(1, 8080))
                bench.look()
                why = "address already in use"
                assert bench.of() == [
                    Failed(1, Why.UNREACHABLE, f"nothing can listen there: {why}")
                ]
                assert bench.told == [f"the device cannot listen at its port 8080: {why}"]
            assert bench.listen(2) == ("127.0.0.1", port)


def test_where_there_are_no_descriptors_it_waits(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def full(_: socket.socket) -> None:
        tries.append(1)
        raise OSError(errno.EMFILE, "too many open files")

    caller = bench.call(bench.listen())
    with monkeypatch.context() as patched:
        patched.setattr(socket.socket, "accept", full)
        bench.until(lambda: bool(tries))
        bench.until_quiet()
    assert len(tries) == 1, "it is not tried again at once"
    assert bench.peer.deadline_ns() == s(1)
    bench.now_ns = s(1)
    bench.until(lambda: bool(bench.calls()))
    assert bench.calls()[0].port == caller.end.getsockname()[1]
    assert bench.peer.deadline_ns() is None


def test_the_end_closes_what_waits(bench: Bench) -> None:
    caller = bench.call(bench.listen())
    bench.until(lambda: bool(bench.calls()))
    assert isinstance(bench.calls()[0], Incoming)
    bench.peer.close()
    caller.end.settimeout(HANG_S)
    with pytest.raises(ConnectionResetError):
        caller.end.recv(1)
