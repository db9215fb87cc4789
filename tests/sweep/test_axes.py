import pytest

from quecsim.errors import QuecsimError
from quecsim.scenario.schema import Stall
from quecsim.sweep.axes import AXES, parse, stalls_of


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("7", (7,)),
        ("64,256,1024", (64, 256, 1024)),
        ("1024, 64,64", (64, 1024)),
        ("1..5", (1, 2, 3, 4, 5)),
        ("10..50:20", (10, 30, 50)),
        ("10..55:20", (10, 30, 50)),
        ("1,5,10..25", (1, 5, 10, 15, 20, 25)),
        ("9,5..7", (5, 6, 7, 9)),
        ("3..3", (3,)),
    ],
)
def test_numbers_and_ranges(text: str, values: tuple[int, ...]) -> None:
    assert parse("chunk", text) == values


def test_a_range_goes_on_in_the_step_before_it() -> None:
    assert parse("gap", "0,10,20..100") == tuple(range(0, 101, 10))


@pytest.mark.parametrize(
    "text", ["", "x", "-1", "1.5", "5..1", "1..5:0", "0", "65537", "1..", "1,,2"]
)
def test_what_is_no_chunk_is_refused_by_name(text: str) -> None:
    with pytest.raises(QuecsimError, match="--chunk cannot be") as caught:
        parse("chunk", text)
    assert caught.value.hint


def test_a_huge_range_is_refused_before_it_is_made() -> None:
    with pytest.raises(QuecsimError, match="cannot be") as caught:
        parse("ring", "16..99999999999999")
    assert "larger step" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("none", ("none",)),
        ("every256:40,none", ("none", "every256:40")),
        ("1:45,every256:40", ("1:45", "every256:40")),
        ("every256:0..40:20", ("none", "every256:20", "every256:40")),
        ("every256:5,every256:40,every64:40", ("every64:40", "every256:5", "every256:40")),
    ],
)
def test_stalls(text: str, values: tuple[str, ...]) -> None:
    assert parse("stall", text) == values


@pytest.mark.parametrize("text", ["40", "every0:40", "0:40", "every256", "1:600001", "1:x", ""])
def test_what_is_no_stall_is_refused(text: str) -> None:
    with pytest.raises(QuecsimError, match="--stall cannot be"):
        parse("stall", text)


def test_a_stall_as_the_scenario_has_it() -> None:
    assert stalls_of("every256:40") == (Stall(stall_ms=40, every_bytes=256),)
    assert stalls_of("7:45") == (Stall(stall_ms=45, at_byte=7),)
    assert stalls_of("none") == ()


def test_flow_keeps_its_order() -> None:
    assert parse("flow", "rtscts,none") == ("rtscts", "none")
    with pytest.raises(QuecsimError, match="--flow cannot be 'auto'"):
        parse("flow", "none,auto")


def test_the_safe_end_comes_first() -> None:
    assert AXES["chunk"].safest_first((64, 256)) == (64, 256)
    assert AXES["gap"].safest_first((0, 10)) == (10, 0)
