"""Where the site is built: no files of others go."""

from pathlib import Path

import pytest

from quecsim.errors import QuecsimError
from website.build import build


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "source/mine.txt"
    other.parent.mkdir()
    other.write_text("mine")
    with pytest.raises(QuecsimError, match="other files"):
        build(["html"], tmp_path)
    assert other.read_text() == "mine"
