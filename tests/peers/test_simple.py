"""Servers without a protocol: what they say follows from the bytes' number and the times alone."""

from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.border import Why
from quecsim.peers.broker import Broker
from quecsim.peers.service import Output, Service
from quecsim.peers.simple import SimpleServer, SimpleSettings, Step
from quecsim.units import MS


def server(*steps: Step, seed: int = 0) -> SimpleServer:
    return SimpleServer(SimpleSettings(steps=steps, seed=seed))


def test_all_are_services() -> None:
    """mypy checks it."""
    servers: list[Service] = [SimpleServer(), Broker()]
    for each in servers:
        each.connect(0, 1)
        each.gone(0, 1)
        assert each.take_output({1: 1}) == []


def test_an_echo() -> None:
    echo = SimpleServer(SimpleSettings(echo=True))
    echo.connect(0, 1)
    echo.connect(0, 2)
    echo.receive(1, 2, b"two")
    echo.receive(1, 1, b"one")
    assert echo.take_output({1: 2}) == [(1, b"on")]
    assert echo.take_output() == [(1, b"e"), (2, b"two")]
    assert echo.deadline_ns() is None


def test_an_echo_that_nobody_hears_ends() -> None:
    echo = SimpleServer(SimpleSettings(echo=True, unsent_bytes=10))
    echo.connect(0, 1)
    echo.receive(0, 1, b"0123456789")
    assert echo.take_output({1: 5}) == [(1, b"01234")]
    echo.receive(0, 1, b"012345")
    echo.receive(0, 1, b"0")
    assert echo.take_output() == [(1, Why.RESET)]


def test_without_steps_it_takes_everything() -> None:
    sink = SimpleServer()
    sink.connect(0, 1)
    sink.receive(0, 1, bytes(1 << 20))
    assert sink.take_output() == []
    assert sink.deadline_ns() is None


def test_steps_wait_for_bytes_and_times() -> None:
    talker = server(
        Step(text="220 hello\r\n"),
        Step(after_bytes=4, text="ö"),
        Step(after_bytes=2, after_ms=10, base64=b"\xff\x00"),
        Step(after_ms=5, ends="fin"),
    )
    talker.connect(7, 1)
    assert talker.take_output() == [(1, b"220 hello\r\n")]
    talker.receive(8, 1, b"abc")
    assert talker.take_output() == []
    talker.receive(9, 1, b"def")
    assert talker.take_output() == [(1, b"\xc3\xb6")]
    assert talker.deadline_ns() == 10 * MS + 9
    talker.receive(10, 1, b"ignored")
    talker.advance(10 * MS + 9)
    assert talker.take_output() == [(1, b"\xff\x00")]
    talker.advance(15 * MS + 8)
    assert talker.take_output() == []
    talker.advance(15 * MS + 9)
    assert talker.take_output() == [(1, Why.FIN)]
    assert talker.deadline_ns() is None


def test_a_connection_ends_behind_what_was_said() -> None:
    rude = server(Step(after_bytes=3, text="bye", ends="reset"), Step(text="never"))
    rude.connect(0, 1)
    rude.receive(0, 1, b"abcdef")
    rude.receive(0, 1, b"more")
    assert rude.take_output({1: 2}) == [(1, b"by")]
    assert rude.take_output({1: 2}) == [(1, b"e"), (1, Why.RESET)]
    rude.connect(1, 1)
    assert rude.take_output() == []


def test_garbage_is_drawn_from_the_seed() -> None:
    drawn = []
    for seed, number in ((1, 1), (1, 1), (1, 2), (2, 1)):
        garbage = server(Step(garbage_bytes=100), seed=seed)
        garbage.connect(0, number)
        ((_, data),) = garbage.take_output()
        assert isinstance(data, bytes)
        assert len(data) == 100
        drawn.append(data)
    assert drawn[0] == drawn[1]
    assert len(set(drawn)) == 3


def test_each_connection_has_its_own_steps() -> None:
    talker = server(Step(after_ms=10, text="a"), Step(after_bytes=1, text="b"))
    talker.connect(0, 1)
    talker.connect(5, 2)
    talker.gone(6, 1)
    talker.connect(7, 3)
    talker.receive(8, 2, b"x")
    assert talker.deadline_ns() == 10 * MS + 5
    talker.advance(10 * MS + 7)
    assert talker.take_output() == [(2, b"ab"), (3, b"a")]


def test_many_steps_at_once() -> None:
    talker = server(*[Step(text="x")] * 100)
    talker.connect(0, 1)
    assert talker.take_output() == [(1, b"x" * 100)]


def test_too_many_connections() -> None:
    full = SimpleServer(SimpleSettings(connections=1, steps=(Step(text="x"),)))
    full.connect(0, 1)
    full.connect(0, 2)
    assert full.take_output() == [(1, b"x"), (2, Why.RESET)]


STEPS = st.lists(
    st.builds(
        Step,
        after_bytes=st.integers(0, 6),
        after_ms=st.sampled_from([0, 0, 1, 3]),
        text=st.sampled_from(["", "a", "bcd"]),
        garbage_bytes=st.integers(0, 2),
        ends=st.sampled_from([None, None, None, "fin", "reset"]),
    ),
    max_size=8,
)


@given(STEPS, st.integers(0, 30), st.lists(st.integers(0, 30), max_size=5))
def test_neither_cuts_nor_who_wakes_it_change_what_it_says(
    steps: list[Step], count: int, cuts: list[int]
) -> None:
    settings = SimpleSettings(steps=tuple(steps))
    places = sorted({0, count, *(cut for cut in cuts if cut < count)})
    pieces = [b"x" * (after - before) for before, after in pairwise(places)]
    whole, cut = SimpleServer(settings), SimpleServer(settings)
    assert said(whole, [b"x" * count], is_woken=False) == said(cut, pieces, is_woken=True)


def said(one: SimpleServer, pieces: list[bytes], is_woken: bool) -> bytes:
    """All output in one row, with the end as a word."""
    output: list[Output] = []
    one.connect(0, 1)
    for piece in pieces:
        one.receive(0, 1, piece)
        if is_woken:
            output += one.take_output()
    while is_woken and (due_ns := one.deadline_ns()) is not None:
        one.advance(due_ns)
        output += one.take_output()
    one.advance(1000 * MS)
    output += one.take_output()
    return b"".join(data.encode() if isinstance(data, Why) else data for _, data in output)


def test_a_table_is_read() -> None:
    table = 'steps = [{ after_bytes = 5, base64 = "/wA=", ends = "reset" }]'
    settings = msgspec.toml.decode(table, type=SimpleSettings)
    assert settings.steps == (Step(after_bytes=5, base64=b"\xff\x00", ends="reset"),)
    with pytest.raises(msgspec.ValidationError, match="echo or steps, not both"):
        msgspec.toml.decode("echo = true\nsteps = [{}]", type=SimpleSettings)
    with pytest.raises(msgspec.ValidationError, match="not both"):
        msgspec.toml.decode('steps = [{ text = "a", base64 = "/wA=" }]', type=SimpleSettings)


def test_datagrams_stay_what_they_are() -> None:
    echo = SimpleServer(SimpleSettings(echo=True, unsent_bytes=10), is_datagrams=True)
    echo.connect(0, 1)
    for data in (b"abc", b"defgh", b"ijk", b"lm"):
        echo.receive(0, 1, data)
    assert echo.take_output({1: 2}) == []
    assert echo.take_output({1: 7}) == [(1, b"abc")]
    assert echo.take_output({1: 100}) == [(1, b"defgh"), (1, b"lm")]
    steps = SimpleSettings(steps=(Step(text="one"), Step(text="two")))
    talker = SimpleServer(steps, is_datagrams=True)
    talker.connect(0, 1)
    assert talker.take_output() == [(1, b"one"), (1, b"two")]


@given(
    st.lists(st.binary(min_size=1, max_size=9), max_size=9),
    st.lists(st.integers(0, 12), max_size=9),
    st.booleans(),
)
def test_an_echo_loses_nothing_whatever_room_there_is(
    said: list[bytes], rooms: list[int], is_datagrams: bool
) -> None:
    echo = SimpleServer(SimpleSettings(echo=True), is_datagrams=is_datagrams)
    echo.connect(0, 1)
    for data in said:
        echo.receive(0, 1, data)
    output = []
    for room in (*rooms, 1000):
        taken = [data for _, data in echo.take_output({1: room}) if isinstance(data, bytes)]
        assert sum(map(len, taken)) <= room
        output += taken
    assert b"".join(output) == b"".join(said)
    assert not is_datagrams or output == said
