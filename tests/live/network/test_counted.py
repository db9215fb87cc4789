"""What the other side has taken: on counted links the device hears of it."""

import ssl
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.border import SEND_BYTES, Closed, Opened, Sent, Why
from quecsim.live.network.link import Limits
from quecsim.live.network.tcp_link import TcpLink
from tests.live.network.bench import Served
from tests.live.network.tls_bench import TLS, TlsServed, server_context


@pytest.fixture
def counted() -> Iterator[Served]:
    made = Served()
    yield made
    made.close()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 40_000), min_size=1, max_size=8))
def test_all_that_arrives_was_told_of(sizes: list[int]) -> None:
    with closing(Served()) as bench:
        server = bench.connect(is_counted=True)
        for size in sizes:
            bench.send(bytes(size))
            bench.look()
        bench.until(lambda: len(server.got) == sum(sizes))
        assert bench.taken() == sum(sizes)


def test_one_that_is_not_counted_says_nothing(served: Served) -> None:
    server = served.connect()
    served.send(bytes(1000))
    served.until(lambda: len(server.got) == 1000)
    assert served.taken() == 0


def fill(bench: Served) -> int:
    """Send as a device does, until nothing more is taken; returns how much was sent."""
    sent = 0
    while bench.taken() > sent - SEND_BYTES // 2:
        assert sent < 1 << 25, "the system takes everything"
        bench.send(bytes(SEND_BYTES // 2))
        sent += SEND_BYTES // 2
        bench.look()
    return sent


def test_a_server_that_does_not_read_holds_the_device_back(counted: Served) -> None:
    server = counted.connect(is_counted=True)
    server.reads = False
    sent = fill(counted)
    counted.until_quiet()
    link = counted.peer._links[1]
    assert isinstance(link, TcpLink)
    assert 0 < len(link._out) <= SEND_BYTES
    assert counted.taken() < sent
    assert [type(it) for it in counted.of()] == [Opened] + [Sent] * (len(counted.of()) - 1)
    server.reads = True
    counted.until(lambda: counted.taken() == sent)
    counted.until(lambda: len(server.got) == sent)


def test_a_device_that_does_not_mind_is_cut_off() -> None:
    with closing(Served(limits=Limits(output_bytes=100_000))) as bench:
        server = bench.connect(is_counted=True)
        server.reads = False
        for _ in range(2000):
            bench.send(bytes(50_000))
            bench.look()
            if isinstance(bench.last(), Closed):
                break
        closed = bench.last()
        assert isinstance(closed, Closed)
        assert (closed.why, "does not take" in closed.detail) == (Why.RESET, True)


def test_what_is_not_taken_when_it_ends_is_never_told(counted: Served) -> None:
    server = counted.connect(is_counted=True)
    server.reads = False
    sent = fill(counted)
    before = counted.taken()
    counted.shut(is_abort=True)
    counted.until_quiet()
    assert counted.taken() == before < sent


def test_a_reset_with_bytes_untaken(counted: Served) -> None:
    server = counted.connect(is_counted=True)
    server.reads = False
    fill(counted)
    server.reset()
    counted.until(lambda: isinstance(counted.last(), Closed))
    closed = counted.last()
    assert isinstance(closed, Closed)
    assert closed.why is Why.RESET
    assert counted.peer.deadline_ns() is None


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    return server_context(tmp_path_factory.mktemp("server"))


def test_under_tls_it_is_plaintext_that_counts(context: ssl.SSLContext) -> None:
    with closing(TlsServed(context)) as bench:
        bench.open(tls=TLS, is_counted=True)
        bench.until_decided()
        for size in (1, 20_000, 16_384, 300):
            bench.send(bytes(size))
            bench.look()
        bench.until(lambda: bool(bench.ends) and len(bench.ends[0].got) == 36_685)
        assert bench.taken() == 36_685


def test_nothing_of_what_was_sent_is_kept(counted: Served) -> None:
    server = counted.connect(is_counted=True)
    for number in range(1, 200):
        counted.send(bytes(10_000))
        counted.until(lambda number=number: counted.taken() == number * 10_000)  # type: ignore[misc]
    counted.until(lambda: len(server.got) == 1_990_000)
    link = counted.peer._links[1]
    assert isinstance(link, TcpLink)
    assert (len(link._untaken), len(link._out)) == (0, 0)
