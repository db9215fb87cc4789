"""Storing over a file's start, behind its end, and on a storage that is nearly full."""

import pytest

from quecsim.probe import appends
from quecsim.probe.finding import NotMeasuredError
from quecsim.profiles.loader import load_profile
from tests.probe.long_bench import found_by, on_bench


def test_both_need_an_erase() -> None:
    with on_bench("ec200u") as bench:
        found = found_by(bench, appends.CHANGES)
    for key in (appends.OVERWRITTEN, appends.APPENDED):
        assert found[key].value > load_profile("ec200u").flash.erase_block_typ_ms


def test_a_small_storage_is_filled_up_and_is_as_it_was_then() -> None:
    with on_bench("ec200t") as bench:
        before = bench.command('AT+QFLDS="UFS"').lines
        finding = found_by(bench, appends.FULL)[appends.NEARLY_FULL]
        assert bench.command('AT+QFLDS="UFS"').lines == before
    assert finding.low <= finding.value <= finding.high
    assert "16384 bytes free" in finding.method


def test_a_large_one_is_not() -> None:
    with on_bench("ec200u") as bench, pytest.raises(NotMeasuredError, match="bytes are free"):
        found_by(bench, appends.FULL)
