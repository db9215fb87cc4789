"""What a restart leaves of a file that was never closed."""

import pytest

from quecsim.probe import survival
from quecsim.probe.finding import NotMeasuredError
from tests.probe.long_bench import found_by, on_bench


def test_an_upload_cannot_be_cut_by_a_command() -> None:
    with on_bench("ec200u") as bench:
        finding = found_by(bench, survival.STEP)[survival.SYNC]
    assert "power" in finding.why_not


def test_what_was_written_by_handle_is_there_after_a_restart() -> None:
    with on_bench("ec200u") as bench:
        bench.allows_restart = True
        finding = found_by(bench, survival.RESTART)[survival.LEFT]
    assert finding.value == 3000


def test_only_where_the_user_allows_it() -> None:
    with on_bench("ec200u") as bench, pytest.raises(NotMeasuredError, match="--allow-reset"):
        found_by(bench, survival.RESTART)
