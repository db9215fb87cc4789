"""The device's end: what goes through it, and what it makes of what comes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.border import TlsWish, Why
from quecsim.tls.authority import server_tls
from quecsim.tls.client import new_client, server_name
from quecsim.tls.server import new_server
from quecsim.tls.trouble import Broken
from tests.tls.ends import (
    HOST,
    connected,
    first_flight,
    pair_wish,
    pieces,
    talk,
    trouble_of,
    wish,
    words,
)

FLIGHTS = {
    kind: first_flight(server_tls(kind, client="asked"))
    for kind in ("valid", "expired", "self-signed")
}
FATAL, WARNING = 2, 1


def alert(number: int, level: int = FATAL) -> bytes:
    return bytes((21, 3, 3, 0, 2, level, number))


def told(received: bytes, cut: int = 1 << 20, wanted: TlsWish | None = None) -> str:
    """What becomes of a client to which this is said, and which is then left alone."""
    client = new_client(wanted or wish(), HOST)
    client.start()

    def listen() -> None:
        for piece in pieces(received, cut):
            client.receive(piece)
        client.end_of_input()

    trouble = trouble_of(listen)
    assert trouble is not None
    assert not client.is_established
    assert client.take_plain() == b""
    client.receive(b"anything")  # it is over
    client.end_of_input()
    return words(trouble)


def test_plaintext_goes_both_ways_and_both_say_goodbye() -> None:
    client, server = connected()
    sent = bytes(range(256)) * 300
    client.send(sent)
    client.send(b"")
    for piece in pieces(client.take_output(), 1000):
        server.receive(piece)
    assert server.take_plain() == sent
    server.send(sent[::-1])
    server.close()
    for piece in pieces(server.take_output(), 999):
        client.receive(piece)
    assert client.take_plain() == sent[::-1]
    assert client.take_plain() == b""
    assert client.is_closed
    assert not server.is_closed
    client.send(b"the last")  # its own direction is still open
    client.close()
    server.receive(client.take_output())
    assert server.take_plain() == b"the last"
    assert server.is_closed
    client.send(b"no more")
    assert client.take_output() == b""
    client.end_of_input()


def test_a_peer_that_stops_is_waited_for() -> None:
    client = new_client(wish(), HOST)
    client.start()
    assert client.take_output()[:2] == b"\x16\x03"
    client.receive(FLIGHTS["valid"][:500])
    assert client.take_output() == b""
    assert not client.is_established
    client.close()  # in a handshake there is no goodbye
    assert client.take_output() == b""


@pytest.mark.parametrize("cut", [1, 2, 5, 6, 100])
@pytest.mark.parametrize("wanted", [wish(), pair_wish()], ids=["level 1", "level 2"])
def test_pieces_make_no_difference(cut: int, wanted: TlsWish) -> None:
    server = server_tls(client="asked")
    whole, other = connected(wanted, server)
    client, _ = connected(wanted, server, cut)
    for name in ("version", "suite", "sent_bytes", "received_bytes"):
        assert getattr(client, name) == getattr(whole, name)
    other.send(b"hello")
    for piece in pieces(other.take_output(), cut):
        whole.receive(piece)
    assert whole.take_plain() == b"hello"


@pytest.mark.parametrize(
    ("received", "said"),
    [
        (b"", "tls:alert | the server ended the connection before it had said anything"),
        (
            FLIGHTS["valid"][:700],
            "tls:alert | the server ended the connection in the middle of the handshake",
        ),
        (
            b"HTTP/1.1 400 Bad Request\r\n\r\n",
            "tls:version | what the server says is no TLS ('HTTP/'): ",
        ),
        (
            b"\x20\x02\x00\x00" * 5,  # MQTT, without TLS
            "tls:version | what the server says is no TLS (' \\x02\\x00\\x00 '): ",
        ),
        (
            alert(40),
            "tls:version | no version or cipher suite in common: the server says"
            " handshake_failure (40)",
        ),
        (
            alert(71),
            "tls:version | no version or cipher suite in common: the server says"
            " insufficient_security (71)",
        ),
        (alert(80), "tls:alert | the server broke the handshake off: internal_error (80)"),
        (alert(112), "tls:alert | the server broke the handshake off: unrecognized_name (112)"),
        (alert(201), "tls:alert | the server broke the handshake off: alert (201)"),
        (alert(0, WARNING), "tls:alert | the server ended the handshake: close_notify (0)"),
        (
            FLIGHTS["valid"] + FLIGHTS["valid"],
            "tls:verify | the server's certificate, or what it signed, does not hold: ",
        ),
    ],
)
def test_what_a_server_may_say_instead(received: bytes, said: str) -> None:
    assert told(received).startswith(said)
    assert told(received, cut=1) == told(received)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("self-signed", alert(48)),  # unknown_ca
        ("expired", alert(45)),  # certificate_expired
        ("valid", alert(51)),  # decrypt_error: it is another handshake's
    ],
)
def test_an_alert_tells_the_server(kind: str, said: bytes) -> None:
    client = new_client(wish(), HOST)
    client.start()
    client.take_output()
    assert trouble_of(lambda: client.receive(FLIGHTS[kind])) is not None
    assert client.take_output() == said
    assert client.take_output() == b""


def test_a_certificate_that_is_not_there_is_not_shown() -> None:
    client, server = new_client(wish(level=2), HOST), new_server(server_tls(client="asked"))
    client.start()
    server.receive(client.take_output())
    assert trouble_of(lambda: client.receive(server.take_output())) is not None
    assert client.take_output() == b""


def test_trouble_after_the_handshake_comes_behind_what_was_sent_before() -> None:
    client, server = connected()
    server.send(b"before")
    trouble = trouble_of(
        lambda: client.receive(server.take_output() + b"\x17\x03\x03\0\x20" + b"x" * 32)
    )
    assert trouble is not None
    assert (trouble.why, client.take_plain()) == (Why.TLS_ALERT, b"before")
    assert trouble.detail.startswith("the server broke the rules of TLS: ")
    with pytest.raises(Broken):
        server.receive(client.take_output())


def test_an_alert_behind_a_flight_that_is_right() -> None:
    client, server = new_client(wish(), HOST), new_server(server_tls(client="asked"))
    client.start()
    server.receive(client.take_output())
    trouble = trouble_of(lambda: client.receive(server.take_output() + alert(80)))
    assert trouble is not None
    assert words(trouble) == (
        "tls:alert | the server broke the handshake off: internal_error (80); it wanted the"
        " device's certificate, and none was shown (level 1)"
    )


def test_keys_are_logged_for_whoever_asks() -> None:
    lines: list[bytes] = []
    client = new_client(wish(), HOST, keylog=lines.append)
    talk(client, new_server(server_tls()))
    (line,) = lines
    name, random, secret = line.split(b" ")
    assert (name, len(random), len(secret)) == (b"CLIENT_RANDOM", 64, 96)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        (HOST, b"broker.example"),
        ("localhost", b"localhost"),
        ("192.0.2.1", b""),
        ("2001:db8::1", b""),
        ("[2001:db8::1]", b""),
        ("", b""),
        ("x" * 256, b""),
        ("müller.example", b""),
        ("a\0b", b""),
    ],
)
def test_only_names_are_sent_as_names(host: str, name: bytes) -> None:
    assert server_name(host) == name
    client = new_client(wish(sni=True), host)
    client.start()
    hello = client.take_output()
    assert (b"\0\0" + (len(name) + 5).to_bytes(2, "big") in hello) == bool(name)
    assert name in hello
    without = new_client(wish(), host)
    without.start()
    assert HOST.encode() not in without.take_output()


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(1, 50))
def test_random_bytes_are_no_server(data: bytes, cut: int) -> None:
    assert told(data, cut) == told(data)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(FLIGHTS)),
    st.lists(
        st.tuples(st.integers(0, 3000), st.integers(0, 20), st.binary(max_size=20)), max_size=3
    ),
    st.sampled_from([1, 3, 50]),
    st.integers(0, 2),
)
def test_a_damaged_flight_is_refused(
    kind: str, changes: list[tuple[int, int, bytes]], cut: int, level: int
) -> None:
    """One of another handshake: the signature in it does not fit, even where nothing is damaged."""
    flight = FLIGHTS[kind]
    for at, length, new in changes:
        flight = flight[:at] + new + flight[at + length :]
    wanted = wish(level=level)
    assert told(flight, cut, wanted) == told(flight, wanted=wanted)
