"""TLS that begins in the middle of a connection: what goes before it, and every way to fail."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from quecsim.border import CREDIT_BYTES, Closed, Opened, Secured, Sent, Why
from quecsim.border.wish import Pem
from quecsim.tls.authority import authority_pem
from quecsim.units import s
from tests.live.network.bench import Connection, Served
from tests.live.network.tls_bench import TLS, TlsEnd, server_context


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    return server_context(tmp_path_factory.mktemp("server"))


class Upgrading(Served):
    """A server that begins TLS when it is asked to; `end` is its TLS then."""

    end: TlsEnd | None = None

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__()
        self.context = context

    def look(self) -> None:
        super().look()
        if self.end is not None:
            self.end.turn()

    def upgrade(self, server: Connection) -> TlsEnd:
        server.got.clear()
        self.end = TlsEnd(server, self.context)
        return self.end

    def until_closed(self, link: int = 1) -> Closed:
        self.until(lambda: isinstance(self.last(link), Closed))
        closed = self.last(link)
        assert isinstance(closed, Closed)
        return closed


@pytest.fixture
def bench(context: ssl.SSLContext) -> Iterator[Upgrading]:
    made = Upgrading(context)
    yield made
    made.close()


def asked(bench: Upgrading) -> Connection:
    """They have agreed to begin, in the clear."""
    server = bench.connect(is_counted=True)
    bench.send(b"AUTH TLS\r\n")
    bench.until(lambda: server.got == b"AUTH TLS\r\n")
    server.unsent += b"234 go on\r\n"
    bench.until(lambda: bench.data() == b"234 go on\r\n")
    return server


def test_plain_then_safe(bench: Upgrading) -> None:
    server = asked(bench)
    bench.secure(TLS)
    end = bench.upgrade(server)
    bench.until(lambda: isinstance(bench.last(), Secured))
    secured = bench.last()
    assert isinstance(secured, Secured)
    cipher = end.tls.cipher()
    assert cipher is not None
    assert (secured.version, secured.suite) == (end.tls.version(), cipher[0])
    assert 300 < secured.sent_bytes < 1000 < secured.received_bytes < 4000
    bench.send(b"PBSZ 0\r\n")
    end.send(b"200 fine\r\n")
    bench.until(lambda: end.got == b"PBSZ 0\r\n" and bench.data().endswith(b"200 fine\r\n"))
    assert bench.taken() == len(b"AUTH TLS\r\nPBSZ 0\r\n")
    assert [type(it) for it in bench.of()] == [Opened, Sent, Secured, Sent]


def test_what_waits_to_be_written_goes_first_and_as_it_is(bench: Upgrading) -> None:
    server = bench.connect()
    server.reads = False
    bench.send(bytes(900_000))
    bench.secure(TLS)
    bench.look()
    server.reads = True
    bench.until(lambda: len(server.got) > 900_000)
    assert not any(server.got[:900_000])
    assert server.got[900_000:900_003] == b"\x16\x03\x01", "a handshake, at the boundary"
    del server.got[:900_000]
    bench.end = TlsEnd(server, bench.context)
    bench.until(lambda: isinstance(bench.last(), Secured))


def test_what_is_sent_meanwhile_goes_under_tls(bench: Upgrading) -> None:
    server = asked(bench)
    bench.secure(TLS)
    bench.send(b"too early")
    end = bench.upgrade(server)
    bench.until(lambda: end.got == b"too early")
    bench.until(lambda: bench.taken() == len(b"AUTH TLS\r\ntoo early"))


def test_what_the_server_said_before_and_nobody_took_is_no_tls(bench: Upgrading) -> None:
    """Else somebody on the way could put words into the server's mouth."""
    server = bench.connect()
    server.unsent += b"x" * CREDIT_BYTES + b"250 put in by somebody\r\n"
    bench.until(lambda: len(bench.data()) == CREDIT_BYTES and not server.unsent)
    bench.secure(TLS)
    bench.credit(1000)
    closed = bench.until_closed()
    assert closed.why is Why.TLS_VERSION
    assert "no TLS" in closed.detail
    assert len(bench.data()) == CREDIT_BYTES


def test_a_ca_that_lost_bytes(bench: Upgrading) -> None:
    server = asked(bench)
    pem = authority_pem()
    bench.secure(replace(TLS, ca=Pem("UFS:ca.pem", pem[:600] + pem[753:])))
    bench.look()
    closed = bench.last()
    assert isinstance(closed, Closed)
    assert (closed.why, closed.file) == (Why.TLS_CA, "UFS:ca.pem")
    bench.until(lambda: server.is_over)
    assert server.error is None, "the server hears a farewell"


def test_a_certificate_that_does_not_hold(tmp_path: Path) -> None:
    with closing(Upgrading(server_context(tmp_path, "other-ca"))) as bench:
        server = asked(bench)
        bench.secure(TLS)
        end = bench.upgrade(server)
        closed = bench.until_closed()
        assert (closed.why, closed.file) == (Why.TLS_VERIFY, "UFS:ca.pem")
        bench.until(lambda: server.is_over)
        assert "UNKNOWN_CA" in end.error


@pytest.mark.parametrize(("is_reset", "why"), [(False, Why.TLS_ALERT), (True, Why.RESET)])
def test_the_server_ends_the_handshake(bench: Upgrading, is_reset: bool, why: Why) -> None:
    server = asked(bench)
    bench.secure(TLS)
    bench.until(lambda: len(server.got) > 100)
    if is_reset:
        server.reset()
    else:
        server.end.shutdown(socket.SHUT_WR)
    assert bench.until_closed().why is why


def test_a_server_that_says_nothing_has_its_time(bench: Upgrading) -> None:
    bench.now_ns = s(5)
    asked(bench)
    bench.secure(replace(TLS, negotiate_ns=s(30)))
    bench.look()
    assert bench.peer.deadline_ns() == s(35)
    bench.now_ns = s(35)
    bench.look()
    words = "the handshake has not come to its end in 30.000 s"
    assert bench.last() == Closed(1, Why.TIMEOUT, words)
    assert bench.peer.deadline_ns() is None


def test_twice_is_once_too_often(bench: Upgrading) -> None:
    server = asked(bench)
    bench.secure(TLS)
    bench.secure(TLS)  # it begins already
    bench.upgrade(server)
    bench.until(lambda: isinstance(bench.last(), Secured))
    bench.secure(TLS)
    assert bench.until_closed().why is Why.TLS_VERSION


def test_where_the_end_is_known_nothing_begins(bench: Upgrading) -> None:
    server = asked(bench)
    server.end.shutdown(socket.SHUT_WR)
    assert bench.until_closed().why is Why.FIN
    bench.secure(TLS)
    bench.secure(TLS, link=99)
    bench.look()
    assert isinstance(bench.news[-1], Closed)
    bench.shut()
    bench.until(lambda: server.is_over)


def test_a_call_that_was_taken_up_may_be_safe_too(bench: Upgrading) -> None:
    at = bench.listen(2)
    caller = bench.call(at)
    bench.until(lambda: bool(bench.calls(2)))
    bench.accept(3, 1, 2)
    bench.secure(TLS, 3)
    bench.end = TlsEnd(caller, bench.context)
    bench.until(lambda: bool(bench.of(3)))
    assert isinstance(bench.last(3), Secured)


def test_shut_in_the_middle_is_the_end(bench: Upgrading) -> None:
    server = asked(bench)
    bench.secure(TLS)
    bench.shut()
    bench.until(lambda: server.is_over)
    assert bench.peer._links == {}
