"""Losses that repeat."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.explanation import explain
from tests.explanation.damage import BINARIES, FEW, FILES, TEXTS, assert_found, told
from tests.test_checksum import ISRG


@FEW
@given(TEXTS, st.integers(2, 5), st.booleans(), st.data())
def test_one_line_in_n_came(data: bytes, every: int, crlf: bool, draw: st.DataObject) -> None:
    sent = data.replace(b"\n", b"\r\n") if crlf else data
    lines = sent.splitlines(keepends=True)
    every = min(every, len(lines) // 2)
    first = draw.draw(st.integers(0, every - 1))
    kept = lines[first::every]

    found = assert_found(data, b"".join(kept), "lines-kept")

    assert f"only one line in {every} came" in found.sentence
    lost = [number for number in range(1, len(lines) + 1) if (number - 1 - first) % every]
    assert found.stories[0].lines == lost


@FEW
@given(TEXTS, st.integers(3, 6), st.data())
def test_one_line_in_n_is_missing(data: bytes, every: int, draw: st.DataObject) -> None:
    lines = data.splitlines(keepends=True)
    every = min(every, len(lines) // 2)
    first = draw.draw(st.integers(0, every - 1))
    kept = [line for at, line in enumerate(lines) if at % every != first]

    assert_found(
        data, b"".join(kept), "lines-dropped", "lines-kept", "lines-lost", "two-lines-lost"
    )


@FEW
@given(BINARIES, st.sampled_from([16, 32, 64]), st.integers(2, 4), st.data())
def test_one_chunk_in_n_came_or_is_missing(
    data: bytes, size: int, every: int, draw: st.DataObject
) -> None:
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    first = draw.draw(st.integers(0, every - 1))
    kept = chunks[first::every]
    dropped = [chunk for at, chunk in enumerate(chunks) if at % every != first]

    assert_found(data, b"".join(kept), "chunks-kept", "chunks-dropped")
    assert_found(data, b"".join(dropped), "chunks-dropped", "chunks-kept")


@FEW
@given(BINARIES, st.sampled_from([64, 128, 200]), st.integers(1, 30), st.booleans())
def test_the_end_or_the_beginning_of_each_chunk_is_missing(
    data: bytes, size: int, count: int, is_end: bool
) -> None:
    whole = len(data) // size
    chunks = [data[at * size : (at + 1) * size] for at in range(whole)]
    kept = [chunk[:-count] if is_end else chunk[count:] for chunk in chunks]

    kinds = ("chunk-ends-lost", "chunks-dropped")
    assert_found(data, b"".join(kept) + data[whole * size :], *kinds)


@FEW
@given(TEXTS, st.integers(1, 4), st.booleans())
def test_the_ends_of_lines_are_missing(data: bytes, count: int, is_end: bool) -> None:
    lines = data.splitlines()
    kept = [line[:-count] if is_end else line[count:] for line in lines]

    assert_found(data, b"".join(line + b"\n" for line in kept), "line-ends-lost")


@FEW
@given(TEXTS, st.integers(30, 63))
def test_a_buffer_too_small_for_a_line(data: bytes, width: int) -> None:
    lines = [line[:width] + b"\n" for line in data.splitlines()]

    assert_found(data, b"".join(lines), "line-ends-lost")


@FEW
@given(TEXTS, st.data())
def test_two_lines_are_missing(data: bytes, draw: st.DataObject) -> None:
    lines = data.splitlines(keepends=True)
    first = draw.draw(st.integers(0, len(lines) - 4))
    second = draw.draw(st.integers(first + 2, len(lines) - 2))
    kept = [line for at, line in enumerate(lines) if at not in (first, second)]

    assert_found(
        data, b"".join(kept), "two-lines-lost", "lines-dropped", "head-lost", "lines-lost", "cut"
    )


@FEW
@given(FILES, st.sampled_from([32, 64]), st.data())
def test_two_chunks_are_missing(data: bytes, size: int, draw: st.DataObject) -> None:
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    first = draw.draw(st.integers(0, len(chunks) - 4))
    second = draw.draw(st.integers(first + 2, len(chunks) - 2))
    kept = [chunk for at, chunk in enumerate(chunks) if at not in (first, second)]

    assert_found(data, b"".join(kept), "two-chunks-lost", "chunks-dropped", "two-lines-lost")


@pytest.mark.parametrize("every", [2, 3, 7])
def test_the_lines_that_came_are_named(every: int) -> None:
    lines = ISRG.splitlines(keepends=True)

    found = explain(ISRG, told(b"".join(lines[::every])))

    assert f"only one line in {every} came: 1, {1 + every}, {1 + 2 * every}" in found.sentence
