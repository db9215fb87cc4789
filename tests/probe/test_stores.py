"""What the flash takes, from the times of the A, or of the answers."""

import pytest

from quecsim.probe import stores
from quecsim.profiles.loader import load_profile
from quecsim.scenario.schema import Stall
from tests.probe.long_bench import found_by, on_bench


@pytest.mark.parametrize("name", ["ec200u", "fcm242d"])
@pytest.mark.parametrize("timing", ["typical", "worst"])
def test_erase_and_program(name: str, timing: str) -> None:
    flash = load_profile(name).flash
    is_typical = timing == "typical"
    erase_ms = flash.erase_block_typ_ms if is_typical else flash.erase_block_max_ms
    page_us = flash.program_page_typ_us if is_typical else flash.program_page_max_us
    with on_bench(name, flash=timing) as bench:
        found = found_by(bench, stores.STEP)
    for key, true in ((stores.ERASE, erase_ms), (stores.PROGRAM, page_us)):
        assert abs(found[key].value - true) <= true / 20, key
        assert found[key].low <= true <= found[key].high, key
    assert found[stores.BLOCK].value == 4096
    assert "no run shows the worst" in found[stores.ERASE_MAX].why_not


def test_stalls_that_are_not_the_flash_are_not_taken_for_it() -> None:
    with on_bench("ec200u", stalls=[Stall(stall_ms=60, every_bytes=1500)]) as bench:
        found = found_by(bench, stores.STEP)
    assert found[stores.ERASE].value == load_profile("ec200u").flash.erase_block_typ_ms


def test_what_does_not_come_at_equal_distances_is_no_erase() -> None:
    with on_bench("ec200u", stalls=[Stall(stall_ms=60, every_bytes=2048)]) as bench:
        found = found_by(bench, stores.STEP)
    assert "not at equal distances" in found[stores.ERASE].why_not
