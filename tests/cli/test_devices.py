"""`quecsim devices`."""

import json

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
