"""Whatever comes to an HTTP server, in whatever pieces, and whenever it is asked: what it says is
the same, no more than there is room for, and it keeps no more than it may.
"""

from dataclasses import dataclass
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from quecsim.border import Why
from quecsim.peers.http_server import HttpServer
from quecsim.peers.http_settings import HttpFile, HttpSettings
from quecsim.units import MS, S
from tests.peers.web import first_answer, request

SETTINGS = HttpSettings(
    files={
        "/short": HttpFile(text="hello"),
        "/long": HttpFile(drawn_bytes=9000),
        "/chunks": HttpFile(drawn_bytes=700, framing="chunked", chunk_bytes=64),
        "/late": HttpFile(text="late", delay_ms=30),
        "/slow": HttpFile(drawn_bytes=300, bytes_per_s=2000),
        "/slow-chunks": HttpFile(
            drawn_bytes=300, bytes_per_s=999, framing="chunked", chunk_bytes=90
        ),
        "/close": HttpFile(text="bye", framing="close"),
        "/cut": HttpFile(drawn_bytes=100, ends_after_bytes=50, ends="reset"),
        "/kept": HttpFile(text="old", takes="store"),
    },
    head_bytes=400,
    body_bytes=300,
    stored_bytes=500,
    stored_files=3,
    unread_bytes=2000,
    idle_ms=5000,
)
PATHS = st.sampled_from([*SETTINGS.files, "/none", "/%6bept?x"])
BODIES = st.binary(max_size=40) | st.sampled_from([b"x" * 300, b"x" * 301])
LINES = st.sampled_from(
    ["Range: bytes=1-3", "Range: bytes=999999-", "Connection: close", "X-Long: " + "x" * 150]
)


@st.composite
def whole_requests(draw: st.DrawFn) -> bytes:
    """One that a client could send, or nearly."""
    method = draw(st.sampled_from(["GET", "GET", "HEAD", "POST", "PUT", "DELETE", "BREW"]))
    lines = draw(st.lists(LINES, max_size=3))
    body = draw(BODIES) if method in ("POST", "PUT") else b""
    return request(f"{method} {draw(PATHS)}", *lines, body=body)


@st.composite
def chunked_requests(draw: st.DrawFn) -> bytes:
    """A body in chunks, of which one line may be too long."""
    extension = b";x=" + b"x" * draw(st.sampled_from([0, 10, 380, 390, 400, 420, 600]))
    chunks = draw(st.lists(st.binary(min_size=1, max_size=30), max_size=4))
    body = b"".join(b"%x%b\r\n%b\r\n" % (len(data), extension, data) for data in chunks)
    head = b"PUT /kept HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + body + b"0\r\n\r\n"


STREAMS = st.lists(
    whole_requests() | whole_requests() | chunked_requests() | st.binary(max_size=30), max_size=5
).map(b"".join)
# Heads that are wrong and too long: which of the two is said may not depend on how they come.
LONG = request("POST /short", *["X-Long: " + "x" * 150] * 3)
WRONG_AND_LONG = [b"!\0" + LONG, b" " + LONG, b"\r\n" + LONG, LONG.replace(b"Host", b"Ho\0st")]
ROOMS = st.lists(st.sampled_from([0, 1, 7, 100, 5000]), min_size=1, max_size=6)


@dataclass
class Story:
    """All that one connection was told, and when: (time, bytes) in order; and how it ended."""

    said: bytes = b""
    ends: Why | None = None
    last_ns: int = 0


def told(pieces: list[bytes], rooms: list[int] | None = None, *, is_woken: bool = False) -> Story:
    """A run: all pieces come at once, and then time goes by.

    `rooms` are those that there are, one after the other, before there is enough; `is_woken`: it is
    asked all the time whether there is something to do.
    """
    server, story = HttpServer(SETTINGS, 0), Story()
    server.connect(0, 1)

    def take(now_ns: int, room: int) -> None:
        before = story.said
        for number, data in server.take_output({1: room}):
            assert number == 1
            assert story.ends is None
            if isinstance(data, Why):
                story.ends = data
            else:
                story.said += data
            story.last_ns = now_ns
        assert len(story.said) - len(before) <= room

    for piece in pieces:
        server.receive(0, 1, piece)
        assert server.unread(1) <= SETTINGS.unread_bytes
        if is_woken:
            server.advance(0)
    for room in rooms or ():
        take(0, room)
    now_ns = 0
    while True:
        take(now_ns, 1 << 20)
        due_ns = server.deadline_ns()
        if due_ns is None:
            assert story.ends is not None
            assert sum(map(len, server.stored.values())) <= SETTINGS.stored_bytes
            assert len(server.stored) <= SETTINGS.stored_files
            return story
        assert due_ns > now_ns or story.last_ns == now_ns
        now_ns = min(due_ns, now_ns + 7 * MS) if is_woken else due_ns
        server.advance(now_ns)


@given(STREAMS, st.lists(st.integers(0, 3000), max_size=8))
def test_how_a_request_is_cut_does_not_matter(stream: bytes, cuts: list[int]) -> None:
    places = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    pieces = [stream[first:last] for first, last in pairwise(places)]
    whole, cut = told([stream]), told(pieces)
    assert (cut.said, cut.ends, cut.last_ns) == (whole.said, whole.ends, whole.last_ns)


@given(STREAMS)
@example(WRONG_AND_LONG[0])
@example(WRONG_AND_LONG[1])
@example(WRONG_AND_LONG[2])
@example(WRONG_AND_LONG[3])
@example(request("GET /short") + WRONG_AND_LONG[0])
@settings(max_examples=30)
def test_byte_by_byte_is_the_same(stream: bytes) -> None:
    bytewise = [stream[at : at + 1] for at in range(len(stream))]
    assert told(bytewise) == told([stream])


@given(STREAMS, ROOMS)
def test_neither_rooms_nor_who_wakes_it_change_it(stream: bytes, rooms: list[int]) -> None:
    whole, other = told([stream]), told([stream], rooms, is_woken=True)
    assert (other.said, other.ends) == (whole.said, whole.ends)


@given(st.lists(whole_requests(), max_size=5))
def test_each_request_has_its_answer_and_h11_reads_it(asked: list[bytes]) -> None:
    story, count = told([b"".join(asked)]), 0
    left = story.said
    for method in [each.split()[0].decode() for each in asked]:
        if not left or b"Content-Length: 100" in left.partition(b"\r\n\r\n")[0]:
            break  # the one before was the last one, or this one breaks off
        seen, left = first_answer(left, method)
        count += 1
        assert seen.status in (200, 201, 204, 206, 404, 405, 413, 416, 431, 507)
        if seen.headers.get("connection") == "close":
            assert story.ends is Why.FIN
            assert left == b""
    else:
        assert left == b""
    assert count == len(asked) or story.last_ns < 5 * S
