"""Heads, dates, and parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.peers.http_answer import Request, answer, head_bytes, http_date, part_of
from quecsim.peers.http_content import Content
from quecsim.peers.http_settings import HttpFile


@pytest.mark.parametrize(
    ("seconds", "date"),
    [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (315_964_800, "Sun, 06 Jan 1980 00:00:00 GMT"),
        (1_795_910_399, "Sat, 28 Nov 2026 23:59:59 GMT"),
    ],
)
def test_dates(seconds: int, date: str) -> None:
    assert http_date(seconds) == date


def test_a_status_that_has_no_name() -> None:
    assert head_bytes(299, ()) == b"HTTP/1.1 299 \r\n\r\n"
    assert head_bytes(404, [("A", "b")]) == b"HTTP/1.1 404 Not Found\r\nA: b\r\n\r\n"


@given(st.integers(1, 30), st.integers(0, 40), st.none() | st.integers(0, 40))
def test_a_part_is_within_it(size: int, first: int, last: int | None) -> None:
    wanted = f"bytes={first}-{'' if last is None else last}"
    if last is not None and last < first:
        assert part_of(wanted, size) is None
    elif first >= size:
        with pytest.raises(ValueError, match="bytes"):
            part_of(wanted, size)
    else:
        assert part_of(wanted, size) == (first, size if last is None else min(size, last + 1))


@given(st.text(max_size=12) | st.text("bytes=-,0123456789 ", max_size=12), st.integers(0, 5))
def test_what_is_no_part_is_all_of_it(wanted: str, size: int) -> None:
    try:
        part = part_of(wanted, size)
    except ValueError:
        return
    assert part is None or 0 <= part[0] < part[1] <= size


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_without_a_body(status: int) -> None:
    made = answer(HttpFile(text="abc", status=status), Content(3, b"abc"), Request("GET", "/"))
    assert list(made.body) == []
    assert b"ontent-" not in made.head


def test_the_older_protocol_has_no_chunks() -> None:
    file, content = HttpFile(text="abc", framing="chunked"), Content(3, b"abc")
    new = answer(file, content, Request("GET", "/"))
    old = answer(file, content, Request("GET", "/", is_1_1=False, is_last=True))
    assert b"".join(new.body) == b"3\r\nabc\r\n0\r\n\r\n"
    assert b"".join(old.body) == b"abc"
    assert (new.ends, old.ends) == (None, "fin")


@given(st.integers(0, 50), st.integers(0, 60), st.integers(1, 20), st.booleans())
def test_it_breaks_off_at_that_byte(size: int, cut: int, chunk: int, is_chunked: bool) -> None:
    data = bytes(range(size))
    file = HttpFile(
        base64=data,
        framing="chunked" if is_chunked else "length",
        chunk_bytes=chunk,
        ends_after_bytes=cut,
    )
    body = b"".join(answer(file, Content(size, data), Request("GET", "/")).body)
    if not is_chunked:
        assert body == data[:cut]
        return
    file = HttpFile(base64=data, framing="chunked", chunk_bytes=chunk)
    whole = b"".join(answer(file, Content(size, data), Request("GET", "/")).body)
    assert whole.startswith(body)
    assert body.endswith(b"0\r\n\r\n") == (cut > size)
