"""`quecsim commands`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from quecsim.cli.commands import commands
from quecsim.commands.catalogue import catalogue
from quecsim.errors import QuecsimError
from quecsim.profiles.loader import load_profile, profile_names


@pytest.mark.parametrize("name", profile_names())
def test_every_command_of_a_device_is_listed_and_what_it_lacks(name: str) -> None:
    done = CliRunner().invoke(commands, [name], catch_exceptions=False)
    profile = load_profile(name)
    listed = {line.split("  ")[0] for line in done.output.split("\n") if line[:1].strip()}
    assert {command.name for command in catalogue(profile)} <= listed
    for waiting in profile.commands.waiting:
        assert waiting.needs in done.output
        assert " ".join(waiting.names) in done.output


@pytest.mark.parametrize("wanted", ["qfupl", "+QFUPL", "AT+QFUPL", "at+qfupl"])
def test_one_command_with_forms_ranges_defaults_and_source(wanted: str) -> None:
    done = CliRunner().invoke(commands, ["ec200u", wanted], catch_exceptions=False)
    lines = [line.strip() for line in done.output.split("\n")]
    assert "AT+QFUPL=<filename>[,<file_size>[,<timeout>[,<ackmode>]]]" in lines
    assert "<timeout> 1-65535; 5 if left out" in lines
    assert "<ackmode> 0,1; 0 if left out" in lines
    assert any(line.startswith("source: BG96 FILE") for line in lines)
    assert "+QFDWL" not in done.output


def test_a_settings_command_is_listed_key_by_key() -> None:
    done = CliRunner().invoke(commands, ["ec200u", "qcfg"], catch_exceptions=False)
    assert 'AT+QCFG="usbifc"[,<dce_by_dte>,<dte_by_dce>]' in done.output


def test_as_json() -> None:
    done = CliRunner().invoke(commands, ["m95", "--json"], catch_exceptions=False)
    page = json.loads(done.output)
    upload = next(entry for entry in page["commands"] if entry["name"] == "+QFUPL")
    assert upload["forms"][0]["text"] == "AT+QFUPL=?"
    assert page["waiting"][0]["needs"]


def test_a_command_that_waits_says_what_for() -> None:
    with pytest.raises(QuecsimError, match=r"AT\+QFMOV, quecsim has it not: it needs a source"):
        CliRunner().invoke(commands, ["m95", "qfmov"], catch_exceptions=False)


@pytest.fixture
def own(tmp_path: Path) -> str:
    """A profile whose device lacks a part of AT+QBLESCAN, and `+++`."""
    path = tmp_path / "own.toml"
    path.write_text(
        """
        extends = "fcm242d"
        name = "own"
        title = "Own"
        [commands.waiting]
        value = [{ needs = "a radio", names = ["+QBLESCAN", "+++"] }]
        how = "assumed"
        source = "made up"
        """
    )
    return str(path)


def test_a_command_that_is_partly_there_says_what_the_rest_needs(own: str) -> None:
    said = CliRunner().invoke(commands, [own, "qblescan"], catch_exceptions=False).output
    assert "    refused: it needs a radio\n" in said
    said = CliRunner().invoke(commands, ["ec200u", "qmtcfg"], catch_exceptions=False).output
    assert "needs" not in said


@pytest.mark.parametrize("name", profile_names())
def test_all_that_wait_are_found_in_every_spelling(name: str) -> None:
    profile = load_profile(name)
    known = {command.name for command in catalogue(profile)}
    for waiting in profile.commands.waiting:
        for command in set(waiting.names) - known:
            bare = command.removeprefix("+")
            for spelled in {command, bare, f"AT{command}", command.lower()} - {"++"}:
                with pytest.raises(QuecsimError, match="quecsim has it not: it needs") as told:
                    CliRunner().invoke(commands, [name, spelled], catch_exceptions=False)
                assert waiting.needs in told.value.message


def test_the_escape_sequence_is_no_command_line(own: str) -> None:
    with pytest.raises(QuecsimError, match=r"has \+\+\+, quecsim has it not"):
        CliRunner().invoke(commands, [own, "+++"], catch_exceptions=False)


def test_a_command_that_is_unknown() -> None:
    with pytest.raises(QuecsimError, match='ec200u has no command "QFUPLOAD"') as caught:
        CliRunner().invoke(commands, ["ec200u", "QFUPLOAD"], catch_exceptions=False)
    assert "quecsim commands ec200u" in caught.value.hint


def test_canned_replies_are_listed_as_that(tmp_path: Path) -> None:
    scenario = tmp_path / "canned.toml"
    scenario.write_text(
        'title = "t"\nshows = "s"\n[[reply]]\ncommand = "AT+QGPS=*"\ntext = "one\\ntwo"\n'
        '[[reply]]\ncommand = "AT+CSQ"\nresult = ""\n[commands]\nunknown = "silent"\n'
    )
    asked = [str(scenario)]
    whole = CliRunner().invoke(commands, asked, catch_exceptions=False).output
    assert "AT+QGPS=*  canned, always: one | two | OK" in whole
    assert 'source: assumed, set by the scenario "canned"' in whole
    assert "AT+CSQ  canned, always: no result" in whole
    assert "Not supported (no answer, canned, as to any unknown command):" in whole
    one = CliRunner().invoke(commands, [*asked, "qgps"], catch_exceptions=False).output
    assert one.startswith("AT+QGPS=*")
    page = json.loads(CliRunner().invoke(commands, [*asked, "--json"]).output)
    assert [reply["command"] for reply in page["canned"]] == ["AT+QGPS=*", "AT+CSQ"]
    assert page["unknown"] == "silent"
    with pytest.raises(QuecsimError, match="no command"):
        CliRunner().invoke(commands, [*asked, "qgp"], catch_exceptions=False)
