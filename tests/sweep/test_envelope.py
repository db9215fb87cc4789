from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.sweep.envelope import envelope
from tests.sweep.made import made

BARE = "Without flow control at 115200 baud: "


def words(is_safe: Any, **axes: Any) -> list[str]:
    return envelope(*made(is_safe, **axes))


def test_a_rectangle_is_told_by_its_corner() -> None:
    (text,) = words(
        lambda p: p["chunk"] <= 512 and p["gap"] >= 40, chunk="64,512,1024", gap="0..80:20"
    )
    assert text == (
        f"{BARE}safe with chunks up to 512 bytes and at least 40 ms from write to write; "
        "chunks of 1024 bytes are unsafe at every gap tried (first loss at byte 4096)."
    )


def test_a_staircase_is_told_step_by_step() -> None:
    (text,) = words(lambda p: p["gap"] * 8 >= p["chunk"], chunk="64,128,256", gap="0,8,16,24,32,40")
    assert text == (
        f"{BARE}safe with chunks of 64 bytes and at least 8 ms from write to write, "
        "or chunks up to 128 bytes and at least 16 ms from write to write, "
        "or chunks up to 256 bytes (the largest tried) and at least 32 ms from write to write; "
        "the rest is unsafe (first loss at byte 4096)."
    )


def test_a_limit_at_the_edge_of_what_was_tried_is_no_limit() -> None:
    (text,) = words(lambda p: p["chunk"] == 64 and p["gap"] == 40, chunk="64,256", gap="0,40")
    assert "chunks of 64 bytes and gaps of 40 ms; chunks of 256 bytes are unsafe" in text
    (text,) = words(lambda p: p["chunk"] <= 128, chunk="64,128,256", gap="0,40")
    assert "chunks up to 128 bytes at every gap tried; chunks of 256 bytes are unsafe" in text


def test_all_and_nothing() -> None:
    axes = {"chunk": "64,256", "gap": "0,40", "flow": "none,rtscts"}
    assert words(lambda p: p["flow"] == "rtscts", **axes) == [
        f"{BARE}no cell safe (first loss at byte 4096).",
        "With RTS/CTS at 115200 baud: every cell safe.",
    ]


def test_conditions_with_the_same_answer_are_told_together() -> None:
    axes = {"flow": "none,rtscts", "chunk": "64,256"}
    assert words(lambda p: True, **axes) == [
        "Without flow control and with RTS/CTS at 115200 baud: every cell safe."
    ]
    texts = words(
        lambda p: p["ring"] != 512, chunk="64,128", gap="0,40", ring="512,1024,2048", baud="9600"
    )
    assert texts == [
        "Without flow control at 9600 baud with a ring of 512 bytes: no cell safe "
        "(first loss at byte 4096).",
        "Without flow control at 9600 baud with a ring of 1024 and 2048 bytes: every cell safe.",
    ]


def test_conditions_that_are_no_product_are_told_one_by_one() -> None:
    (good, bad) = words(
        lambda p: (p["flow"] == "none") == (p["stall"] == "none"),
        flow="none,rtscts",
        stall="none,1:40",
    )
    assert good == (
        "Each of these (Without flow control at 115200 baud without stalls; "
        "With RTS/CTS at 115200 baud with stalls 1:40): safe."
    )
    assert bad.endswith(": not safe (first loss at byte 4096).")


def test_an_island_is_listed() -> None:
    (text,) = words(lambda p: p["gap"] != 20, chunk="64,256", gap="0,20,40")
    assert text == (
        f"{BARE}the safe cells have no simple limit; safe are chunks of 64 bytes: gaps of "
        "0 and 40 ms; chunks of 256 bytes: gaps of 0 and 40 ms (first loss at byte 4096 elsewhere)."
    )


def test_a_larger_chunk_that_is_safer_is_no_simple_limit() -> None:
    (text,) = words(lambda p: p["chunk"] == 256 or p["gap"] == 40, chunk="64,256", gap="0,40")
    assert "no simple limit" in text
    assert "chunks of 64 bytes: gaps of 40 ms; chunks of 256 bytes: every gap tried" in text


def test_one_axis() -> None:
    (text,) = words(lambda p: p["ring"] >= 1024, ring="256,512,1024,2048")
    assert text == (
        f"{BARE}safe with rings of at least 1024 bytes; "
        "rings of 256 and 512 bytes are unsafe (first loss at byte 4096)."
    )
    (text,) = words(lambda p: p["gap"] in (0, 40), gap="0,20,40")
    assert "safe are gaps of 0 and 40 ms" in text


def test_a_single_cell() -> None:
    assert words(lambda p: True, chunk="64") == [f"{BARE}safe."]
    assert words(lambda p: False, chunk="64", first=None) == [f"{BARE}not safe (refused)."]


def test_the_region_may_lie_between_ring_and_rate() -> None:
    (text,) = words(
        lambda p: p["baud"] <= 115200 or p["ring"] >= 4096,
        ring="1024,4096",
        baud="9600,115200,921600",
    )
    assert text == (
        "Without flow control: safe with rings of 4096 bytes at every rate tried, or rings of at "
        "least 1024 bytes (the smallest tried) and rates up to 115200 baud; "
        "the rest is unsafe (first loss at byte 4096)."
    )


CHUNKS, GAPS = (16, 64, 256, 1024), (0, 10, 20, 40)


@settings(max_examples=150, deadline=None)
@given(st.sets(st.tuples(st.sampled_from(CHUNKS), st.sampled_from(GAPS))))
def test_limits_are_told_only_where_they_hold(safe: set[tuple[int, int]]) -> None:
    """The words against a plain definition: with each safe cell all that are safer are safe."""
    (text,) = words(
        lambda p: (p["chunk"], p["gap"]) in safe,
        chunk=",".join(map(str, CHUNKS)),
        gap=",".join(map(str, GAPS)),
    )
    has_limits = all(
        (c, g) in safe for (sc, sg) in safe for c in CHUNKS if c <= sc for g in GAPS if g >= sg
    )
    assert ("no simple limit" in text) == (not has_limits)
    if not safe:
        assert "no cell safe" in text
    for chunk in CHUNKS:
        is_never_safe = not any((chunk, gap) in safe for gap in GAPS)
        if is_never_safe and safe and has_limits:
            assert str(chunk) in text.partition("; chunks of ")[2]
