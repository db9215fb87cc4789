"""What a device cannot do is refused, as an option and in a scenario's file."""

from pathlib import Path
from typing import Any

import pytest

import quecsim
from quecsim.errors import QuecsimError
from quecsim.profiles.toml_check import FileError
from quecsim.rig import Rig
from quecsim.scenario.build import rig_config
from quecsim.scenario.loader import load_scenario
from quecsim.scenario.misfits import check_protocol_download
from quecsim.scenario.options import make_scenario

DIGEST = "0123456789abcdef" * 2

# device, option, value, message
OPTIONS = [
    ("ec200u", "ifc", (1, 1), "ec200u does not take AT+IFC=1,1"),
    ("ec200u", "ipr", 14_400, "ec200u does not take AT+IPR=14400"),
    ("fcm242d", "ipr", 2_000_001, "fcm242d does not take AT+QSETBAND=2000001"),
    ("fcm242d", "ifc", (0, 0), "fcm242d has no AT+IFC"),
    ("m95", "restore", True, "m95 has no firmware upgrade"),
    ("m95", "restore", True, "m95 has no firmware upgrade"),
    ("fcm242d", "bearer", "lte", "fcm242d has no LTE"),
    ("ec200u", "bearer", "wlan", "ec200u has no Wi-Fi"),
    ("uc200t", "bearer", "lte", "uc200t has no LTE"),
    ("ec200u", "clock", "2026-02-30", "clock: there is no such time"),
    ("ec200u", "clock", "2080-01-01T00:00:00Z", "clock: there is no such time"),
]


@pytest.mark.parametrize("other", [{"baud": 9600}, {"garble": True}, {"interface": "usb"}])
def test_any_rate_means_that_none_matters(other: dict[str, Any]) -> None:
    with pytest.raises(QuecsimError, match="any_rate"):
        make_scenario("ec200u", any_rate=True, **other)


@pytest.mark.parametrize(("device", "option", "value", "message"), OPTIONS)
def test_an_option(device: str, option: str, value: Any, message: str) -> None:
    with pytest.raises(QuecsimError) as told:
        make_scenario(device, **{option: value})
    assert message in told.value.message
    assert told.value.hint


# device, the file from its fourth line on, the mistake's line, message
FILES = [
    ("m95", "[device_settings]\nrestore = true\n", 5, "m95 has no firmware upgrade"),
    ("m95", f'[[firmware]]\nmd5 = "{DIGEST}"\ntarget = "X"\n', 4, "m95 has no firmware upgrade"),
    ("fgm842d", "[device_settings]\nipr = 75\n", 5, "does not take AT+QSETBAND=75"),
    ("fgm842d", "[device_settings]\nifc = [0, 0]\n", 5, "fgm842d has no AT+IFC"),
    ("m95", '[files]\n"UFS:d/a" = { text = "" }\n', 5, "'UFS:d/a' cannot be a file of m95"),
    ("ec200u", '[files]\n"d/../a" = { text = "" }\n', 5, "cannot be a file of ec200u"),
    ("ec200u", '[files]\nd = { text = "" }\n"d/a" = { text = "" }\n', 5, "and the directory of"),
]


@pytest.mark.parametrize(("device", "text", "line", "message"), FILES)
def test_a_scenario(tmp_path: Path, device: str, text: str, line: int, message: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(f'title = "t"\nshows = "s"\ndevice = "{device}"\n{text}')
    with pytest.raises(FileError) as told:
        load_scenario(file)
    (mistake,) = told.value.mistakes
    assert message in mistake.message
    assert mistake.where == f"{file}:{line}"
    assert mistake.hint


def test_what_the_device_can_do_is_let_through(tmp_path: Path) -> None:
    assert make_scenario("ec200t", restore=True, ipr=9600, ifc=(2, 2)).device_settings.restore
    file = tmp_path / "files.toml"
    file.write_text('title = "t"\nshows = "s"\n[files]\n"UFS:/security/ca.pem" = { text = "x" }\n')
    rig = Rig(load_scenario(file).profile(), rig_config(load_scenario(file)))
    assert rig.device.ufs.files() == [("security/ca.pem", 1)]
    assert make_scenario("fcm242d", ipr=9600).device_settings.ipr == 9600
    assert not make_scenario("m95", restore=False).device_settings.restore
    file = tmp_path / "mine.toml"
    table = f'[[firmware]]\nmd5 = "{DIGEST}"\ntarget = "X"\n'
    file.write_text(f'title = "t"\nshows = "s"\ndevice = "uc200t"\n{table}')
    assert load_scenario(file).firmware[0].target == "X"


def test_a_device_that_cannot_change_its_rate(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    absent = '{ value = ["+IPR"], how = "assumed", source = "a test" }'
    mine.write_text(f'extends = "ec200u"\n[commands]\nabsent = {absent}\n')
    with pytest.raises(QuecsimError, match=r"has no AT\+IPR"):
        make_scenario(mine, ipr=9600)


def test_a_scenario_for_another_device(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    settings = "[device_settings]\nrestore = true\n"
    file.write_text(f'title = "t"\nshows = "s"\ndevice = "ec200t"\n{settings}')
    with pytest.raises(QuecsimError, match="m95 has no firmware upgrade"):
        make_scenario("m95", file)


@pytest.mark.parametrize("name", ["ec200s", "uc200t", "m95"])
def test_protocol_download_needs_a_device_that_has_it(name: str) -> None:
    with pytest.raises(QuecsimError, match=f"{name} has no protocol download") as told:
        quecsim.open(name, protocol_download=lambda _context, _length: iter(()))  # type: ignore[arg-type, return-value]
    assert "fota.protocol_mode" in told.value.hint
    check_protocol_download(make_scenario("ec200t"))


def test_any_rate_between_the_ends_where_the_command_takes_any() -> None:
    assert make_scenario("fcm242d", ipr=1_842_000).device_settings.ipr == 1_842_000
