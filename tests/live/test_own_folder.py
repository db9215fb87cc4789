"""A folder of our own: made, closed to others, and never another that bears its name."""

import os
import stat
import tempfile
from pathlib import Path

import pytest

from quecsim.errors import QuecsimError
from quecsim.live.own_folder import open_own_folder, own_folder, temporary_folder


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_is_made_and_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "ours"
    assert own_folder(folder) == folder
    assert mode(folder) == 0o700
    folder.chmod(0o755)
    own_folder(folder)
    assert mode(folder) == 0o700


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir(mode=0o755)
    (tmp_path / "ours").symlink_to(tmp_path / "precious")
    with pytest.raises(QuecsimError, match="somebody else"):
        own_folder(tmp_path / "ours")
    assert mode(tmp_path / "precious") == 0o755


def test_a_folder_that_is_swapped_while_we_look_is_not_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other user's folder takes the name between any two of our steps."""
    ours, precious = tmp_path / "ours", tmp_path / "precious"
    precious.mkdir(mode=0o755)
    ours.mkdir(mode=0o755)
    was = os.fstat

    def swapped(descriptor: int) -> os.stat_result:
        if ours.is_dir() and not ours.is_symlink():
            ours.rename(tmp_path / "taken")
            ours.symlink_to(precious)
        return was(descriptor)

    monkeypatch.setattr(os, "fstat", swapped)
    descriptor = open_own_folder(ours)
    monkeypatch.undo()
    assert os.path.samestat(os.fstat(descriptor), (tmp_path / "taken").stat())
    os.close(descriptor)
    assert (mode(precious), mode(tmp_path / "taken")) == (0o755, 0o700)


def test_a_file_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "ours").write_text("")
    with pytest.raises(QuecsimError, match="somebody else"):
        own_folder(tmp_path / "ours")


def test_where_anybody_may_swap_it_nothing_is_ours(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(QuecsimError, match="sticky"):
        own_folder(tmp_path / "ours")
    tmp_path.chmod(0o1777)
    own_folder(tmp_path / "ours")


def test_no_room_to_make_it_is_one_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(QuecsimError, match="cannot make the folder"):
        temporary_folder()
