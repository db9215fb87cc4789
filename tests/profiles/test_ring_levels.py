"""RTS levels go along with the size of the ring, unless a file says otherwise."""

from pathlib import Path

import pytest

from quecsim.profiles.loader import load_profile
from quecsim.profiles.ring_levels import scaled_levels
from quecsim.profiles.schema import Profile
from quecsim.scenario.options import make_scenario

KNOWN = 'how = "measured", source = "our bench"'


def mine(folder: Path, uart: str, extends: str = "ec200u") -> Profile:
    path = folder / "mine.toml"
    path.write_text(f'extends = "{extends}"\n[uart]\n{uart}')
    return load_profile(path)


@pytest.mark.parametrize("size", [16, 300, 1024, 65_536])
def test_a_profile_scales_as_a_scenario_does(tmp_path: Path, size: int) -> None:
    profile = mine(tmp_path, f"rx_ring_bytes = {{ value = {size}, {KNOWN} }}")
    scenario = make_scenario("ec200u", ring_bytes=size).profile()
    assert profile.uart == scenario.uart
    assert profile.uart.rts_off_bytes == size * 3 // 4
    known = profile.provenance["uart.rts_off_bytes"]
    assert (known.how, "in proportion" in known.source) == ("assumed", True)
    assert profile.provenance["uart.rx_ring_bytes"].how == "measured"


def test_a_level_that_is_written_stays(tmp_path: Path) -> None:
    text = (
        f"rx_ring_bytes = {{ value = 1000, {KNOWN} }}\nrts_off_bytes = {{ value = 900, {KNOWN} }}"
    )
    profile = mine(tmp_path, text)
    assert (profile.uart.rts_off_bytes, profile.uart.rts_on_bytes) == (900, 250)
    assert profile.provenance["uart.rts_off_bytes"].how == "measured"


def test_the_same_size_changes_nothing(tmp_path: Path) -> None:
    shipped = load_profile("ec200u")
    profile = mine(tmp_path, f"rx_ring_bytes = {{ value = 4096, {KNOWN} }}")
    assert profile.provenance["uart.rts_off_bytes"] == shipped.provenance["uart.rts_off_bytes"]


def test_a_device_without_levels_gets_none(tmp_path: Path) -> None:
    profile = mine(tmp_path, f"rx_ring_bytes = {{ value = 999, {KNOWN} }}", "fcm242d")
    assert "uart.rts_off_bytes" not in profile.provenance


def test_parts_of_the_ring() -> None:
    assert scaled_levels(load_profile("ec200u").uart, 512) == {
        "rts_off_bytes": 384,
        "rts_on_bytes": 128,
    }
