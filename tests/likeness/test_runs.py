import pytest

from quecsim.likeness.comparison import compare, record_of
from quecsim.likeness.exchange import Exchange
from quecsim.likeness.runs import first_run, runs_of
from quecsim.profiles.loader import load_profile
from tests.likeness.device import asks, session


@pytest.mark.parametrize(
    ("lines", "runs"),
    [("", 1), ("a", 1), ("ab", 1), ("aa", 2), ("abab", 2), ("aba", 1), ("aabaab", 2),
     ("aaaa", 4), ("abcabcabc", 3), ("abcab", 1), ("abaaba", 2)],
)  # fmt: skip
def test_how_often_the_same_comes(lines: str, runs: int) -> None:
    exchanges = [Exchange(n, line.encode(), 0) for n, line in enumerate(lines)]
    assert runs_of(exchanges) == runs


def test_the_first_run_is_a_record_by_itself() -> None:
    profile = load_profile("ec200u")
    lines = ("AT", "ATI", 'AT+QFLST="no"')
    record = record_of(session(asks(*lines * 3)), profile)
    once = record_of(session(asks(*lines)), profile)
    part = first_run(record.played)
    assert part.steps == once.played.steps
    assert list(part.reading.exchanges) == list(once.played.reading.exchanges)


def test_a_module_that_says_one_thing_and_another_is_no_difference() -> None:
    """The file is not there when the lines come for the first time."""
    profile = load_profile("ec200u")
    lines = ("ATE0", 'AT+QFOPEN="a.txt",0')
    found = compare(record_of(session(asks(*lines * 2)), profile), profile)
    assert found.differences == ()
    assert found.runs == 2
