"""How a host changed a file on its way: what can be recognized by comparing the two."""

import pytest

from quecsim.checksum import checksum
from quecsim.explanation import Told
from quecsim.judge.difference import cause_of, told_cause
from tests.test_checksum import AMAZON

DOS = AMAZON.replace(b"\n", b"\r\n")
LINES = AMAZON.splitlines(keepends=True)
UPLOAD = b'AT+QFUPL="UFS:ca.pem",1188,5\r'
EVERY_THIRD = b"".join(line.replace(b"\n", b"\r\n") for line in LINES[::3])


@pytest.mark.parametrize(
    ("content", "expected", "cause"),
    [
        (DOS, AMAZON, "each LF came as CR LF"),
        (DOS[:1188], AMAZON, "each LF came as CR LF"),
        (AMAZON, DOS, "each CR LF came as LF"),
        (AMAZON[:-1], AMAZON, "the last line end is missing"),
        (b"\xef\xbb\xbf" + AMAZON, AMAZON, "a byte order mark was added"),
        (AMAZON, b"\xef\xbb\xbf" + AMAZON, "a byte order mark was added"),
        (AMAZON.replace(b" ", b""), AMAZON, "all blanks are missing"),
        (EVERY_THIRD, AMAZON, "only one line in 3 came"),
        (b"".join(LINES[:4] + LINES[5:]), AMAZON, "of its 20 lines 1 did not come (line 5)"),
        (b"".join(LINES[:4] + LINES[6:]), AMAZON, "of its 20 lines 2 did not come (lines 5, 6)"),
        (AMAZON + b"\x1a", AMAZON, "all of the file came, with a SUB (Ctrl-Z, 0x1a) behind it"),
        (AMAZON + b"\0", AMAZON, "all of the file came, with a NUL (0x00) behind it"),
        (AMAZON[:512] + AMAZON[536:], AMAZON, "24 bytes are missing: bytes 512 to 535 (in line 9)"),
        (AMAZON.upper(), AMAZON, "the file came in another form: all letters sent as capitals"),
        ((UPLOAD + AMAZON)[:1188], AMAZON, '`AT+QFUPL="UFS:ca.pem",1188,5\\r` is the head of what'),
        (AMAZON + b"x" * (1 << 19), AMAZON, ""),  # no certificate any more
        (AMAZON[:500], AMAZON, ""),
        (AMAZON[:500] + b"!" + AMAZON[501:], AMAZON, ""),
        (b"", AMAZON, ""),
        (AMAZON, AMAZON, ""),
        (b"\x00\x01" * 600, AMAZON, ""),
    ],
)  # fmt: skip
def test_what_was_done_to_it(content: bytes, expected: bytes, cause: str) -> None:
    found = cause_of(content, expected)
    assert found.startswith(cause)
    assert bool(found) == bool(cause)


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (AMAZON + b"\x1a", "all of the file came, with a SUB (Ctrl-Z, 0x1a) behind it"),
        (DOS, "all of the file came, with each line end sent as CR LF"),
        (AMAZON[:300] + AMAZON[310:400] + AMAZON[420:], ""),  # two holes
        (AMAZON, ""),
    ],
)
def test_two_numbers_tell_it_where_they_leave_no_doubt(content: bytes, cause: str) -> None:
    assert told_cause(Told(len(content), checksum(content)), AMAZON) == cause


def test_the_log_of_a_console_that_dropped_two_lines_of_three() -> None:
    """389 bytes with the checksum 041E, as a BG95 said of it (1208 were announced)."""
    assert (len(EVERY_THIRD), checksum(EVERY_THIRD)) == (389, 0x041E)
