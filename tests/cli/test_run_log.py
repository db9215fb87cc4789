from typing import Any

import pytest

from quecsim.cli.run_log import HERE, open_logs, sort_out
from quecsim.errors import QuecsimError


def options(**given: Any) -> dict[str, Any]:
    return {"log": None, "verbose": False, "only": (), "times": None, **given}


@pytest.mark.parametrize(
    ("given", "scenario", "log"),
    [
        ({"log": "ec200u", "scenario": None}, "ec200u", HERE),
        ({"log": "thread-57329", "scenario": None}, "thread-57329", HERE),
        ({"log": "mine.toml", "scenario": None}, "mine.toml", HERE),
        ({"log": "run.log", "scenario": None}, None, "run.log"),
        ({"log": "run.log", "scenario": "m95"}, "m95", "run.log"),
        ({"log": HERE, "scenario": None}, None, HERE),
        ({"log": None, "scenario": None}, None, None),
    ],
)
def test_a_scenario_behind_log_is_the_scenario(
    given: dict[str, Any], scenario: str | None, log: str | None
) -> None:
    sort_out(given)
    assert given == {"scenario": scenario, "log": log}


@pytest.mark.parametrize("given", [{"only": ("at",)}, {"times": "delta"}])
def test_options_of_the_log_want_a_log(given: dict[str, Any]) -> None:
    with pytest.raises(QuecsimError, match="is about the log"):
        open_logs(options(**given), print)


def test_a_wrong_group_is_told_before_a_file_is_made(tmp_path: Any) -> None:
    file = tmp_path / "log"
    with pytest.raises(QuecsimError, match='no group "atx"'):
        open_logs(options(log=str(file), only=("atx",)), print)
    assert not file.exists()


def test_without_log_there_is_none() -> None:
    logs = open_logs(options(), print)
    assert logs.watchers == []
    logs.close()
    assert not logs.has_all
