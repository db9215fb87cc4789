import pytest

from quecsim.errors import QuecsimError
from quecsim.sweep.require import fell_short
from tests.sweep.made import made

_, RESULTS = made(lambda p: int(p["chunk"]) <= 256, chunk="64,256,1024", gap="0,40")


@pytest.mark.parametrize(
    ("text", "count"),
    [("all", 2), ("chunk<=256", 0), ("chunk>=256", 2), ("chunk=1024,gap>=40", 1), ("flow=none", 2)],
)
def test_the_cells_that_fell_short(text: str, count: int) -> None:
    assert len(fell_short(text, RESULTS)) == count


@pytest.mark.parametrize(
    "text", ["", "chunk", "chunk<256", "size<=3", "chunk<=64..128", "flow>=none"]
)
def test_what_is_no_condition(text: str) -> None:
    with pytest.raises(QuecsimError, match="cannot be"):
        fell_short(text, RESULTS)


def test_a_set_without_cells_is_a_mistake() -> None:
    with pytest.raises(QuecsimError, match="no cell is like that"):
        fell_short("chunk=77", RESULTS)
