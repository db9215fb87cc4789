"""The long part as a whole: on shipped devices, and blind on drawn ones."""

from typing import Any

import pytest

from benchmarks.blind import QUANTITIES, draw, probe
from quecsim.probe import long, stalls
from quecsim.probe.plan import Plan
from quecsim.probe.probe import run_probe
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Profile
from tests.probe.long_bench import on_bench

UNSEEN = {"flash.program_page_max_us", "flash.erase_block_max_ms", "files.sync_every_bytes"}


@pytest.mark.parametrize("name", ["ec200u", "ec200t", "m95", "fcm242d", "bg95"])
def test_it_reproduces_the_profile_of_a_shipped_device(name: str) -> None:
    profile = load_profile(name)
    with on_bench(name) as bench:
        probed = run_probe(bench, Plan(long.STEPS))
    assert probed.stopped == ""
    assert not probed.not_restored
    own = {key: each for key, each in probed.findings.items() if not key.startswith("seen.")}
    true = {key: _value(profile, key) for key in own}
    measured = {key: each.value for key, each in own.items() if each.is_measured}
    assert measured == {key: true[key] for key in measured}
    bounded = {key: each for key, each in own.items() if each.is_measured and each.low is not None}
    assert [k for k, each in bounded.items() if not each.low <= true[k] <= each.high] == []
    if name in ("ec200u", "ec200t", "m95"):
        assert set(own) - set(measured) == UNSEEN


def _value(profile: Profile, key: str) -> Any:
    part, _, name = key.partition(".")
    return getattr(getattr(profile, part), name)


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
