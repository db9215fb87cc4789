"""The long part as a whole: on shipped devices, and blind on drawn ones."""

from typing import Any

import pytest

from benchmarks.blind import QUANTITIES, draw, probe
from quecsim.probe import long, stalls
from quecsim.probe.plan import Plan
from quecsim.probe.probe import run_probe
from quecsim.profiles.loader import load_profile
from tests.probe.long_bench import on_bench

LIKE = {"flash.program_page_typ_us": 0.01}
"""So many parts it may be off: what was programmed is read back, too."""
UNSEEN = {"flash.program_page_max_us", "flash.erase_block_max_ms", "files.sync_every_bytes"}


@pytest.mark.parametrize("name", ["ec200u", "ec200t", "m95", "fcm242d"])
def test_it_reproduces_the_profile_of_a_shipped_device(name: str) -> None:
    profile = load_profile(name)
    with on_bench(name) as bench:
        probed = run_probe(bench, Plan(long.STEPS))
    assert probed.stopped == ""
    assert not probed.not_restored
    own = {key: each for key, each in probed.findings.items() if not key.startswith("seen.")}
    for key, finding in own.items():
        part, _, value = key.partition(".")
        true: Any = getattr(getattr(profile, part), value)
        if finding.is_measured:
            off = abs(finding.value - true) if isinstance(true, int) else finding.value != true
            assert off <= LIKE.get(key, 0.004) * (true if isinstance(true, int) else 1), key
    if "upload" in profile.commands.families:
        assert {key for key, each in own.items() if not each.is_measured} - UNSEEN == set()


@pytest.mark.parametrize("number", [2, 6, 8])
def test_blind(number: int) -> None:
    drawn = probe(draw(number))
    assert not drawn.not_restored
    wrong = {
        name: score.text
        for name, score in drawn.scores.items()
        if not score.is_right or score.holds is False
    }
    assert wrong == {}
    assert len(drawn.scores) >= 8


def test_a_draw_is_always_the_same_and_another_one_is_another() -> None:
    assert draw(3) == draw(3)
    assert draw(3) != draw(4)


def test_every_step_of_a_quantity_is_one_of_the_long_part() -> None:
    assert {quantity.step for quantity in QUANTITIES} <= set(long.STEPS)
    assert stalls.STEP in long.STEPS
