"""What is wrong with bytes that were meant as commands, by the bytes alone."""

import pytest

from quecsim.report.advice.lines import of_junk, of_line, of_unfinished

NAMES = frozenset({"+QFUPL", "+QFDEL", "+QFLST", "+CMEE"})


@pytest.mark.parametrize(
    ("line", "kind", "seen"),
    [
        ("AT+QFUPL=“ca.pem”,5\r".encode(), "curly-quotes", "“ (U+201C, bytes e2 80 9c) at place 9"),
        (b"AT+QFUPL=\x93ca.pem\x94,5\r", "curly-quotes", "has 0x93 at place 9"),
        ('AT+QFUPL="zertifikät",5\r'.encode(), "no-ascii", "ä (U+00E4, bytes c3 a4) at place 18"),
        (b'AT+QFUPL="ca.pem,5\r', "quotes", "has 1 quotation mark: one is missing"),
        (b'AT+QFUPL=ca.pem",5\r', "quotes", "one is missing"),
        (b"AT+QFUPL='ca.pem',5\r", "quotes", "has ' where \" belongs"),
        (b'ATQFUPL="ca.pem",5\r', "no-plus", "has no + behind AT"),
        (b'AT QFUPL="ca.pem",5\r', "no-plus", "has no + behind AT"),
        (b'AT-QFUPL="ca.pem",5\r', "no-plus", "has no + behind AT"),
        (b"AT+CMEE=1;AT+QFLST\r", "second-at", "has an AT behind a semicolon"),
        (b"ATAT+QFLST\r", "no-line-end", "has a second AT within"),
        (b"AT\nAT+QFLST\n-----BEGIN\r", "lf-alone", "2 command lines end in LF alone (0x0a)"),
    ],
)
def test_a_command_that_is_none(line: bytes, kind: str, seen: str) -> None:
    hint = of_line(line, NAMES)
    assert hint is not None
    assert hint.kind == kind
    assert seen in hint.seen
    assert hint.advice


@pytest.mark.parametrize(
    "line",
    [b'AT+QFUPL="ca.pem",5\r', b"at+qflst\r", b"ATE0\r", b"AT\r", b"ATI\r", b"AT+XYZ\r", b"ATQ\r"],
)
def test_a_line_that_is_one_has_nothing_wrong(line: bytes) -> None:
    assert of_line(line, NAMES) is None


@pytest.mark.parametrize(
    ("rest", "kind", "seen"),
    [
        (b"AT\n", "lf-alone", "a command line ends in LF alone (0x0a), first `AT`"),
        (b"AT\nAT+QFLST\n", "lf-alone", "2 command lines end in LF alone"),
        (b'AT+QFUPL="a",5', "no-line-end", '`AT+QFUPL="a",5` waits for its line end'),
        (b"AT\\r", "written-out", "has its line end written out (\\r)"),
        (b"AT\\r\\n\n", "written-out", "has its line end written out (\\r)"),
        (b"AT^M", "written-out", "(^M)"),
    ],
)
def test_a_line_that_does_not_end(rest: bytes, kind: str, seen: str) -> None:
    hint = of_unfinished(rest)
    assert hint is not None
    assert hint.kind == kind
    assert seen in hint.seen


def test_a_line_that_has_its_end_was_lost_otherwise() -> None:
    assert of_unfinished(b"AT+QFLST\r") is None


@pytest.mark.parametrize(
    ("data", "kinds"),
    [
        (b'+QFUPL="a",5\r\n', ["no-at"]),
        (b'QFUPL="a",5\r\n', ["no-at"]),
        (b'T+QFUPL="a",5\r\n', ["no-at"]),
        (b"At+QFLST\r\n", ["at-case"]),
        (b"aT\r\n", ["at-case"]),
        (b"\r\nOK\r\n\r\nCONNECT\r\n", ["own-words", "own-words"]),
        (b"\r\n+QFUPL: 5,abcd\r\n", ["own-words"]),
        (b"\xef\xbb\xbf", ["byte-order-mark"]),
        (b"A\0T\0\r\0\n\0", ["utf-16"]),
        (b"\0A\0T\0\r", ["utf-16"]),
        (b"\x1a", ["control"]),
        (b"\0", ["nul"]),
        (b"\x80\xf8\x80\xf8\x78", ["rubbish"]),
        (b"\r\n\r\n", []),
        (b"AT+QFLST\r", []),  # lost on its way, or sent while the device was off
        (b"hello\r", []),
        (b"GET / HTTP/1.1\r\n", []),
        (b"", []),
    ],
)
def test_what_is_no_command(data: bytes, kinds: list[str]) -> None:
    assert [hint.kind for hint in of_junk(data, NAMES)] == kinds
