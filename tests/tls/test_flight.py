"""What a handshake carries, and how long that is."""

from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.tls.authority import server_tls
from quecsim.tls.flight import CERTIFICATE_REQUEST, SERVER_HELLO, SERVER_HELLO_DONE, Flight
from tests.tls.ends import first_flight, pieces

CERTIFICATE, KEY_EXCHANGE = 11, 12
FLIGHT = first_flight(server_tls(client="asked"))


def watched(data: bytes, cut: int) -> Flight:
    flight = Flight()
    for piece in pieces(data, cut):
        assert b"".join(flight.pieces(piece)) == piece
    return flight


def record(kind: int, body: bytes) -> bytes:
    return bytes((kind, 3, 3)) + len(body).to_bytes(2, "big") + body


def message(kind: int, body: bytes) -> bytes:
    return bytes((kind,)) + len(body).to_bytes(3, "big") + body


def test_a_servers_first_flight() -> None:
    flight = watched(FLIGHT, 1 << 20)
    wanted = {SERVER_HELLO, CERTIFICATE, KEY_EXCHANGE, CERTIFICATE_REQUEST, SERVER_HELLO_DONE}
    assert flight.seen == wanted
    assert abs(flight.size_bytes - len(FLIGHT)) < 60  # a list counts as long as it is elsewhere


@settings(deadline=None)
@given(st.integers(1, 3000))
def test_pieces_make_no_difference(cut: int) -> None:
    whole, flight = watched(FLIGHT, 1 << 20), watched(FLIGHT, cut)
    assert (flight.seen, flight.size_bytes) == (whole.seen, whole.size_bytes)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(14, 15), st.binary(max_size=40)), max_size=5), st.integers(1, 99)
)
def test_records_make_no_difference(said: list[tuple[int, bytes]], cut: int) -> None:
    """Messages may share a record, and stretch over several."""
    alone = b"".join(record(22, message(*one)) for one in said)
    together = b"".join(message(*one) for one in said)
    split = b"".join(record(22, piece) for piece in pieces(together, cut))
    assert watched(split, 7).size_bytes == watched(alone, 1 << 20).size_bytes


def test_signatures_count_at_their_longest() -> None:
    def ecdsa(first: int, second: int) -> bytes:
        numbers = b"".join(b"\x02" + bytes((n,)) + b"\x01" * n for n in (first, second))
        return b"\x30" + bytes((len(numbers),)) + numbers

    def exchange(signature: bytes, algorithm: bytes) -> bytes:
        key = b"\x03\x00\x1d\x20" + bytes(32)
        return key + algorithm + len(signature).to_bytes(2, "big") + signature

    sizes = {
        watched(record(22, message(12, exchange(ecdsa(*lengths), algorithm))), 50).size_bytes
        - len(algorithm)
        for lengths in ((33, 33), (32, 33), (32, 32), (30, 29))
        for algorithm in (b"\x04\x03", b"")
    }
    assert sizes == {5 + 4 + 36 + 2 + 72}
    rsa = bytes(range(256))
    assert watched(record(22, message(15, b"\x08\x04\x01\0" + rsa)), 50).size_bytes == 9 + 260


def test_what_is_encrypted_counts_as_it_is() -> None:
    said = record(20, b"\1") + record(22, bytes(40)) + record(23, bytes(100))
    assert watched(said, 3).size_bytes == 6 + 45
    assert watched(said, 3).seen == set()


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(1, 40))
def test_any_bytes_may_come(data: bytes, cut: int) -> None:
    assert watched(data, cut).size_bytes == watched(data, 1 << 20).size_bytes


def test_a_message_without_an_end_takes_no_room() -> None:
    flight = Flight()
    long = b"\x0c\xff\xff\xff" + bytes(16_000)
    for piece in (record(22, long), *(record(22, bytes(16_000)),) * 20):
        assert b"".join(flight.pieces(piece)) == piece
    assert len(flight._message) < 2000
    assert flight.seen == set()
