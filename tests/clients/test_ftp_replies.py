"""Replies of FTP servers: RFC 959, 4.2."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.clients.ftp_replies import NoReplyError, Reply, ReplyReader


def read(data: bytes) -> list[Reply]:
    reader = ReplyReader()
    reader.feed(data)
    return list(reader.replies)


@pytest.mark.parametrize(
    ("data", "replies"),
    [
        (b"220 ready\r\n", [Reply(220, "ready")]),
        (b"220 ready\n", [Reply(220, "ready")]),
        (b"220\r\n", [Reply(220, "")]),
        (b"220-first\r\n second\r\n221 not yet\r\n220 last\r\n", [Reply(220, "last")]),
        (b"220-first\r\n220-again\r\n220 last\r\n", [Reply(220, "last")]),
        (b"150 here\r\n226 done\r\n", [Reply(150, "here"), Reply(226, "done")]),
        (b"220 rea", []),
        (b"", []),
        (b"257 \xe9\r\n", [Reply(257, "\xe9")]),
    ],
)
def test_replies(data: bytes, replies: list[Reply]) -> None:
    assert read(data) == replies


@pytest.mark.parametrize(
    "data",
    [
        b"hello\r\n",
        b"\r\n",
        b"22 x\r\n",
        b"2200 x\r\n",
        b"620 x\r\n",
        b"020 x\r\n",
        b"\x16\x03\x01\x00\n",
        b"x" * 3000,
        b"220-" + b"x\r\n" * 1001,
        b"220 x\r\n" * 65,
    ],
)
def test_what_is_no_reply(data: bytes) -> None:
    with pytest.raises(NoReplyError):
        read(data)


def test_kinds() -> None:
    kinds = [
        (reply.is_preliminary, reply.is_good, reply.wants_more)
        for reply in (Reply(150, ""), Reply(226, ""), Reply(331, ""), Reply(550, ""))
    ]
    assert kinds == [(True, False, False), (False, True, False), (False, False, True), (False,) * 3]


@given(st.lists(st.integers(0, 60)))
def test_pieces_make_no_difference(cuts: list[int]) -> None:
    data = b"220-a\r\nb\r\n220 c\r\n331 go on\n230 in\r\n421 sorry\r\n"
    reader, places = ReplyReader(), sorted({0, len(data), *(min(cut, len(data)) for cut in cuts)})
    for begin, end in pairwise(places):
        reader.feed(data[begin:end])
    assert list(reader.replies) == read(data)


@given(st.binary(max_size=300))
def test_garbage_is_a_reply_or_none(data: bytes) -> None:
    try:
        replies = read(data)
    except NoReplyError:
        return
    assert all(100 <= reply.code <= 599 for reply in replies)
