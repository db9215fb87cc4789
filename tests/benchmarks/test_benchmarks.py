"""Every benchmark runs, at sizes that say nothing about speed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMES = (
    "virtual",
    "tracing",
    "sessions",
    "bulk",
    "roundtrip",
    "startup",
    "idle",
    "pacing",
    "rfc2217",
    "log",
    "page",
    "ptys",
    "network",
    "sockets",
    "gatt",
    "ble",
    "reports",
    "tap",
    "explain",
    "blind",
)


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.mark.pty
@pytest.mark.parametrize("name", NAMES)
def test_it_runs_and_measures(name: str) -> None:
    done = run("--tiny", "--json", name)
    results = json.loads(done.stdout)["results"]
    assert results
    for result in results:
        assert result["unit"]
        assert (
            result["value"] > 0
            or result["name"].startswith("idle")
            or any(word in result["name"] for word in ("damaged", "failed"))
        )
    assert done.returncode == (0 if all(result["is_met"] for result in results) else 1)


def test_the_table_names_what_was_measured() -> None:
    done = run("--tiny", "sessions")
    assert "ACK uploads of 1,600 bytes" in done.stdout


def test_an_unknown_name_is_refused() -> None:
    done = run("speed")
    assert done.returncode == 2
    assert "no benchmark 'speed'" in done.stderr
    assert all(name in done.stderr for name in NAMES)
