"""The tables of values in FIDELITY.md against the profile they describe."""

import re
from operator import attrgetter
from typing import Literal, get_args, get_origin, get_type_hints

import pytest

from quecsim.profiles import schema
from quecsim.profiles.loader import load_profile
from tests.docs.markdown import ROOT

EC200U = load_profile("ec200u")
_KEY = re.compile(r"`((?:uart|usb|at|escape|boot|files|flash)\.\w+)`")
# What decides about an upload; identity and radio only fill in answers, the URCs are lists.
_PARTS = ("uart", "usb", "at", "escape", "boot", "files", "flash")
_NOT_IN_TABLES = {"boot.urcs", "boot.radio_urcs"}


def rows() -> dict[str, list[str]]:
    """The rows that hold a value: key -> cells."""
    found = {}
    for line in (ROOT / "docs/FIDELITY.md").read_text(encoding="utf-8").split("\n"):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        keys = [cell for cell in cells if _KEY.fullmatch(cell)]
        if line.startswith("|") and keys:
            found[keys[0].strip("`")] = cells
    return found


ROWS = rows()


def shown(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("key", sorted(ROWS))
def test_a_row_tells_the_value_and_how_it_is_known(key: str) -> None:
    cells, known = ROWS[key], EC200U.provenance[key]
    place = cells.index(f"`{key}`")
    assert cells[place + 1] == f"`{shown(attrgetter(key)(EC200U))}`"
    assert known.how in cells
    assert known.source in cells[-1]


def test_no_assumed_value_and_no_quirk_is_missing() -> None:
    assumed = {
        key
        for key, known in EC200U.provenance.items()
        if known.how == "assumed" and key.split(".")[0] in _PARTS
    }
    assert assumed | quirks() - _NOT_IN_TABLES <= set(ROWS) | _NOT_IN_TABLES


def test_the_other_possibilities_are_those_of_the_schema() -> None:
    for key in sorted(quirks()):
        choices = get_args(hint(key))
        value = attrgetter(key)(EC200U)
        others = ", ".join(f"`{choice}`" for choice in choices if choice != value)
        assert others in ROWS[key], key


def quirks() -> set[str]:
    """The values that are one of a few words."""
    keys = (key for key in EC200U.provenance if key.split(".")[0] in _PARTS)
    return {key for key in keys if get_origin(hint(key)) is Literal and key != "uart.frame"}


def hint(key: str) -> object:
    part, name = key.split(".")
    return get_type_hints(getattr(schema, part.capitalize()))[name]


def test_the_keys_named_in_the_text_exist() -> None:
    text = (ROOT / "docs/FIDELITY.md").read_text(encoding="utf-8")
    assert set(_KEY.findall(text)) <= set(EC200U.provenance)
