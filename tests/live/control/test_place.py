"""Where sockets are: whose folder, which are dead, and what may be replaced."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from quecsim.errors import QuecsimError
from quecsim.live.control.place import SocketPlace, is_dead, remove_stale, running, socket_folder


def killed_while(code: str) -> None:
    """A simulator that had no time to clear up."""
    subprocess.run([sys.executable, "-c", f"{code}; import os; os._exit(9)"], check=False)


def dead_socket(path: Path) -> Path:
    """What a killed simulator leaves behind."""
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    return path


def test_two_simulators_have_a_socket_each() -> None:
    first, second = SocketPlace("one", None), SocketPlace("two", None)
    assert running() == [first.path, second.path]
    first.remove()
    assert running() == [second.path]
    second.remove()
    second.remove()
    assert running() == []


def test_a_dead_one_is_removed_and_a_living_one_is_not(runtime: Path) -> None:
    alive = SocketPlace("alive", None)
    dead = dead_socket(socket_folder() / "ec200u-99999999-abcdef.sock")
    odd = dead_socket(socket_folder() / "odd.sock")
    assert is_dead(dead)
    assert not is_dead(alive.path)
    remove_stale(socket_folder())
    assert (dead.exists(), odd.exists(), alive.path.exists()) == (False, False, True)
    alive.remove()


def test_a_living_process_is_not_disturbed() -> None:
    mine = SocketPlace("mine", None)
    remove_stale(socket_folder())
    with pytest.raises(BlockingIOError):
        mine.listener.accept()  # nobody has tried it
    mine.remove()


def test_a_name_that_a_killed_simulator_left_is_free(tmp_path: Path) -> None:
    link = tmp_path / "sock"
    killed_while(
        f"from quecsim.live.control.place import SocketPlace as S; s = S('x', {str(link)!r})"
    )
    assert is_dead(link)
    made = SocketPlace("x", link)
    assert link.readlink() == made.path
    made.remove()
    assert not link.is_symlink()


@pytest.mark.parametrize("kind", ["file", "folder", "link", "dead socket"])
def test_a_name_that_is_somebody_elses_is_refused(tmp_path: Path, kind: str) -> None:
    link = tmp_path / "sock"
    if kind == "file":
        link.touch()
    elif kind == "folder":
        link.mkdir()
    else:
        dead = dead_socket(tmp_path / "other.sock") if kind == "dead socket" else tmp_path / "gone"
        link.symlink_to(dead)
    with pytest.raises(QuecsimError, match="is taken"):
        SocketPlace("x", link)
    assert running() == []
    assert os.path.lexists(link)


def test_a_name_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    with pytest.raises(QuecsimError, match="No such file"):
        SocketPlace("x", tmp_path / "none" / "sock")
    assert running() == []


def test_a_path_that_is_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / ("d" * 90)
    deep.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    with pytest.raises(QuecsimError, match="too long"):
        SocketPlace("x", None)


def test_a_folder_that_others_can_look_into_is_closed(runtime: Path) -> None:
    (runtime / "quecsim").mkdir(mode=0o755)
    assert socket_folder().stat().st_mode & 0o777 == 0o700


def test_a_folder_of_somebody_else_is_refused(
    runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (runtime / "quecsim").mkdir(mode=0o700)
    monkeypatch.setattr("os.getuid", lambda: 4_000_000)
    with pytest.raises(QuecsimError, match="belongs to somebody else"):
        socket_folder()


def test_without_a_runtime_folder_the_temporary_one_serves(
    runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    monkeypatch.setattr("tempfile.tempdir", str(runtime))
    assert socket_folder() == runtime / f"quecsim-{os.getuid()}"
