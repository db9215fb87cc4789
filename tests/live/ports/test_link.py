"""A stable name for the port: made, replaced when stale, refused when foreign, removed."""

import os
import subprocess
import sys
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


def killed_while_it_had(path: Path, target: str) -> None:
    """A simulator that had no time to clear up."""
    code = (
        f"from quecsim.live.ports.link import PortLink; p = PortLink({str(path)!r}, {target!r}); "
    )
    code += "p.create(); import os; os._exit(9)"
    ended = subprocess.run([sys.executable, "-c", code], check=False, env=environment())
    assert ended.returncode == 9


def environment() -> dict[str, str]:
    return {**os.environ, "TMPDIR": tempfile.gettempdir()}


def notes() -> list[str]:
    return sorted(
        path.name for path in Path(tempfile.gettempdir()).glob(f"quecsim-{os.getuid()}/*.link")
    )


@pytest.fixture(autouse=True)
def our_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("tmp")))


def test_what_a_killed_simulator_left_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "modem"
    killed_while_it_had(path, "/dev/pts/6")
    assert str(path.readlink()) == "/dev/pts/6"
    link = PortLink(path, "/dev/pts/7")
    link.create()
    assert str(path.readlink()) == "/dev/pts/7"
    link.remove()
    assert (list(tmp_path.iterdir()), notes()) == ([], [])


@pytest.mark.parametrize("target", ["/dev/pts/6", "/dev/pts/no-such", "/dev/ptmx", "gone"])
def test_what_another_program_has_linked_is_refused(tmp_path: Path, target: str) -> None:
    """Live or dangling: nobody but its owner knows what it is for."""
    path = tmp_path / "modem"
    path.symlink_to(target)
    with pytest.raises(QuecsimError, match=r"is taken: it points to .* and is not quecsim's"):
        PortLink(path, "/dev/pts/7").create()
    assert str(path.readlink()) == target


def test_what_another_program_has_linked_over_a_killed_simulators_is_refused(
    tmp_path: Path,
) -> None:
    """The kernel gives numbers again: the same target says nothing."""
    path = tmp_path / "modem"
    killed_while_it_had(path, "/dev/pts/6")
    path.rename(tmp_path / "kept")  # so the new one cannot get its number
    path.symlink_to("/dev/pts/6")
    with pytest.raises(QuecsimError, match="is not quecsim's"):
        PortLink(path, "/dev/pts/7").create()
    assert path.is_symlink()


def test_another_users_link_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also for root: it is in the notes of that user, and not in ours."""
    killed_while_it_had(tmp_path / "modem", "/dev/pts/6")
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(other))
    with pytest.raises(QuecsimError, match="is not quecsim's"):
        PortLink(tmp_path / "modem", "/dev/pts/7").create()


def test_another_way_to_the_same_folder_is_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "also").symlink_to("real")
    first = PortLink(tmp_path / "real" / "modem", "/dev/pts/7")
    first.create()
    with pytest.raises(QuecsimError, match="another running quecsim"):
        PortLink(tmp_path / "also" / "modem", "/dev/pts/8").create()
    first.remove()


def test_what_takes_the_place_while_we_look_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "modem"
    killed_while_it_had(path, "/dev/pts/6")
    rename = os.rename

    def too_late(source: bytes, *rest: bytes, **folders: int) -> None:
        monkeypatch.undo()
        (tmp_path / "mine").symlink_to("/dev/pts/9")
        (tmp_path / "mine").replace(path)
        rename(source, *rest, **folders)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "rename", too_late)
    with pytest.raises(QuecsimError, match="is taken"):
        PortLink(path, "/dev/pts/7").create()
    assert str(path.readlink()) == "/dev/pts/9"
    assert [each.name for each in tmp_path.iterdir()] == ["modem"]


def test_no_note_outlives_its_link(tmp_path: Path) -> None:
    killed_while_it_had(tmp_path / "one", "/dev/pts/6")
    assert len(notes()) == 1
    (tmp_path / "one").unlink()
    link = PortLink(tmp_path / "two", "/dev/pts/7")
    link.create()
    assert len(notes()) == 1
    link.remove()
    assert notes() == []


@pytest.mark.parametrize("name", ["x" * 260, "a\0b", "\ud800"])
def test_what_cannot_be_a_name_is_one_message(tmp_path: Path, name: str) -> None:
    link = PortLink(tmp_path / name, "/dev/pts/7")
    with pytest.raises(QuecsimError, match="cannot make the link"):
        link.create()
    link.remove()
    assert notes() == []


def test_a_name_that_is_no_utf_8(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"mod\xffem")
    link = PortLink(path, "/dev/pts/7")
    link.create()
    assert str(path.readlink()) == "/dev/pts/7"
    link.remove()


def test_files_folders_and_links_elsewhere_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("precious")
    (tmp_path / "folder").mkdir()
    (tmp_path / "elsewhere").symlink_to(tmp_path / "file")
    for name, why in [("file", "no link"), ("folder", "no link"), ("elsewhere", "not quecsim's")]:
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
