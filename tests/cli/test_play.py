import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import quecsim
from quecsim.cli.play import play
from quecsim.errors import QuecsimError

MQTT = "journey-ec200u-mqtt"


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(play, arguments)
    if isinstance(result.exception, QuecsimError):
        raise result.exception
    return result


def test_every_line_with_its_time() -> None:
    result = run(MQTT)
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert re.fullmatch(r" {7}0\.00000\d  >   AT", lines[0])
    assert lines[-1] == f"{MQTT}: all as it stands in the scenario"
    assert any(line.endswith("  <   +QMTOPEN: 0,0") for line in lines)


def test_quiet_says_how_it_ended() -> None:
    assert run("-q", MQTT).stdout == f"{MQTT}: all as it stands in the scenario\n"


def test_what_is_not_as_it_stands_is_exit_code_1(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[journey]\ndialogue = '''\n> AT\n< ERROR\n'''\n")
    result = run(str(file))
    assert result.exit_code == 1
    assert result.stderr.endswith("mine: line 2 of the journey (< ERROR): 'OK' came\n")


def test_on_a_port(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[journey]\ndialogue = '''\n> AT\n< OK\n> AT+CSQ\n< +CSQ: *\n< OK\n'''\n")
    with quecsim.open("ec200u", trace=None) as device:
        result = run("-q", str(file), "--port", device.port)
    assert result.exit_code == 0, result.output


def test_a_port_that_is_not_there() -> None:
    with pytest.raises(QuecsimError, match="cannot play on /dev/none"):
        run(MQTT, "--port", "/dev/none")
