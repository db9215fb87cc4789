from quecsim.report.strays import Strays
from quecsim.report.track import Track
from quecsim.trace.event import CommandLine, Eaten, Result


def _strays() -> tuple[Strays, Track]:
    track = Track(0, 0, "+QFUPL", "x")
    return Strays(track), track


def _junk(offset: int, data: bytes, why: str = "no command") -> Eaten:
    return Eaten(0, 0, offset, len(data), why, data)


def test_what_counts_and_what_ends_it() -> None:
    strays, track = _strays()
    strays.eaten(_junk(0, b"xyz\r\n"))
    strays.eaten(_junk(5, b"\n", "LF after CR"))
    strays.eaten(_junk(6, b"ab\n", "surplus after the data"))
    assert track.stray == 8
    strays.line(CommandLine(0, 9, 4, ""))
    assert strays.is_over


def test_a_line_in_the_middle_of_data_is_data_unless_it_is_answered_with_ok() -> None:
    for answer, count, is_over in (("ERROR", 3 + 9, False), ("OK", 3, True)):
        strays, track = _strays()
        strays.eaten(_junk(0, b"xyz"))
        strays.line(CommandLine(0, 3, 9, "abcdef"))
        assert not strays.is_over
        strays.result(Result(0, answer, "abcdef"))
        assert (track.stray, strays.is_over) == (count, is_over)


def test_after_such_a_line_the_next_one_is_a_command() -> None:
    strays, track = _strays()
    strays.eaten(_junk(0, b"xyz"))
    strays.line(CommandLine(0, 3, 9, "abcdef"))
    strays.result(Result(0, "ERROR", "abcdef"))
    strays.line(CommandLine(0, 12, 3, ""))
    assert strays.is_over
    assert track.stray == 12
