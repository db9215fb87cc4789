"""One page a device: its tables are those of the profile, and nothing is left out."""

import re
from pathlib import Path

import pytest

from quecsim.profiles.loader import load_profile, profile_names
from quecsim.profiles.schema import Profile
from tests.docs.device_pages import TABLES, page, renewed, tables_of
from tests.docs.markdown import ROOT

_PARTS = set(Profile.__struct_fields__) - {"name", "title", "provenance"}
_KEY = re.compile(rf"`((?:{'|'.join(sorted(_PARTS))})\.\w+)`")
_LINK = re.compile(r"\]\(([^)#\s]+\.md)")
_NEEDED = {"## Its upload journey", "## Its network journey", "## Its traps", "## Its commands"}


@pytest.mark.parametrize("name", profile_names())
def test_the_tables_are_those_of_the_profile(name: str) -> None:
    text = page(name).read_text(encoding="utf-8")
    assert renewed(name, text) == text, "run: python -m tests.docs.device_pages"


@pytest.mark.parametrize("name", profile_names())
def test_a_page_has_every_table_that_has_rows_and_its_sections(name: str) -> None:
    text, profile = page(name).read_text(encoding="utf-8"), load_profile(name)
    wanted = [table for table, make in TABLES.items() if len(list(make(profile))) > 2]
    assert sorted(tables_of(text)) == sorted(wanted)
    assert set(text.split("\n")) >= _NEEDED


@pytest.mark.parametrize("name", profile_names())
def test_the_values_named_in_the_text_exist(name: str) -> None:
    text = page(name).read_text(encoding="utf-8")
    assert set(_KEY.findall(text)) <= set(load_profile(name).provenance)


def test_the_readme_leads_to_every_page_by_way_of_one_other_at_most() -> None:
    readme = ROOT / "README.md"
    reached = {readme, *_links(readme)}
    reached |= {place for path in list(reached) for place in _links(path)}
    assert {page(name) for name in profile_names()} <= reached


def _links(path: Path) -> set[Path]:
    """The documents that a document leads to."""
    found = _LINK.findall(path.read_text(encoding="utf-8"))
    return {(path.parent / link).resolve() for link in found if "://" not in link}
