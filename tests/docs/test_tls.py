"""docs/TLS.md tells of every reason, and each device's numbers as its profile has them."""

import re

from quecsim.border import Why
from quecsim.profiles.loader import load_profile, profile_names
from tests.docs.markdown import ROOT

TEXT = (ROOT / "docs" / "TLS.md").read_text(encoding="utf-8")
WHYS = [why.value for why in Why]


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, its own head first."""
    below = TEXT.partition(f"\n## {heading}\n")[2]
    table = re.search(r"(?:^\|.*\n)+", below, re.MULTILINE)
    assert table is not None
    lines = [line for line in table[0].splitlines() if not line.startswith("| ---")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_numbers_are_those_of_the_profiles() -> None:
    head, *body = rows("By the number that your program sees")
    told = {row[0].strip("`"): row[1:] for row in body}
    assert sorted(told) == sorted(WHYS)
    columns = [[name.strip().lower() for name in cell.split(",")] for cell in head[1:]]
    shown = {name: place for place, names in enumerate(columns) for name in names}
    has_mqtt = {name for name in profile_names() if load_profile(name).mqtt is not None}
    assert set(shown) == has_mqtt
    for name, place in shown.items():
        mqtt = load_profile(name).mqtt
        assert mqtt is not None
        assert {why: int(cells[place]) for why, cells in told.items()} == mqtt.open_results, name


def test_every_reason_is_told() -> None:
    _, *body = rows("By the words of the report")
    assert sorted(why for row in body for why in re.findall(r"`([a-z:-]+)`", row[0])) == (
        sorted(WHYS)
    )
