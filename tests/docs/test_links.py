"""Links between the documents lead somewhere, and the documents stay readable."""

import re
from pathlib import Path

import pytest

from quecsim.report.model import Verdict
from quecsim.scenario.loader import scenario_names
from quecsim.trace import event
from tests.docs.markdown import DOCUMENTS, ROOT

_LINK = re.compile(r"\]\(([^)#\s]+)\)")
_IDS = [str(path.relative_to(ROOT)) for path in DOCUMENTS]


@pytest.mark.parametrize("document", DOCUMENTS, ids=_IDS)
def test_links_lead_somewhere(document: Path) -> None:
    links = _LINK.findall(document.read_text(encoding="utf-8"))
    inside = [link for link in links if "://" not in link]
    assert [link for link in inside if not (document.parent / link).exists()] == []


def test_the_readme_is_short() -> None:
    assert len(readme().splitlines()) <= 250


def test_the_table_of_scenarios_has_every_scenario() -> None:
    text = (ROOT / "docs/SCENARIOS.md").read_text(encoding="utf-8")
    assert [name for name in scenario_names() if f"| `{name}` |" not in text] == []


def test_the_page_about_the_report_names_every_verdict() -> None:
    text = (ROOT / "docs/REPORT.md").read_text(encoding="utf-8")
    assert [
        verdict
        for verdict in Verdict
        if verdict is not Verdict.NONE and f"**{verdict}**" not in text
    ] == []


def test_the_readme_has_no_number_that_is_still_to_come() -> None:
    assert "to be measured" not in readme().lower()


def test_every_event_is_described() -> None:
    text = (ROOT / "docs/TRACE.md").read_text(encoding="utf-8")
    names = [kind.__name__ for kind in event.Event.__args__]
    assert [name for name in names if f"`{name}`" not in text] == []


def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")
