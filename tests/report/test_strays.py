import pytest

from quecsim.report.strays import Strays
from quecsim.report.track import Track
from quecsim.trace.event import Called, CommandLine, Eaten, Result


def _strays() -> tuple[Strays, Track]:
    track = Track(1, 0, 0, "+QFUPL", "x")
    return Strays(track), track


def _junk(offset: int, data: bytes, why: str = "no command") -> Eaten:
    return Eaten(0, 0, offset, len(data), why, data)


def test_what_counts_and_what_ends_it() -> None:
    strays, track = _strays()
    strays.eaten(_junk(0, b"xyz\r\n"))
    strays.eaten(_junk(5, b"\n", "LF after CR"))
    strays.eaten(_junk(6, b"ab\n", "surplus after the data"))
    strays.eaten(_junk(-7, b"\0"))  # of a break: nobody sent it
    assert (track.stray, track.surplus) == (8, 5)
    strays.line(CommandLine(0, 9, 4, "", 1))
    assert strays.is_over


@pytest.mark.parametrize(
    ("name", "is_known", "count", "answer", "is_command"),
    [
        ("+QFDEL", True, 13, "ERROR", True),  # whatever it answers
        ("+QFDEL", False, 13, "ERROR", False),
        ("E", True, 5, "ERROR", True),
        ("E", True, 70, "ERROR", False),  # data may hold ATE by chance
        ("E", True, 70, "OK", True),
        ("", False, 3, "OK", True),  # AT alone
        ("", False, 3, "ERROR", False),
    ],
)
def test_a_line_in_the_middle_of_data_is_a_command_if_the_device_knows_it(
    name: str, is_known: bool, count: int, answer: str, is_command: bool
) -> None:
    strays, track = _strays()
    strays.eaten(_junk(0, b"xyz"))
    line = CommandLine(0, 3, count, "", 7)
    strays.line(line)
    assert not strays.is_over
    if name:
        strays.called(Called(0, 7, name, "write", is_known))
    assert strays.result(Result(0, answer, "", 7)) == (None if is_command else (line, count))
    assert (track.stray, strays.is_over) == (3 if is_command else 3 + count, is_command)


@pytest.mark.parametrize(
    ("text", "data"), [("E-----AT", 9), ('E-----AT+QFLST="x"', 9), ("E-----ATab", 14)]
)
def test_data_without_an_end_swallows_the_next_command(text: str, data: int) -> None:
    """`ATE-----`, LF, and the next command: the LF is not part of the line's text."""
    strays, track = _strays()
    strays.eaten(_junk(0, b"xyz"))
    line = CommandLine(0, 3, len(text) + 4, text, 1)
    strays.line(line)
    assert strays.result(Result(0, "ERROR", text, 1)) == (line, data)
    assert (track.stray, strays.is_over) == (3 + data, data == 9)


def test_after_such_a_line_the_next_one_is_a_command() -> None:
    strays, track = _strays()
    strays.eaten(_junk(0, b"xyz"))
    strays.line(CommandLine(0, 3, 9, "abcdef", 1))
    strays.result(Result(0, "ERROR", "abcdef", 1))
    strays.line(CommandLine(0, 12, 3, "", 2))
    assert strays.is_over
    assert track.stray == 12
