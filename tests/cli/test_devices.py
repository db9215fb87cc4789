"""`quecsim devices`."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from quecsim.cli.devices import devices
from quecsim.errors import QuecsimError
from quecsim.profiles.loader import load_profile


def test_the_list_counts_what_is_known_how() -> None:
    done = CliRunner().invoke(devices, [])
    assert done.exit_code == 0
    assert "ec200u" in done.output
    assert "assumed" in done.output


def test_show_names_a_source_for_every_value() -> None:
    done = CliRunner().invoke(devices, ["show", "ec200u", "--json"])
    rows = json.loads(done.output)
    profile = load_profile("ec200u")
    assert {row["key"] for row in rows} == set(profile.provenance)
    assert all(row["source"] for row in rows)
    ring = next(row for row in rows if row["key"] == "uart.rx_ring_bytes")
    assert (ring["value"], ring["how"]) == (profile.uart.rx_ring_bytes, "documented")


def test_show_only_what_is_assumed() -> None:
    done = CliRunner().invoke(devices, ["show", "ec200u", "--assumed"])
    assert "    assumed: " in done.output
    assert "    documented: " not in done.output


def test_diff_tells_values_and_commands_that_differ(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(
        'extends = "ec200u"\n'
        '[uart]\nrx_ring_bytes = { value = 8192, how = "measured", source = "our bench" }\n'
        '[commands]\nabsent = { value = ["+QFTUCAT"], how = "measured", source = "our bench" }\n'
    )
    done = CliRunner().invoke(devices, ["diff", "ec200u", str(mine)], catch_exceptions=False)
    assert done.output.split("\n") == [
        "uart.rx_ring_bytes",
        "    ec200u       4096 (documented)",
        "    mine         8192 (measured)",
        "uart.rts_off_bytes",
        "    ec200u       3072 (assumed)",
        "    mine         6144 (assumed)",
        "uart.rts_on_bytes",
        "    ec200u       1024 (assumed)",
        "    mine         2048 (assumed)",
        "commands only of ec200u: +QFTUCAT",
        "commands only of mine: none",
        "",
    ]
    done = CliRunner().invoke(
        devices, ["diff", "ec200u", str(mine), "--json"], catch_exceptions=False
    )
    assert json.loads(done.output)["commands"] == {"ec200u": ["+QFTUCAT"], "mine": []}


def test_a_device_does_not_differ_from_itself() -> None:
    done = CliRunner().invoke(devices, ["diff", "ec200u", "ec200u", "--json"])
    assert json.loads(done.output)["values"] == []


def diff(first: object, second: object) -> str:
    arguments = ["diff", str(first), str(second)]
    return CliRunner().invoke(devices, arguments, catch_exceptions=False).output


def diff_json(first: object, second: object) -> Any:
    arguments = ["diff", str(first), str(second), "--json"]
    return json.loads(CliRunner().invoke(devices, arguments, catch_exceptions=False).output)


def test_a_command_with_other_forms_parameters_or_test_reply_is_a_difference() -> None:
    lines = diff("ec200t", "uc200t").split("\n")
    at = lines.index("AT+QFOTADL")
    assert lines[at + 1].startswith("    ec200t       AT+QFOTADL=<url>[,<upgrade_mode>")
    assert lines[at + 3].startswith(" " * 21 + "<upgrade_mode> 0-2")
    assert " " * 17 + "=? says +QFOTADL: <url>,(0,1),(0,5-100),(0,5-100)" in lines
    assert "    uc200t       AT+QFOTADL=<url>" in lines
    page = diff_json("ec200t", "uc200t")
    assert page["unlike"]["+QCFG"]["ec200t"][:2] == ['AT+QCFG="fota/cid"[,<cid>]', "    <cid> 1-15"]
    assert '=? says +QCFG: "usbifc",(0,2),(0,2)' in page["unlike"]["+QCFG"]["uc200t"]
    assert "+QFUPL" not in page["unlike"]


def test_a_range_of_its_own_is_a_difference() -> None:
    unlike = diff_json("ec200t", "ec200s")["unlike"]  # one has protocol download, and UMTS
    assert list(unlike) == ["+WS46", "+QCFG", "+QFOTADL"]
    assert "    <upgrade_mode> 0-2" in unlike["+QFOTADL"]["ec200t"][2]
    assert "    <upgrade_mode> 0,1" in unlike["+QFOTADL"]["ec200s"][2]


def test_what_waits_is_compared_too() -> None:
    page = diff_json("ec200u", "m95")
    assert page["waiting"]["ec200u"] == []
    assert "+QFMOV" in page["waiting"]["m95"]
    assert "+QIACT" not in page["waiting"]["m95"]
    assert "not supported, only of m95: " in diff("ec200u", "m95")
    assert "not supported" not in diff("ec200t", "ec200s")


def test_devices_of_the_same_name_are_told_apart_by_what_was_given(tmp_path: Path) -> None:
    mine = tmp_path / "m95.toml"
    mine.write_text(
        'extends = "m95"\n[at]\ncmee = { value = 2, how = "measured", source = "our bench" }\n'
    )
    lines = diff(mine, "m95").split("\n")
    assert lines[:3] == ["at.cmee", f"    {mine} 2 (measured)", f"    {'m95':12} 1 (assumed)"]
    assert f"commands only of {mine}: none" in lines
    (row,) = diff_json(mine, "m95")["values"]
    assert row == {"key": "at.cmee", str(mine): "2 (measured)", "m95": "1 (assumed)"}


@pytest.mark.parametrize("name", ["m95", "M95", "./mine.toml"])
def test_a_device_in_the_place_of_a_subcommand_gets_a_hint(name: str) -> None:
    with pytest.raises(QuecsimError, match="is no subcommand") as told:
        CliRunner().invoke(devices, [name], catch_exceptions=False)
    assert f"quecsim devices show {name}" in told.value.hint


def test_any_other_word_is_an_unknown_subcommand() -> None:
    done = CliRunner().invoke(devices, ["shwo"])
    assert done.exit_code == 2
    assert 'there is no command "shwo". Did you mean "show"?' in done.output
