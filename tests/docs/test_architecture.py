"""The table of floors in ARCHITECTURE.md is the one that the imports are held to."""

import re

from tests.docs.markdown import ROOT
from tests.test_layers import RANK, SOURCES, part_of

_ROW = re.compile(r"^\| ((?:`\w+`(?:, )?)+) \|", re.MULTILINE)
_OF_THE_PACKAGE = {"__init__", "__main__"}


def rows() -> list[list[str]]:
    """The parts of each row of the table, from the ground up."""
    text = (ROOT / "docs/ARCHITECTURE.md").read_text(encoding="utf-8")
    table = text.partition("| floor |")[2].partition("\n\n")[0]
    return [re.findall(r"`(\w+)`", row) for row in _ROW.findall(table)]


def test_every_part_has_its_row() -> None:
    told = [part for row in rows() for part in row]
    assert sorted(told) == sorted({part_of(path) for path in SOURCES} - _OF_THE_PACKAGE)


def test_the_rows_are_in_the_order_of_the_floors() -> None:
    floors = [{RANK[part] for part in row} for row in rows()]
    assert all(len(floor) == 1 for floor in floors)
    order = [floor.pop() for floor in floors]
    assert order == sorted(order)


def test_the_files_named_in_the_text_exist() -> None:
    text = (ROOT / "docs/ARCHITECTURE.md").read_text(encoding="utf-8")
    parts = "|".join({part_of(path) for path in SOURCES} - _OF_THE_PACKAGE)
    named = re.findall(rf"`((?:{parts})/\w+)\.py`", text)
    dotted = re.findall(rf"`((?:{parts})\.[a-z_]+)`", text)
    assert len(named) > 10
    assert len(dotted) > 10
    places = [*named, *(name.replace(".", "/") for name in dotted)]
    assert [
        p
        for p in places
        if not (ROOT / f"quecsim/{p}.py").exists() and not (ROOT / f"quecsim/{p}").is_dir()
    ] == []
