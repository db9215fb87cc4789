import stat
import sys
from pathlib import Path

import pytest

from quecsim.errors import QuecsimError
from quecsim.run.pages import Pages
from quecsim.run.recorded import recorded
from tests.cli.test_report import record


def test_each_has_a_name_of_its_own_and_none_is_overwritten(tmp_path: Path) -> None:
    pages, made = Pages(tmp_path / "new" / "pages"), recorded(record("thread-57329"))
    first, second = pages.add("a/b: lost <by> ring", made), pages.add("a/b: lost <by> ring", made)
    assert [first.name, second.name] == ["a-b-lost-by-ring.html", "a-b-lost-by-ring-2.html"]
    assert first.read_bytes() == second.read_bytes()
    assert stat.S_IMODE(first.stat().st_mode) == 0o600


def test_a_place_can_be_told_before_the_page_is_there(tmp_path: Path) -> None:
    pages = Pages(tmp_path)
    path = pages.reserve("later")
    assert path.read_bytes() == b""
    assert pages.reserve("later") != path
    pages.fill(path, recorded(record("typical-flash")))
    assert b"all 1188 bytes are stored" in path.read_bytes()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    pages = Pages(tmp_path / "file", "--quecsim-html")
    with pytest.raises(QuecsimError, match="cannot write a page") as told:
        pages.add("x", recorded(record("typical-flash")))
    assert "--quecsim-html" in str(told.value)


def test_missing_packages_are_told_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("quecsim.render.page")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "bokeh", None)
    with pytest.raises(QuecsimError, match="--html needs bokeh") as told:
        Pages(tmp_path)
    assert "pip install 'quecsim[report]'" in str(told.value)


@pytest.mark.parametrize("name", ["", "..", "/", "\x1b[2J", "x" * 500])
def test_any_text_makes_a_name(tmp_path: Path, name: str) -> None:
    path = Pages(tmp_path).reserve(name)
    assert path.parent == tmp_path
    assert path.suffix == ".html"
    assert path.name.isprintable()
