from hypothesis import given
from hypothesis import strategies as st

from quecsim.report.comparison.words import short


@given(st.text(max_size=200))
def test_it_is_short_and_printable(text: str) -> None:
    made = short(text)
    assert made.isprintable()
    assert len(made) <= 60
    assert made == text or len(text) > 60 or not text.isprintable()
