"""For every value of a profile there is a way to find it out."""

import msgspec

from quecsim.profiles.finding import finding, keys_with_a_line_of_their_own
from quecsim.profiles.loader import load_profile, profile_names
from quecsim.profiles.schema import Profile
from quecsim.profiles.toml_check import without_none

_NO_PARTS = {"name", "title", "provenance", "replies"}


def every_key() -> set[str]:
    return {
        f"{part.name}.{key.name}"
        for part in msgspec.structs.fields(Profile)
        if part.name not in _NO_PARTS
        for key in msgspec.structs.fields(without_none(part.type)[0])
    }


def test_every_value_has_a_way() -> None:
    keys = every_key()
    assert keys >= {key for name in profile_names() for key in load_profile(name).provenance}
    assert all(finding(key).strip() for key in keys)


def test_no_way_is_for_a_value_that_there_is_not() -> None:
    assert keys_with_a_line_of_their_own() <= every_key()
