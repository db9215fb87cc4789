"""Telnet taken apart: data, orders, options; whatever comes, and however it is cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.live.ports.telnet import (
    BINARY,
    BRK,
    DO,
    DONT,
    ECHO,
    IAC,
    SB,
    SE,
    SGA,
    WILL,
    WONT,
    Item,
    Negotiation,
    Options,
    Order,
    Splitter,
    Subnegotiation,
)

CODES = st.sampled_from([IAC, SB, SE, WILL, WONT, DO, DONT, BRK, 0, 13, 44, 65])
STREAMS = st.lists(CODES | st.integers(0, 255), max_size=300).map(bytes)


def items(*pieces: bytes, is_binary: bool = True) -> list[Item]:
    """What comes out of these pieces, data joined."""
    splitter = Splitter()
    splitter.is_binary = is_binary
    found: list[Item] = []
    for piece in pieces:
        for item in splitter.feed(piece):
            if isinstance(item, bytes) and found and isinstance(found[-1], bytes):
                found[-1] += item
            else:
                found.append(item)
    return found


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (b"AT\r", [b"AT\r"]),
        (b"a\xff\xffb", [b"a\xffb"]),
        (b"\xff\xfd\x2cx", [Negotiation(DO, 44), b"x"]),
        (b"a\xff\xf3b", [b"a", Order(BRK), b"b"]),
        (b"\xff\xfa\x2c\x01\0\0\x25\x80\xff\xf0", [Subnegotiation(b"\x2c\x01\0\0\x25\x80")]),
        (b"\xff\xfa\x2c\x01\xff\xff\0\xff\xf0", [Subnegotiation(b"\x2c\x01\xff\0")]),
        (b"\xff\xfa\xff\xf0", [Subnegotiation(b"")]),
        (b"\xff\xf0a", [b"a"]),  # an end of nothing
        (b"\xff\xfa\x2c\xff\xfb\x01a", [Negotiation(WILL, 1), b"a"]),  # broken off
        (b"\xff\xfaabc\xff\xfa\x2c\x05\xff\xf0", [Subnegotiation(b"\x2c\x05")]),
        (b"\xff\xfaabc\xff\xf3d", [Order(BRK), b"d"]),
    ],
)
def test_what_a_stream_holds(stream: bytes, expected: list[Item]) -> None:
    assert items(stream) == expected


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (b"AT\r\0AT\r\n", b"AT\rAT\r\n"),
        (b"\r\0\0", b"\r\0"),
        (b"\r\r\0", b"\r\r"),
        (b"\0\r", b"\0\r"),
        (b"\r\xff\xff\0", b"\r\xff\0"),
    ],
)
def test_a_carriage_return_alone_where_it_is_not_binary(stream: bytes, expected: bytes) -> None:
    assert items(stream, is_binary=False) == [expected]
    singles = [bytes((byte,)) for byte in stream]
    assert items(*singles, is_binary=False) == [expected]
    assert items(stream)[0] == stream.replace(b"\xff\xff", b"\xff")


def test_a_subnegotiation_that_is_too_long_is_none() -> None:
    whole = b"\xff\xfa" + b"x" * 256 + b"\xff\xf0"
    assert items(whole) == [Subnegotiation(b"x" * 256)]
    assert items(b"\xff\xfa" + b"x" * 257 + b"\xff\xf0" + b"after") == [b"after"]


def test_one_that_never_ends_is_not_kept() -> None:
    splitter = Splitter()
    for piece in (b"\xff\xfa\x2c", *[b"\xff\xff" * 2000 + b"x" * 4000] * 100):
        assert list(splitter.feed(piece)) == []
    assert len(splitter._sub) <= 257
    assert list(splitter.feed(b"\xff\xf0AT")) == [b"AT"]


@given(STREAMS, st.booleans(), st.data())
def test_how_a_stream_is_cut_is_no_matter(
    stream: bytes, is_binary: bool, data: st.DataObject
) -> None:
    whole = items(stream, is_binary=is_binary)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=20)))
    bounds = [0, *cuts, len(stream)]
    pieces = [stream[a:b] for a, b in pairwise(bounds)]
    assert items(*pieces, is_binary=is_binary) == whole


@given(st.binary(max_size=500))
def test_all_bytes_pass_where_iac_is_doubled(data: bytes) -> None:
    assert b"".join(each for each in items(data.replace(b"\xff", b"\xff\xff"))) == data  # type: ignore[misc]


def options(*asked: tuple[int, int]) -> tuple[Options, bytearray]:
    said = bytearray()
    return Options({ECHO, BINARY}, {BINARY}, list(asked), said), said


def test_what_is_asked_for_is_said_at_once_and_not_again() -> None:
    made, said = options((WILL, ECHO), (DO, BINARY))
    assert said == bytes((IAC, WILL, ECHO, IAC, DO, BINARY))
    said.clear()
    made.hear(Negotiation(DO, ECHO))
    made.hear(Negotiation(WILL, BINARY))
    assert said == b""
    assert made.is_on(DO, ECHO)
    assert made.is_on(WILL, BINARY)
    assert not made.is_on(DO, BINARY)


def test_what_they_ask_for_is_agreed_to_or_refused() -> None:
    made, said = options()
    for verb, option in ((DO, BINARY), (WILL, SGA), (DO, 99), (WILL, ECHO), (DONT, 99), (WONT, 99)):
        made.hear(Negotiation(verb, option))
    refused = bytes((IAC, DONT, SGA, IAC, WONT, 99, IAC, DONT, ECHO))
    assert said == bytes((IAC, WILL, BINARY)) + refused
    said.clear()
    made.hear(Negotiation(DONT, BINARY))
    assert said == bytes((IAC, WONT, BINARY))
    assert not made.is_on(DO, BINARY)


@given(st.lists(st.tuples(st.sampled_from([WILL, WONT, DO, DONT]), st.integers(0, 255))))
def test_two_that_agree_with_one_another_come_to_an_end(
    orders: list[tuple[int, int]],
) -> None:
    """Each answer goes to one like us: nobody answers an answer for ever."""
    one, one_said = options()
    other, other_said = options()
    for verb, option in orders:
        one.hear(Negotiation(verb, option))
        for _ in range(8):
            for said, hears in ((one_said, other), (other_said, one)):
                heard = bytes(said)
                said.clear()
                for at in range(0, len(heard), 3):
                    hears.hear(Negotiation(heard[at + 1], heard[at + 2]))
        assert not one_said
        assert not other_said
