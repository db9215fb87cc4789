"""What stands for many things in a picture is true of them."""

from hypothesis import given
from hypothesis import strategies as st

from quecsim.render.files.shares import envelope, shares, sums

TIMES = st.integers(0, 400)
SPANS = st.lists(st.tuples(TIMES, TIMES).map(lambda pair: (min(pair), max(pair))), max_size=12)
COLUMNS = 10


@given(spans=SPANS)
def test_a_share_is_the_part_of_the_column_that_is_filled(spans: list[tuple[int, int]]) -> None:
    begin_ns, end_ns = 100, 300
    filled = [
        any(start <= moment and moment + 1 <= stop for start, stop in spans)
        for moment in range(begin_ns, end_ns)
    ]
    made = shares(spans, begin_ns, end_ns, COLUMNS)
    for column, share in enumerate(made):
        assert share * 20 == sum(filled[column * 20 : column * 20 + 20])


def test_what_takes_no_time_is_seen_all_the_same() -> None:
    assert shares([(150, 150)], 100, 300, 4) == [0, 0, 0, 0]
    assert shares([(150, 150)], 100, 300, 4, least=0.2) == [0, 0.2, 0, 0]
    assert shares([(300, 300)], 100, 300, 4, least=0.2) == [0, 0, 0, 0.2]


@given(
    amounts=st.lists(
        st.tuples(st.integers(100, 300), st.integers(0, 50), st.integers(1, 999)), max_size=12
    )
)
def test_no_lost_byte_is_left_out_of_the_bars(amounts: list[tuple[int, int, int]]) -> None:
    losses = [(begin, min(300, begin + long), count) for begin, long, count in amounts]
    made = sums(losses, 100, 300, COLUMNS)
    assert abs(sum(made) - sum(count for *_, count in losses)) < 1e-6


@given(
    steps=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 99)), min_size=1, max_size=40),
    columns=st.integers(1, 15),
)
def test_the_line_stays_within_its_envelope(steps: list[tuple[int, int]], columns: int) -> None:
    line, at_ns = [(50, 0)], 50
    for step, level in steps:
        at_ns += step
        line.append((at_ns, level))
    made = envelope(line, columns)
    width = max(1, at_ns - 50)
    for moment_ns, level in line:
        least, most = made[min((moment_ns - 50) * columns // width, columns - 1)]
        assert least <= level <= most
    assert min(least for least, _ in made) == min(level for _, level in line)
    assert max(most for _, most in made) == max(level for _, level in line)
