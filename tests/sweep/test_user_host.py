import sys
from pathlib import Path

import pytest

from quecsim.errors import QuecsimError
from quecsim.sweep.user_host import find_host

HERE = "tests.sweep.uploaders"


def test_which_keywords_a_function_takes() -> None:
    assert find_host(f"{HERE}:plain").keywords == frozenset()
    assert find_host(f"{HERE}:paced").keywords == {"chunk_bytes", "gap_ms"}
    assert find_host(f"{HERE}:paced").source.endswith("uploaders.py")


def test_axes_of_the_host_need_its_consent() -> None:
    find_host(f"{HERE}:paced").check_axes(["chunk", "gap", "ring"])
    find_host(f"{HERE}:plain").check_axes(["ring", "baud"])
    with pytest.raises(QuecsimError, match="--gap cannot be swept") as caught:
        find_host(f"{HERE}:plain").check_axes(["gap"])
    assert "gap_ms=" in caught.value.hint


def test_only_what_is_swept_is_filled_in() -> None:
    assert find_host(f"{HERE}:paced").function(64, None).keywords == {"chunk_bytes": 64}  # type: ignore[attr-defined]
    assert find_host(f"{HERE}:plain").function(None, None).keywords == {}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("upload", "names no function"),
        (":upload", "names no function"),
        ("nowhere_at_all:upload", "cannot import"),
        (f"{HERE}:nothing", "has no function nothing"),
        (f"{HERE}:NOT_CALLABLE", "has no function NOT_CALLABLE"),
    ],
)
def test_what_cannot_be_a_host(target: str, message: str) -> None:
    with pytest.raises(QuecsimError, match=message):
        find_host(target)


def test_a_module_of_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "host_of_mine.py").write_text("def up(port, name, data, gap_ms): ...\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    assert find_host("host_of_mine:up").keywords == {"gap_ms"}


def test_what_the_host_cannot_do_without_must_be_swept(tmp_path: Path) -> None:
    (tmp_path / "needs.py").write_text("def upload(port, name, data, *, gap_ms): ...\n")
    host = find_host(f"{tmp_path / 'needs.py'}:upload")
    host.check_axes(["gap"])
    with pytest.raises(QuecsimError, match="gap_ms"):
        host.check_axes(["ring"])
