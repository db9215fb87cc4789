"""The file of keys: private, complete at any moment, and never the end of the run."""

import stat
from pathlib import Path

import pytest

from quecsim.errors import QuecsimError
from quecsim.live.network.keylog import KeylogFile


def test_lines_are_there_at_once_and_for_nobody_else(tmp_path: Path) -> None:
    path, told = tmp_path / "keys", list[str]()
    path.write_bytes(b"of an earlier run")
    write = KeylogFile(path).writer(told.append)
    assert path.read_bytes() == b""
    write(b"CLIENT_RANDOM 00 11")
    write(b"CLIENT_RANDOM 22 33\n")
    assert path.read_bytes() == b"CLIENT_RANDOM 00 11\nCLIENT_RANDOM 22 33\n"
    path.unlink()
    write(b"CLIENT_RANDOM 44 55")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert told == []


def test_a_full_disk_is_told_once() -> None:
    told: list[str] = []
    write = KeylogFile("/dev/full").writer(told.append)
    write(b"a")
    write(b"b")
    assert told == ["no more keys of TLS: cannot write /dev/full: No space left on device"]


def test_no_place_for_it_is_the_users_to_mend(tmp_path: Path) -> None:
    with pytest.raises(QuecsimError, match="cannot write the keys of TLS") as caught:
        KeylogFile(tmp_path / "nowhere" / "keys")
    assert caught.value.hint
