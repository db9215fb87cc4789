"""TLS over real connections: plaintext both ways, what it takes, and every way to fail."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from quecsim.border import CREDIT_BYTES, Closed, Failed, Opened, Why
from quecsim.border.wish import Pem
from quecsim.live.network.routes import Permissions, parse_route
from quecsim.live.network.sockets import SocketsPeer
from quecsim.tls.authority import authority_pem
from quecsim.units import s
from tests.live.network.bench import NAME, PORT
from tests.live.network.tls_bench import TLS, TlsEnd, TlsServed, server_context


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    return server_context(tmp_path_factory.mktemp("server"))


@pytest.fixture
def served(context: ssl.SSLContext) -> Iterator[TlsServed]:
    made = TlsServed(context)
    yield made
    made.close()


def failure(served: TlsServed) -> Failed:
    (failed,) = served.of()
    assert isinstance(failed, Failed)
    return failed


SIZES = st.lists(st.integers(1, 40_000), max_size=5)


@settings(max_examples=10, deadline=None)
@given(up=SIZES, down=SIZES)
def test_plaintext_arrives_whole_both_ways(
    context: ssl.SSLContext, up: list[int], down: list[int]
) -> None:
    with closing(TlsServed(context)) as bench:
        end = bench.connect_tls()
        for number in range(5):
            if number < len(up):
                bench.send(bytes([number]) * up[number])
            if number < len(down):
                end.send(bytes([number]) * down[number])
                bench.credit(down[number])
            bench.look()
        bench.until(lambda: len(end.got) == sum(up) and len(bench.data()) == sum(down))
        assert end.got == b"".join(bytes([n]) * size for n, size in enumerate(up))
        assert bench.data() == b"".join(bytes([n]) * size for n, size in enumerate(down))


def test_opened_says_what_they_agreed_upon(served: TlsServed) -> None:
    end = served.connect_tls()
    (opened,) = served.of()
    assert isinstance(opened, Opened)
    assert opened.version == end.tls.version() == "TLSv1.2"
    cipher = end.tls.cipher()
    assert cipher is not None
    assert opened.suite == cipher[0]
    assert 300 < opened.sent_bytes < 1000 < opened.received_bytes < 4000


def test_a_record_beyond_the_credit_waits(served: TlsServed) -> None:
    """A record of TLS comes whole: what there is no credit for stays, and is told of no sooner."""
    end = served.connect_tls()
    sent = bytes(range(256)) * 800
    end.send(sent)
    served.until(lambda: len(served.data()) >= CREDIT_BYTES)
    served.until_quiet()
    assert len(served.data()) == CREDIT_BYTES
    for more in (1, 5000, 20_000):
        before = len(served.data())
        served.credit(more)
        wanted = before + more
        served.until(lambda wanted=wanted: len(served.data()) >= wanted)  # type: ignore[misc]
        served.until_quiet()
        assert len(served.data()) == wanted
    served.credit(len(sent))
    served.until(lambda: len(served.data()) == len(sent))
    assert served.data() == sent


def test_a_file_of_authorities_that_lost_bytes_is_found_before_anything_is_reached(
    served: TlsServed,
) -> None:
    pem = authority_pem()
    served.open(tls=replace(TLS, ca=Pem("UFS:ca.pem", pem[:600] + pem[753:])))
    served.look()
    assert (failure(served).why, failure(served).file) == (Why.TLS_CA, "UFS:ca.pem")
    served.until_quiet()
    assert served.server.connections == []
    assert served.told == []


@pytest.mark.parametrize(
    ("kind", "why", "reason"),
    [
        ("other-ca", Why.TLS_VERIFY, "TLSV1_ALERT_UNKNOWN_CA"),
        ("self-signed", Why.TLS_VERIFY, "ALERT"),
        ("expired", Why.TLS_TIME, "EXPIRED"),
    ],
)
def test_a_certificate_that_does_not_hold_and_the_server_hears_why(
    tmp_path: Path, kind: str, why: Why, reason: str
) -> None:
    with closing(TlsServed(server_context(tmp_path, kind))) as bench:  # type: ignore[arg-type]
        bench.open(tls=TLS)
        bench.until(lambda: bool(bench.of()))
        assert failure(bench).why is why
        assert failure(bench).detail
        bench.until(lambda: bench.server.connections[0].is_over)
        bench.look()
        assert reason in bench.ends[0].error
        assert bench.server.connections[0].error is None, "in good order"


def test_a_device_that_checks_nothing_is_content(tmp_path: Path) -> None:
    with closing(TlsServed(server_context(tmp_path, "self-signed"))) as bench:
        end = bench.connect_tls(tls=replace(TLS, level=0, ca=Pem()))
        bench.send(b"hello")
        bench.until(lambda: end.got == b"hello")


def test_no_version_in_common(served: TlsServed) -> None:
    served.open(tls=replace(TLS, versions=("1.0",)))
    served.until_decided()
    assert failure(served).why is Why.TLS_VERSION


@pytest.mark.parametrize("garbage", [b"HTTP/1.1 400 Bad Request\r\n\r\n", bytes(70_000)])
def test_what_is_no_tls(served: TlsServed, garbage: bytes) -> None:
    served.speaks_tls = False
    served.open(tls=TLS)
    served.until(lambda: bool(served.server.connections))
    served.server.connections[0].unsent += garbage
    served.until_decided()
    assert failure(served).why is Why.TLS_VERSION
    assert "no TLS" in failure(served).detail


def test_a_server_that_says_nothing_has_the_time_that_the_device_gives(served: TlsServed) -> None:
    served.speaks_tls = False
    served.now_ns = s(10)
    served.open(tls=replace(TLS, negotiate_ns=s(300)))
    served.until(lambda: bool(served.server.connections and served.server.connections[0].got))
    assert served.peer.deadline_ns() == s(310)
    served.now_ns = s(310)
    served.look()
    words = "the handshake has not come to its end in 300.000 s"
    assert failure(served) == Failed(1, Why.TIMEOUT, words)


def test_a_handshake_that_stops_half_way(served: TlsServed) -> None:
    served.speaks_tls = False
    served.open(tls=replace(TLS, negotiate_ns=s(3)))
    served.until(lambda: bool(served.server.connections and served.server.connections[0].got))
    (server,) = served.server.connections
    server.unsent += TlsEnd(server, served.context).first_flight()[:1000]
    served.until(lambda: not server.unsent)
    served.until_quiet()
    assert served.of() == []
    served.now_ns = s(3)
    served.look()
    assert failure(served).why is Why.TIMEOUT
    served.until(lambda: server.is_over)


@pytest.mark.parametrize(
    ("is_reset", "why"), [(False, Why.TLS_ALERT), (True, Why.RESET)], ids=["fin", "reset"]
)
def test_a_server_that_ends_the_handshake(served: TlsServed, is_reset: bool, why: Why) -> None:
    served.speaks_tls = False
    served.open(tls=TLS)
    served.until(lambda: bool(served.server.connections and served.server.connections[0].got))
    (server,) = served.server.connections
    if is_reset:
        server.reset()
    else:
        server.end.shutdown(socket.SHUT_WR)
    served.until_decided()
    assert failure(served).why is why


@pytest.mark.parametrize("says_so", [True, False], ids=["close_notify", "fin alone"])
def test_the_server_ends_it(served: TlsServed, says_so: bool) -> None:
    end = served.connect_tls()
    end.send(b"bye")
    if says_so:
        end.close()
    else:
        end.connection.end.shutdown(socket.SHUT_WR)
    served.until(lambda: len(served.of()) == 2)
    assert served.news[-1] == Closed(1, Why.FIN)
    assert served.data() == b"bye"
    served.shut()
    served.until(lambda: end.connection.is_over)
    assert end.has_closed


def test_the_device_says_close_notify_after_what_is_queued(served: TlsServed) -> None:
    end = served.connect_tls()
    served.send(bytes(300_000))
    served.shut()
    served.until(lambda: end.has_closed)
    assert end.got == bytes(300_000)
    assert end.error == ""
    end.connection.close()
    served.until(lambda: served.peer.deadline_ns() is None)


def test_a_record_that_was_tampered_with_ends_it_after_what_came_before(served: TlsServed) -> None:
    end = served.connect_tls()
    end.send(b"good")
    end.connection.unsent += bytes.fromhex("1703030020") + bytes(32)
    served.until(lambda: len(served.of()) == 2)
    assert served.data() == b"good"
    closed = served.last()
    assert isinstance(closed, Closed)
    assert (closed.why, "TLS" in closed.detail) == (Why.RESET, True)
    served.until(lambda: end.connection.is_over)
    served.look()
    assert "ALERT" in end.error


def test_the_keys_are_told_to_who_wants_them(served: TlsServed) -> None:
    lines: list[bytes] = []
    route = parse_route(f"{NAME}:{PORT}=127.0.0.1:{served.server.port}")
    served.peer.close()
    served.peer = SocketsPeer(Permissions([route]), keylog=lines.append)
    served.connect_tls()
    assert len(lines) == 1
    assert lines[0].startswith(b"CLIENT_RANDOM ")
