"""Each kind of fault has its row in SCENARIOS.md, and its points theirs in FUZZING.md."""

import re

from quecsim.faults.catalogue import KINDS
from tests.docs.markdown import ROOT

_ROW = re.compile(r"^\| ((?:`\w+`(?:, )?)+)[^|]*\| (.*) \|$", re.MULTILINE)


def rows(document: str, heading: str) -> dict[str, str]:
    """Word -> the second column, of the table whose head begins so."""
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    table = text.partition(heading)[2].partition("\n\n")[0]
    return {word: row for words, row in _ROW.findall(table) for word in re.findall(r"\w+", words)}


def test_each_kind_has_a_row_that_names_its_keys() -> None:
    told = rows("SCENARIOS.md", "| `kind` |")
    assert told.keys() == KINDS.keys()
    for kind, text in told.items():
        keys = set(KINDS[kind].__struct_fields__) - {"direction"}
        assert [key for key in sorted(keys) if f"`{key}" not in text] == [], kind


def test_each_aim_has_its_row() -> None:
    told = rows("FUZZING.md", "| kind | points |")
    assert {kind: re.findall(r"\w+", text) for kind, text in told.items()} == {
        kind: list(fault.AIMS) for kind, fault in KINDS.items() if fault.AIMS
    }
