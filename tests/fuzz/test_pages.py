import sys
from pathlib import Path
from typing import Any

import pytest

from quecsim.fuzz.case import make_case
from quecsim.fuzz.hosts import FunctionHost
from quecsim.fuzz.pages import add_pages
from quecsim.fuzz.program import ProgramHost
from quecsim.fuzz.search import Search
from quecsim.fuzz.text import as_dict, render
from quecsim.live.signals import Signals
from quecsim.run.pages import Pages
from quecsim.scenario.options import make_scenario

SILENT = "import sys; sys.exit(0)"


def claims(port: Any, name: str, data: bytes) -> bool:
    """Says that all is well, and does nothing."""
    return True


def test_each_finding_has_a_page_of_its_run(tmp_path: Path) -> None:
    host = FunctionHost(claims)
    search = Search(host, folder=tmp_path / "found", function="hosts:claims")
    search.run([make_case(make_scenario("ec200u"), b"0123456789")], 1)
    assert add_pages(search.result, host, Pages(tmp_path / "pages")) == ""
    (found,) = search.result.found
    assert found.page is not None
    html = found.page.read_text()
    assert "quecsim replay --run-host" in html
    assert "did not show" not in html
    assert f"page: {found.page}" in render(search.result, took_s=1, host="claims")
    told = as_dict(search.result, took_s=1, host="claims", seed=1)
    assert told["found"][0]["page"] == str(found.page)


def test_a_page_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    host = FunctionHost(claims)
    search = Search(host)
    search.run([make_case(make_scenario("ec200u"), b"0123456789")], 1)
    assert "cannot write a page" in add_pages(search.result, host, Pages(tmp_path / "file"))
    assert search.result.found[0].page is None


@pytest.mark.pty
def test_a_program_is_run_once_more_for_its_page(tmp_path: Path) -> None:
    with Signals() as signals:
        host = ProgramHost((sys.executable, "-c", SILENT), signals, confirm=1)
        search = Search(host, program=host.program)
        search.run([make_case(make_scenario("ec200u"), b"0123456789")], 1)
        assert add_pages(search.result, host, Pages(tmp_path)) == ""
    (found,) = search.result.found
    assert found.page is not None
    assert "fails every time" in found.page.read_text()
