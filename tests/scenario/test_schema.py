from typing import Any

import pytest

from quecsim.profiles import load_profile
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Buffer, Line, Ring, Scenario


def scenario(**changes: Any) -> Scenario:
    device = load_profile("ec200u")
    given = {"title": "t", "shows": "s", "name": "mine", "contents": {}, "device_profile": device}
    return Scenario(**{**given, **changes})


def test_without_changes_it_is_the_device_itself() -> None:
    assert scenario().profile() == load_profile("ec200u")


def test_a_smaller_ring_keeps_the_proportions_of_its_levels() -> None:
    uart = scenario(ring=Ring(rx_bytes=512)).profile().uart
    assert (uart.rx_ring_bytes, uart.rts_off_bytes, uart.rts_on_bytes) == (512, 384, 128)


def test_levels_that_are_given_stand() -> None:
    uart = scenario(ring=Ring(rx_bytes=512, rts_off_bytes=500)).profile().uart
    assert (uart.rx_ring_bytes, uart.rts_off_bytes, uart.rts_on_bytes) == (512, 500, 128)
    uart = scenario(ring=Ring(rts_on_bytes=7)).profile().uart
    assert (uart.rx_ring_bytes, uart.rts_off_bytes, uart.rts_on_bytes) == (4096, 3072, 7)


def test_the_ring_is_that_of_the_port_in_use() -> None:
    profile = scenario(line=Line(interface="usb"), ring=Ring(rx_bytes=1024)).profile()
    assert profile.usb is not None
    assert profile.usb.rx_ring_bytes == 1024
    assert profile.uart == load_profile("ec200u").uart


@pytest.mark.parametrize("ring", [Ring(), Ring(rx_bytes=512)])
def test_the_gap_of_reopening_is_a_setting_of_its_own(ring: Ring) -> None:
    profile = scenario(line=Line(reopen_ms=300), ring=ring).profile()
    assert profile.uart.reopen_ms == 300
    assert profile.uart.rx_ring_bytes == (ring.rx_bytes or 4096)
    assert profile.provenance["uart.reopen_ms"].source == 'set by the scenario "mine"'
    assert make_scenario("ec200u", reopen_ms=300).profile().uart.reopen_ms == 300
    changed = make_scenario(scenario=scenario(line=Line(reopen_ms=300)), reopen_ms=0)
    assert changed.profile().uart.reopen_ms == 0


@pytest.mark.parametrize("key", ["uart.rx_ring_bytes", "files.data_buffer_bytes"])
def test_what_a_scenario_sets_counts_as_assumed(key: str) -> None:
    device = load_profile("ec200u")
    profile = scenario(ring=Ring(rx_bytes=512), buffer=Buffer(data_bytes=256)).profile()
    assert profile.files.data_buffer_bytes == 256
    assert device.provenance[key].source != profile.provenance[key].source
    assert profile.provenance[key].how == "assumed"
    assert profile.provenance[key].source == 'set by the scenario "mine"'
    assert set(profile.provenance) == set(device.provenance)
