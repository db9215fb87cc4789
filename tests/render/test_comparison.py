import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.render.comparison import comparison_text
from quecsim.report.comparison import Comparison, Difference, Kind

TEXT = st.text(max_size=200)
DIFFERENCES = st.lists(
    st.builds(Difference, kind=st.sampled_from(Kind), what=TEXT, before=TEXT, after=TEXT),
    max_size=6,
)


@given(differences=DIFFERENCES, name=TEXT, sentence=TEXT, width=st.integers(40, 200))
def test_whatever_is_in_it_steers_no_terminal(
    differences: list[Difference], name: str, sentence: str, width: int
) -> None:
    text = comparison_text(Comparison(name, name, sentence, differences), colour=False, width=width)
    assert all(line.isprintable() for line in text.split("\n"))


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_asked_for(width: int) -> None:
    differences = [Difference(Kind.HOST, "its port " * 9, "one " * 40, "an" * 90)]
    text = comparison_text(Comparison("a", "b", "s.", differences), colour=False, width=width)
    table = text.split("\n\n", 1)[1]
    assert max(map(len, table.split("\n"))) <= width


def test_colour_is_only_in_addition() -> None:
    differences = [Difference(Kind.HOST, "its port", "a", "b")]
    found = Comparison("a", "b", "Both came out alike.", differences)
    plain, coloured = (comparison_text(found, colour=each) for each in (False, True))
    assert "\x1b" not in plain
    assert "\x1b[1m" in coloured


def test_alike_is_said() -> None:
    text = comparison_text(Comparison("a", "b", "Both came out alike.", []), colour=False)
    assert text == "Both came out alike.\n\nNothing differs but, perhaps, times."
