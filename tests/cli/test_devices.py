"""`quecsim devices`."""

import json
from pathlib import Path

from click.testing import CliRunner

from quecsim.cli.devices import devices
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
