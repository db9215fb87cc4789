"""Where a picture cannot be written it is one message, before anything is run if it can be."""

from pathlib import Path

import pytest

from quecsim.errors import QuecsimError
from quecsim.sweep.plot import check_plot, draw
from tests.sweep.made import made


def test_a_folder_that_is_not_there_is_told_first(tmp_path: Path) -> None:
    grid, _ = made(lambda _point: True, chunk="64")
    with pytest.raises(QuecsimError, match="there is no folder"):
        check_plot(tmp_path / "none" / "x.png", grid)


@pytest.mark.parametrize("why", ["full", "folder"])
def test_a_place_that_takes_nothing(tmp_path: Path, why: str) -> None:
    pytest.importorskip("matplotlib")
    place = tmp_path / "x.svg"
    place.mkdir() if why == "folder" else place.symlink_to("/dev/full")
    with pytest.raises(QuecsimError, match="cannot write"):
        draw(place, *made(lambda _point: True, chunk="64"), "title")
