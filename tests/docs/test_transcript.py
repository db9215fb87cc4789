import pytest

from tests.docs.transcript import says


@pytest.mark.parametrize(
    ("output", "shown"),
    [
        ("anything", []),
        ("/dev/pts/12\n", ["/dev/pts/3"]),
        ("took 1.25 s,\nlost 3", ["took 0.9 s, lost 12"]),
        ("first\nmore\nlast\n", ["first", "..."]),
        ("first\nmore\nlast\n", ["...", "last"]),
        ("first\nmore\nlast\n", ["first", "...", "last"]),
        ("first\nlast\n", ["first", "...", "last"]),
        ("first\nlast\n", ["first", "^C", "last"]),
        ("failed: this; that\nlast\n", ["failed: this ...", "last"]),
        ("\x1b[1;31mlost\x1b[0m 5\n", ["lost 5"]),
    ],
)
def test_what_is_shown_is_said(output: str, shown: list[str]) -> None:
    assert says(output, shown)


@pytest.mark.parametrize(
    ("output", "shown"),
    [
        ("", ["something"]),
        ("first\nlast\n", ["first"]),
        ("first\nlast\n", ["last"]),
        ("first\nlast\n", ["last", "...", "first"]),
        ("+CME ERROR: 407", ["+CME ERROR: 421"]),
        ("115200 8E1", ["115200 8N1"]),
        ("scenario thread-1", ["scenario thread-57329"]),
        ("5 bytes lost", ["5 bytes stored"]),
    ],
)
def test_what_is_not_said_is_noticed(output: str, shown: list[str]) -> None:
    assert not says(output, shown)
