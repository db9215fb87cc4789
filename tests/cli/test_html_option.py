import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from quecsim.cli.check import check
from quecsim.cli.fuzz import fuzz
from quecsim.cli.html_option import pages_of
from quecsim.errors import QuecsimError


def test_without_the_option_there_are_no_pages() -> None:
    assert pages_of(None) is None


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (check, ["thread-57329", "--html", "p", "--", "touch", "it-ran"]),
        (check, ["thread-57329", "ec200u", "--html", "p", "--", "touch", "it-ran"]),
        (fuzz, ["--html", "p", "--", "touch", "it-ran"]),
    ],
)
def test_missing_packages_are_told_before_anything_is_run(
    command: object, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in sys.modules if name.startswith("quecsim.render.page")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "jinja2", None)
    result = CliRunner().invoke(command, words, standalone_mode=False)  # type: ignore[arg-type]
    assert isinstance(result.exception, QuecsimError)
    assert "--html needs jinja2" in str(result.exception)
    assert "pip install 'quecsim[report]'" in str(result.exception)
    assert not (tmp_path / "it-ran").exists()
