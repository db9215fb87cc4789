"""What a socket has received: a stream as bytes, datagrams one by one."""

from hypothesis import given
from hypothesis import strategies as st

from quecsim.clients.socket_inbox import SocketInbox

PIECES = st.lists(st.binary(min_size=1, max_size=20), max_size=10)
COUNTS = st.lists(st.integers(1, 30), max_size=30)


@given(PIECES, COUNTS)
def test_a_stream_has_no_joints(pieces: list[bytes], counts: list[int]) -> None:
    inbox = SocketInbox(has_datagrams=False)
    for piece in pieces:
        inbox.put(piece)
    whole = b"".join(pieces)
    taken = b""
    for count in counts:
        data, source = inbox.take(count)
        assert (len(data), source) == (min(count, len(whole) - len(taken)), None)
        taken += data
        assert (inbox.total, inbox.read, inbox.unread) == (
            len(whole),
            len(taken),
            len(whole) - len(taken),
        )
    assert whole.startswith(taken)
    assert inbox.has_any == (len(taken) < len(whole))


@given(PIECES)
def test_datagrams_stay_apart(pieces: list[bytes]) -> None:
    inbox = SocketInbox(has_datagrams=True)
    for port, piece in enumerate(pieces):
        inbox.put(piece, ("192.0.2.1", port))
    for port, piece in enumerate(pieces):
        assert inbox.take(1500) == (piece, ("192.0.2.1", port))
    assert inbox.take(1500) == (b"", None)
    assert not inbox.has_any


def test_what_is_too_much_of_one_comes_next() -> None:
    inbox = SocketInbox(has_datagrams=True)
    inbox.put(b"hello", ("192.0.2.1", 7))
    inbox.put(b"x")
    assert inbox.take(3) == (b"hel", ("192.0.2.1", 7))
    assert inbox.take(3) == (b"lo", ("192.0.2.1", 7))
    assert inbox.take(3) == (b"x", None)
