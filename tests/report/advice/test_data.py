"""Why data does not fit its size, by its bytes alone."""

import pytest

from quecsim.report.advice.data import of_head, of_println, of_shortage, of_surplus, of_tail

FILE = b"".join(b"line %02d of this file\n" % number for number in range(20))
SIZE = len(FILE)
LINE = '+QFUPL="ca.pem",1,5'


@pytest.mark.parametrize(
    ("behind", "kind"),
    [
        (b"\x1a", "control-behind"),
        (b"\x1a\r\n", "control-behind"),
        (b"\x04", "control-behind"),
        (b"\0", "nul-behind"),
        (b"\0" * 64, "padding-behind"),
        (b"\xff" * 64, "padding-behind"),
        (b"\xff", "padding-behind"),
        (b"+++", "escape-behind"),
        (FILE, "sent-twice"),
        (FILE[:200], "sent-twice"),
        (b"more of it", "size-too-small"),
        (b"x", "size-too-small"),
    ],
)
def test_what_came_behind_the_file(behind: bytes, kind: str) -> None:
    hint = of_surplus(FILE, behind, SIZE)
    assert hint.kind == kind
    assert hint.advice


def test_println() -> None:
    sent = FILE.replace(b"\n", b"\r\n")
    hint = of_println(sent[:SIZE], sent[SIZE:])
    assert hint is not None
    assert hint.words == "its lines came with CR LF, and the size counts LF alone"
    assert of_surplus(sent[:SIZE], sent[SIZE:], SIZE).kind == "cr-lf-sent"
    assert of_println(sent, b"") is None  # a file of DOS, with its right size
    assert of_println(FILE, b"\r\n") is None


def test_characters_are_no_bytes() -> None:
    text = "größe: 5 µm\nfür alle\n"
    sent = text.encode()
    hint = of_surplus(sent[: len(text)], sent[len(text) :], len(text))
    assert hint.kind == "chars-counted"


@pytest.mark.parametrize(
    ("data", "size", "line", "kind", "words"),
    [
        (
            FILE,
            SIZE + 20,
            LINE,
            "cr-lf-counted",
            "the size is 20 too large: one for each of its 20",
        ),
        (FILE[:-1], SIZE + 19, LINE, "cr-lf-counted", "the size is 20 too large: one for each"),
        (FILE[:-1], SIZE, LINE, "last-newline", "the size is 1 too large: the last line end was"),
        (FILE, SIZE + 1, LINE, "nul-counted", "the size is 1 too large: as when a C string's NUL"),
        (FILE, 4096, LINE, "buffer-size", "the size 4096 looks like that of a buffer"),
        (FILE, 10240, '+QFUPL="ca.pem"', "no-size", "the command names no size, which means 10240"),
        (FILE, SIZE + 7, LINE, "size-too-large", ""),
        (b"", 5, LINE, "size-too-large", ""),
    ],
)
def test_less_came_than_was_announced(
    data: bytes, size: int, line: str, kind: str, words: str
) -> None:
    hint = of_shortage(data, size, line)
    assert hint.kind == kind
    assert hint.words.startswith(words)
    assert bool(hint.words) == bool(words)


def test_a_file_of_dos_has_no_line_ends_to_count_again() -> None:
    sent = FILE.replace(b"\n", b"\r\n")
    assert of_shortage(sent, len(sent) + 20, LINE).kind == "size-too-large"


def test_commands_made_up_for_what_was_missing() -> None:
    assert of_tail(FILE, 20).words == (
        "one for each of its 20 lines: CR LF was counted, and LF sent"
    )
    assert of_tail(FILE, 7).kind == "size-too-large"


def test_a_nul_that_came_with_the_command() -> None:
    assert of_head(b"\0hello", 1) is not None
    assert of_head(b"\0hello", 0) is None  # the file's own
    assert of_head(b"\0\0\0\1", 1) is None
    assert of_head(b"hello", 1) is None
