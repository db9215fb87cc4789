"""A profile to start from is the device it is like, before and after the # are taken away."""

import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.profiles.loader import load_profile, profile_names
from quecsim.profiles.schema import Profile
from quecsim.profiles.starting import starting_text, toml_value

_VALUE = re.compile(r"^#(?=[a-z])", re.MULTILINE)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.booleans() | st.integers(-(1 << 40), 1 << 40) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=12,
)


def started(folder: Path, name: str, *, is_uncommented: bool) -> Profile:
    text = starting_text("mine", load_profile(name), name, "./mine.toml", {})
    path = folder / "mine.toml"
    path.write_text(_VALUE.sub("", text) if is_uncommented else text, encoding="utf-8")
    return load_profile(path)


def same_but_for_its_name(mine: Profile, base: Profile) -> bool:
    return msgspec.structs.replace(mine, name=base.name, title=base.title) == base


@pytest.mark.parametrize("name", profile_names())
def test_it_is_the_device_that_it_is_like_with_and_without_the_marks(
    tmp_path: Path, name: str
) -> None:
    base = load_profile(name)
    for is_uncommented in (False, True):
        mine = started(tmp_path, name, is_uncommented=is_uncommented)
        assert (mine.name, mine.title) == ("mine", f"mine, like {base.title}")
        assert same_but_for_its_name(mine, base)


def test_every_value_is_there_with_how_to_find_it_out() -> None:
    base = load_profile("ec200u")
    steps = {"uart.rx_ring_bytes": "ring"}
    lines = starting_text("mine", base, "ec200u", "mine.toml", steps).split("\n")
    at = [place for place, line in enumerate(lines) if _VALUE.match(line)]
    assert len(at) == len(base.provenance)
    assert all(re.match(r"# \S", lines[place - 1]) for place in at)
    ring = next(place for place in at if lines[place].startswith("#rx_ring_bytes = "))
    assert lines[ring - 1] == "# quecsim probe: ring"
    assert lines[ring].startswith('#rx_ring_bytes = { value = 4096, how = "documented", source = ')


def test_one_value_that_is_uncommented_and_changed_is_the_only_difference(tmp_path: Path) -> None:
    text = starting_text("mine", load_profile("ec200u"), "ec200u", "mine.toml", {})
    (old,) = re.findall(r"^#first_handle = .*$", text, re.MULTILINE)
    own = 'first_handle = { value = 3000, how = "measured", source = "our board, 2 May" }'
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(old, own), encoding="utf-8")
    mine, base = load_profile(path), load_profile("ec200u")
    assert mine.files == msgspec.structs.replace(base.files, first_handle=3000)
    assert mine.provenance["files.first_handle"].source == "our board, 2 May"
    differing = {key for key in base.provenance if mine.provenance[key] != base.provenance[key]}
    assert differing == {"files.first_handle"}


@given(VALUES)
def test_a_value_in_toml_is_the_same_again(value: Any) -> None:
    line = f"key = {toml_value(value)}"
    assert "\n" not in line
    assert tomllib.loads(line) == {"key": value}
