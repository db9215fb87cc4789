"""A stable name for the port: made, replaced when stale, refused when foreign, removed."""

import os
import tempfile
from pathlib import Path

import pytest

from quecsim.errors import QuecsimError
from quecsim.live.ports.link import PortLink


def test_it_points_to_the_port_and_goes_away(tmp_path: Path) -> None:
    link = PortLink(tmp_path / "modem", "/dev/pts/7")
    link.create()
    assert str((tmp_path / "modem").readlink()) == "/dev/pts/7"
    link.remove()
    assert not (tmp_path / "modem").is_symlink()
    link.remove()


def test_a_stale_link_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "modem").symlink_to("/dev/pts/no-such")
    link = PortLink(tmp_path / "modem", "/dev/pts/7")
    link.create()
    assert str((tmp_path / "modem").readlink()) == "/dev/pts/7"
    link.remove()


def test_files_folders_and_links_elsewhere_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("precious")
    (tmp_path / "folder").mkdir()
    (tmp_path / "elsewhere").symlink_to(tmp_path / "file")
    for name, why in [("file", "no link"), ("folder", "no link"), ("elsewhere", "no pseudo")]:
        with pytest.raises(QuecsimError, match="is taken") as refused:
            PortLink(tmp_path / name, "/dev/pts/7").create()
        assert why.split()[-1] in refused.value.message
    assert (tmp_path / "file").read_text() == "precious"
    assert (tmp_path / "elsewhere").is_symlink()


def test_a_name_in_use_is_refused_until_its_owner_lets_go(tmp_path: Path) -> None:
    first, second = (PortLink(tmp_path / "modem", f"/dev/pts/{n}") for n in (7, 8))
    first.create()
    with pytest.raises(QuecsimError, match="another running quecsim"):
        second.create()
    first.remove()
    second.create()
    second.remove()


def test_somebody_elses_link_is_left_alone_at_the_end(tmp_path: Path) -> None:
    link = PortLink(tmp_path / "modem", "/dev/pts/7")
    link.create()
    (tmp_path / "modem").unlink()
    (tmp_path / "modem").write_text("now this")
    link.remove()
    assert (tmp_path / "modem").read_text() == "now this"


def test_a_folder_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(QuecsimError, match="cannot make the link"):
        PortLink(tmp_path / "none" / "modem", "/dev/pts/7").create()


def test_a_lock_folder_of_somebody_else_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / f"quecsim-{os.getuid()}").symlink_to(tmp_path / "mine")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(QuecsimError, match="belongs to somebody else"):
        PortLink(tmp_path / "modem", "/dev/pts/7").create()
