"""The cuts between writes."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from quecsim.host.data_phase import answer_s, pieces
from quecsim.host.plan import UploadPlan


@given(st.integers(1, 10_000), st.integers(1, 5_000), st.sampled_from([0, 1024]))
def test_pieces_cover_all_in_order_and_keep_to_the_blocks(
    total: int, chunk: int, block: int
) -> None:
    cuts = list(pieces(total, chunk, block))
    assert cuts[0][0] == 0
    assert cuts[-1][1] == total
    assert all(end == start for (_, end), (start, _) in pairwise(cuts))
    assert all(0 < end - start <= chunk for start, end in cuts)
    if block:
        assert all(start // block == (end - 1) // block for start, end in cuts)


def test_the_wait_outlasts_the_devices_own_time_out() -> None:
    plan = UploadPlan("x", b"x", timeout_s=60)
    assert answer_s(plan, 115200, 1) > 60
    assert answer_s(plan, 9600, 9600) - answer_s(plan, 115200, 9600) > 10
