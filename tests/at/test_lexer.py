"""Bytes to command lines: the prefix, what is ignored, rubbing out, A/, and the line's limit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.at.lexer import EditState, Ignored, InputLine, LineEditor

CR, BS = 13, 8


def feed(editor: LineEditor, data: bytes, first: int = 0) -> list[InputLine]:
    """All lines that `data` completes."""
    fed = (editor.feed(byte, first + index, CR, BS) for index, byte in enumerate(data))
    return [line for line in fed if line is not None]


def texts(data: bytes, line_bytes: int = 1024) -> list[str]:
    return [line.text for line in feed(LineEditor(line_bytes), data)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"AT\r", [""]),
        (b"at\r", [""]),
        (b"ATI\r", ["I"]),
        (b"at+csq\r", ["+csq"]),
        (b"AT\r\nATI\r\n", ["", "I"]),
        (b"aT\r", []),
        (b"At\r", []),
        (b"xyzAT\r", [""]),
        (b"\xff\xff\xffATI\r", ["I"]),
        (b"\r\n\x1aAT\r", [""]),
        (b"AAT\r", [""]),
        (b"aAT\r", [""]),
        (b"AaATI\r", ["I"]),
        (b"TATI\r", ["I"]),
        (b"A\rAT\r", [""]),
        (b"A TAT\r", [""]),
        (b"hello\r", []),
        (b"CERTIFICATE-----\r", ["E-----"]),
    ],
)
def test_a_line_begins_at_the_first_at(data: bytes, expected: list[str]) -> None:
    """UIS8910DM AT engine, FCM242D manual: characters before AT are ignored; AT or at."""
    assert texts(data) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"ATX\x08I\r", "I"),
        (b"ATXY\x08\x08I\r", "I"),
        (b"AT\x08\x08\x08I\r", "I"),
        (b"AT\x01\x02I\x00\n\r", "I"),
        (b"AT\xe9\r", "\xe9"),
        (b"AT\x7f\r", "\x7f"),
    ],
)
def test_rubbing_out_and_control_characters(data: bytes, expected: str) -> None:
    """V.250 5.2.2; what has been rubbed out never reaches the AT itself."""
    assert texts(data) == [expected]


def test_a_slash_repeats_the_last_line_at_once() -> None:
    """V.250 5.2.4: no CR is waited for."""
    editor = LineEditor(1024)
    (first,) = feed(editor, b"AT+CSQ\r")
    (again,) = feed(editor, b"A/", first=7)
    assert (first.text, first.repeated) == ("+CSQ", False)
    assert (again.text, again.repeated, again.offset, again.count) == ("+CSQ", True, 7, 2)
    assert [line.text for line in feed(editor, b"a/a/")] == ["+CSQ", "+CSQ"]


def test_a_slash_counts_only_at_the_start_of_a_line() -> None:
    editor = LineEditor(1024)
    feed(editor, b"AT+CSQ\r")
    assert feed(editor, b"xA/") == []
    assert [line.text for line in feed(editor, b"\r\nA/")] == ["+CSQ"]


def test_a_slash_with_nothing_to_repeat_is_an_empty_line() -> None:
    assert texts(b"A/") == [""]


def test_where_a_line_lies_and_how_long_it_is() -> None:
    editor = LineEditor(1024)
    (line,) = feed(editor, b"junkATX\x08I\r", first=100)
    assert (line.offset, line.count) == (104, 6)
    assert editor.ignored() == [Ignored(100, b"junk")]
    assert editor.ignored() == []


def test_stretches_of_ignored_bytes_are_told_apart() -> None:
    editor = LineEditor(1024)
    feed(editor, b"abcAT\r\ndefAT\r")
    assert editor.ignored() == [Ignored(0, b"abc"), Ignored(6, b"\ndef")]


def test_a_false_start_is_ignored_with_the_rest() -> None:
    editor = LineEditor(1024)
    feed(editor, b"xAyAT\r")
    assert editor.ignored() == [Ignored(0, b"xAy")]


def test_the_limit_counts_the_whole_line_with_at_and_cr() -> None:
    """UIS8910DM AT engine: 1024 bytes with the CR."""
    assert texts(b"AT" + b"x" * 61 + b"\r", line_bytes=64) == ["x" * 61]
    editor = LineEditor(64)
    (line,) = feed(editor, b"AT" + b"x" * 62 + b"\r")
    assert line.too_long
    assert (line.text, line.count) == ("", 63)
    assert editor.ignored() == [Ignored(63, b"x\r", is_excess=True)]
    (after,) = feed(editor, b"ATI\r")
    assert (after.text, after.too_long) == ("I", False)


def test_of_a_line_without_end_no_more_than_the_limit_is_pending() -> None:
    editor = LineEditor(64)
    feed(editor, b"AT" + b"x" * 500)
    assert (editor.pending, editor.state) == (63, EditState.OVERFLOW)
    assert editor.ignored() == [Ignored(63, b"x" * 439, is_excess=True)]


def test_excess_and_what_follows_it_are_told_apart() -> None:
    editor = LineEditor(8)
    feed(editor, b"ATxxxxxxx\r\nAT\r")
    assert editor.ignored() == [Ignored(7, b"xx\r", is_excess=True), Ignored(10, b"\n")]


def test_a_line_too_long_is_not_what_a_slash_repeats() -> None:
    editor = LineEditor(64)
    feed(editor, b"ATI\r")
    feed(editor, b"AT" + b"x" * 100 + b"\r")
    assert [line.text for line in feed(editor, b"A/")] == ["I"]


def test_pending_counts_the_line_in_progress_and_reset_forgets_it() -> None:
    editor = LineEditor(1024)
    feed(editor, b"junkAT+CS")
    assert (editor.pending, editor.state) == (5, EditState.LINE)
    editor.reset()
    assert (editor.pending, editor.state) == (0, EditState.SEEK)
    assert feed(editor, b"Q\r") == []


def test_other_registers() -> None:
    editor = LineEditor(1024)
    fed = [editor.feed(byte, index, ord("!"), 127) for index, byte in enumerate(b"ATX\x7fI\r!")]
    assert fed[-1] is not None
    assert fed[-1].text == "I"


@given(st.lists(st.sampled_from([b"AT", b"A", b"a/", b"A/", b"\r", b"\n", b"\x08", b"x", b"+C"])))
def test_every_byte_is_in_a_line_ignored_or_pending(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    editor = LineEditor(64)
    lines = feed(editor, data)
    ignored = sum(len(piece.data) for piece in editor.ignored())
    assert sum(line.count for line in lines) + ignored + editor.pending == len(data)


@given(st.binary(max_size=300))
def test_the_ignored_bytes_are_those_of_the_input(data: bytes) -> None:
    editor = LineEditor(64)
    feed(editor, data)
    for piece in editor.ignored():
        assert data[piece.offset : piece.offset + len(piece.data)] == piece.data


@given(st.binary(max_size=40), st.integers(4, 20))
def test_collecting_is_feeding_faster(data: bytes, line_bytes: int) -> None:
    data = b"AT" + data.replace(b"\r", b"") + b"\rAT+X\r"
    slow, fast = LineEditor(line_bytes), LineEditor(line_bytes)
    expected = [line for at, byte in enumerate(data) if (line := slow.feed(byte, at, 13, 8))]
    found, at = [], 0
    while at < len(data):
        taken = fast.collect(data, at, 13)
        if not taken:
            if line := fast.feed(data[at], at, 13, 8):
                found.append(line)
            taken = 1
        at += taken
    assert (found, fast.ignored(), fast.pending) == (expected, slow.ignored(), slow.pending)


def test_only_the_middle_of_a_line_is_collected() -> None:
    editor = LineEditor(80)
    assert editor.collect(b"AT+CSQ\r", 0, 13) == 0
    for at, byte in enumerate(b"AT"):
        editor.feed(byte, at, 13, 8)
    assert editor.collect(b"AT+CSQ\r", 2, 13) == 4
    assert editor.collect(b"AT+CSQ\r", 6, 13) == 0


@given(
    st.lists(
        st.sampled_from([b"AT", b"at", b"A", b"T", b"+CSQ", b"\r", b"\b", b"\n", b"x", b"\xff"])
    ).map(b"".join),
    st.integers(4, 20),
)
def test_taking_a_whole_line_is_feeding_faster(data: bytes, line_bytes: int) -> None:
    slow, fast = LineEditor(line_bytes), LineEditor(line_bytes)
    expected = feed(slow, data)
    lines, at = [], 0
    while at < len(data):
        line = fast.whole_line(data, at, at, 13, 8)
        if line is None:
            line = fast.feed(data[at], at, 13, 8)
            at += 1
        else:
            at += line.count
        if line is not None:
            lines.append(line)
    assert lines == expected
    assert fast.ignored() == slow.ignored()
    assert (fast.state, fast.pending) == (slow.state, slow.pending)


def test_a_line_that_is_all_there_is_taken_whole() -> None:
    editor = LineEditor(1024)
    line = editor.whole_line(b"xAT+CSQ\rAT", 1, 41, 13, 8)
    assert line == InputLine("+CSQ", 41, 7)
    assert editor.whole_line(b"AT+CSQ", 0, 0, 13, 8) is None
