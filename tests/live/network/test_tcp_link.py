"""Bytes both ways over real connections, how they come about, and how they end."""

import errno
import select
import socket
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.border import CREDIT_BYTES, Closed, Failed, Opened, Why
from quecsim.live.network.link import Limits
from quecsim.units import s
from tests.live.network.bench import HANG_S, NAME, PORT, Bench, Served

CHUNKS = st.lists(st.integers(1, 40_000), max_size=8)


def pattern(count: int) -> bytes:
    return (bytes(range(251)) * (count // 251 + 1))[:count]


@settings(max_examples=25, deadline=None)
@given(up=CHUNKS, down=CHUNKS, credits=st.lists(st.integers(1, 50_000), max_size=8))
def test_bytes_arrive_whole_and_in_order_both_ways(
    up: list[int], down: list[int], credits: list[int]
) -> None:
    with closing(Served()) as bench:
        server = bench.connect()
        to_server, to_device = pattern(sum(up)), pattern(sum(down))
        allowed = min(CREDIT_BYTES + sum(credits), len(to_device))
        at_up = at_down = 0
        for turn in range(8):
            if turn < len(up):
                bench.send(to_server[at_up : at_up + up[turn]])
                at_up += up[turn]
            if turn < len(down):
                server.unsent += to_device[at_down : at_down + down[turn]]
                at_down += down[turn]
            if turn < len(credits):
                bench.credit(credits[turn])
            bench.look()
        bench.until(lambda: len(server.got) == at_up and len(bench.data()) >= allowed)
        assert bytes(server.got) == to_server
        assert bench.data() == to_device[:allowed]


def test_opened_says_what_was_reached_and_from_where(served: Served) -> None:
    server = served.connect()
    here = server.end.getpeername()
    assert served.of() == [Opened(1, "127.0.0.1", here[1])]


def test_version_6(socket_of_version_6: None) -> None:
    with closing(Served(host="::1")) as bench:
        server = bench.connect()
        bench.send(b"six")
        bench.until(lambda: server.got == b"six")
        assert isinstance(bench.last(), Opened)
        assert bench.told == [f"the device has reached {NAME}:{PORT} at [::1]:{bench.server.port}"]


@pytest.fixture
def socket_of_version_6() -> None:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has no IPv6")


def test_nothing_is_read_beyond_the_credit(served: Served) -> None:
    server = served.connect()
    server.unsent += pattern(10_000_000)
    served.until(lambda: len(served.data()) >= CREDIT_BYTES)
    served.until_quiet()  # and nobody is woken in vain
    assert len(served.data()) == CREDIT_BYTES
    assert server.unsent, "it is the server that has to wait"
    for more in (1, 4096, 65_537):
        before = len(served.data())
        served.credit(more)
        wanted = before + more
        served.until(lambda wanted=wanted: len(served.data()) >= wanted)  # type: ignore[misc]
        served.until_quiet()
        assert len(served.data()) == before + more
    assert served.data() == pattern(len(served.data()))


def test_what_is_sent_piece_by_piece_is_written_at_once(served: Served) -> None:
    """When the loop looks, or asks for the news: and it is told that it should."""
    server = served.connect()
    served.until_quiet()
    for _ in range(100):
        served.send(bytes(100))
    server.pump()
    assert server.got == b""
    assert served.peer.deadline_ns() == served.now_ns
    served.peer.take_news(served.now_ns)
    assert served.peer.deadline_ns() is None
    assert len(server.end.recv(1 << 16)) == 10_000
    served.send(b"bye")
    served.shut(is_abort=True)
    assert select.select([server.end], [], [], HANG_S)[0]
    assert server.end.recv(10) == b"bye", "a reset comes behind what was sent"


def test_nobody_listens(served: Served) -> None:
    served.servers.remove(served.server)
    served.server.close()
    served.open()
    served.until_decided()
    assert served.of() == [Failed(1, Why.REFUSED, "connection refused")]
    there = f"{NAME}:{PORT} at 127.0.0.1:{served.server.port}"
    assert served.told == [f"the device has not reached {there}: connection refused"]
    assert served.peer.deadline_ns() is None


def test_a_port_that_meets_itself_is_nobody(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where our own port happens to be the one that is looked for, TCP connects it with itself."""

    class Bound(socket.socket):
        def connect_ex(self, address: object) -> int:
            self.bind(address)  # type: ignore[arg-type]
            return super().connect_ex(address)  # type: ignore[arg-type]

    served.servers.remove(served.server)
    served.server.close()
    monkeypatch.setattr(socket, "socket", Bound)
    served.open()
    served.until_decided()
    assert served.of() == [Failed(1, Why.REFUSED, "connection refused")]


def test_nobody_answers() -> None:
    """A listener whose queue is full lets those that come wait."""
    with closing(socket.socket()) as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        assert select.select([], waiting[:1], [], HANG_S)[1]
        with closing(Bench([f"{NAME}:{PORT}=127.0.0.1:{port}"])) as bench:
            bench.now_ns = s(5)
            bench.open()
            assert bench.peer.deadline_ns() == s(80)
            bench.now_ns = s(80) - 1
            bench.look()
            assert bench.news == []
            bench.now_ns = s(80)
            # Whoever only asks for the news gets them too.
            assert bench.peer.take_news(s(80)) == [
                Failed(1, Why.TIMEOUT, "nobody has answered in 75.000 s")
            ]
            assert bench.peer.deadline_ns() is None
        for one in waiting:
            one.close()


def test_the_server_resets(served: Served) -> None:
    server = served.connect()
    server.reset()
    served.until(lambda: len(served.of()) == 2)
    assert served.last() == Closed(1, Why.RESET, "connection reset by peer")
    served.send(b"crosses the news")
    served.credit(5)
    served.shut()
    served.look()
    assert len(served.of()) == 2


def test_the_server_ends_and_what_it_said_comes_first(served: Served) -> None:
    server = served.connect()
    server.unsent += pattern(100_000)
    served.until(lambda: not server.unsent)
    server.end.shutdown(socket.SHUT_WR)
    served.until(lambda: len(served.data()) == CREDIT_BYTES)
    served.until_quiet()
    assert len(served.of()) == 1, "bytes are left, for which there is no credit"
    served.credit(100_000)
    served.until(lambda: len(served.of()) == 2)
    assert served.news[-1] == Closed(1, Why.FIN)
    assert served.data() == pattern(100_000)


def test_a_server_that_has_ended_may_still_listen(served: Served) -> None:
    server = served.connect()
    server.end.shutdown(socket.SHUT_WR)
    served.until(lambda: len(served.of()) == 2)
    served.send(b"last words")
    served.until(lambda: server.got == b"last words")
    served.shut()
    served.until(lambda: server.has_ended)
    assert server.error is None


def test_the_device_ends_after_what_is_queued(served: Served) -> None:
    server = served.connect()
    server.reads = False
    data = pattern(900_000)
    served.send(data)
    served.shut()
    served.look()
    server.reads = True
    served.until(lambda: server.is_over)
    assert bytes(server.got) == data
    assert server.error is None
    assert len(served.of()) == 1


def test_a_server_that_goes_on_talking_is_not_reset_while_it_reads(served: Served) -> None:
    server = served.connect()
    server.unsent += pattern(3_000_000)
    served.until(lambda: len(served.data()) == CREDIT_BYTES)
    served.send(b"bye")
    served.shut()
    served.until(lambda: server.is_over and not server.unsent)
    assert server.got == b"bye"
    assert server.error is None
    assert len(served.data()) == CREDIT_BYTES, "after its Shut the device hears nothing more"


def test_a_farewell_has_an_end(served: Served) -> None:
    server = served.connect()
    served.now_ns = s(100)
    served.shut()
    served.until(lambda: server.has_ended)
    assert served.peer.deadline_ns() == s(110)
    served.now_ns = s(110)
    served.look()
    assert served.peer.deadline_ns() is None
    server.has_ended = False
    server.unsent += b"is anybody there?"
    served.until(lambda: server.is_over)
    assert server.got == b""


def test_an_abort_resets(served: Served) -> None:
    server = served.connect()
    served.shut(is_abort=True)
    served.until(lambda: server.is_over)
    assert server.error is not None
    assert server.error.errno == errno.ECONNRESET


def test_a_server_that_takes_nothing_has_a_bound() -> None:
    with closing(Served(limits=Limits(output_bytes=100_000))) as bench:
        server = bench.connect()
        server.reads = False
        for _ in range(2000):  # the kernel holds some megabytes too
            bench.send(pattern(50_000))
            bench.look()
            if len(bench.of()) > 1:
                break
        closed = bench.last()
        assert isinstance(closed, Closed)
        assert closed.why is Why.RESET
        assert "the server does not take" in closed.detail


def test_also_one_that_has_ended_its_own_side_and_that_is_no_news() -> None:
    with closing(Served(limits=Limits(output_bytes=100_000))) as bench:
        server = bench.connect()
        server.end.shutdown(socket.SHUT_WR)
        bench.until(lambda: len(bench.of()) == 2)
        server.reads = False
        for _ in range(2000):
            bench.send(pattern(50_000))
        bench.look()
        assert bench.last() == Closed(1, Why.FIN)
        server.reads = True
        bench.until(lambda: server.is_over)
        assert server.error is not None


def test_a_server_that_breaks_off_has_been_heard(served: Served) -> None:
    """As a broker that refuses: its answer, the end, and a reset for what still comes."""
    server = served.connect()
    server.unsent += b"refused"
    served.until(lambda: not server.unsent)
    served.until(lambda: served.data() == b"refused")
    server.unsent += b", really"
    server.pump()
    server.close()
    served.send(b"one")
    served.send(b"two")
    served.until(lambda: len(served.of()) == 2)
    assert served.data() == b"refused, really"
    assert isinstance(served.last(), Closed)


def test_many_at_once_do_not_mix(served: Served) -> None:
    ends = {link: served.connect(link) for link in range(1, 13)}
    for link, end in ends.items():
        served.send(b"up %d" % link, link)
        end.unsent += b"down %d" % link
    served.until(lambda: all(end.got and served.data(link) for link, end in ends.items()))
    for link, end in ends.items():
        assert (bytes(end.got), served.data(link)) == (b"up %d" % link, b"down %d" % link)
