import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quecsim.cli.scenarios import scenarios
from quecsim.errors import QuecsimError
from quecsim.firmware.package import PackageChecker
from quecsim.scenario.loader import find_scenario, load_scenario, scenario_names
from quecsim.scenario.payload import payload_bytes


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(scenarios, arguments)
    if isinstance(result.exception, QuecsimError):
        raise result.exception
    return result


def test_each_is_listed_with_what_it_shows() -> None:
    text = run().stdout
    assert max(map(len, text.splitlines())) <= 80
    flat = " ".join(text.split())
    assert len(scenario_names()) >= 7
    for name in scenario_names():
        made = load_scenario(name)
        assert f"{name} {made.title} {made.shows}" in flat


def test_one_by_name_is_its_file_unchanged() -> None:
    assert run("ack-mode").stdout == find_scenario("ack-mode").read_text(encoding="utf-8")


def test_json() -> None:
    entries = json.loads(run("--json").stdout)
    assert [entry["name"] for entry in entries] == list(scenario_names())
    assert all(Path(entry["file"]).is_file() for entry in entries)
    thread = next(entry for entry in entries if entry["name"] == "thread-57329")
    told = {"payload": "certificate", "host": "stream", "via": "qfupl", "outcome": "lost"}
    assert told.items() <= thread["claim"].items()
    assert json.loads(run("thread-57329", "--json").stdout) == thread


def test_a_file_of_the_users_own(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text('title = "Mine"\nshows = "nothing"\n')
    assert run(str(mine)).stdout == mine.read_text()
    told = json.loads(run(str(mine), "--json").stdout)
    assert (told["name"], told["file"], told["claim"]) == ("mine", str(mine), None)


def test_a_file_with_a_mistake_is_not_shown_as_good(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text('title = "Mine"\nshows = "nothing"\nsead = 1\n')
    with pytest.raises(QuecsimError, match="sead"):
        run(str(mine))


def test_an_unknown_name() -> None:
    with pytest.raises(QuecsimError, match='no scenario is called "ack"'):
        run("ack")


def test_the_payload_and_how_to_see_the_claim(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    command = run("thread-57329", "--payload", str(file)).stdout
    assert file.read_bytes() == payload_bytes("certificate")
    assert command.startswith("quecsim run thread-57329 -- quecsim upload ")
    with pytest.raises(QuecsimError, match="File exists") as caught:
        run("thread-57329", "--payload", str(file))
    assert caught.value.hint == "name another file"
    with pytest.raises(QuecsimError, match="of which scenario"):
        run("--payload", str(file))


def test_a_payload_is_made_for_the_scenarios_device(tmp_path: Path) -> None:
    file = tmp_path / "package.bin"
    run("ec200t-fota", "--payload", str(file))
    checker = PackageChecker({})
    checker.update(file.read_bytes())
    manifest = checker.result()
    assert manifest is not None
    assert manifest.source == load_scenario("ec200t-fota").device_profile.identity.revision
