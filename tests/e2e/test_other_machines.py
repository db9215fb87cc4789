"""Hosts that come in over a connection, with the tools that people use."""

import re
import shutil
import subprocess

import pytest

from tests.e2e.simulator import READ_TIMEOUT_S, RunningSimulator

pytestmark = pytest.mark.pty
needs_socat = pytest.mark.skipif(shutil.which("socat") is None, reason="socat is not installed")


def url_of(simulator: RunningSimulator, scheme: str) -> tuple[str, int]:
    """The URL that was told, and its port."""
    simulator.until_it_says(f"{scheme}://")
    simulator.until_it_says(" (")
    told = simulator.said()
    found = re.search(rf"({scheme}://127\.0\.0\.1:([0-9]+)) ", told)
    assert found is not None, told
    return found[1], int(found[2])


@needs_socat
def test_socat_talks_over_tcp() -> None:
    with RunningSimulator("ec200u", "--tcp", "0") as simulator:
        _, port = url_of(simulator, "socket")
        asked = subprocess.run(
            ["socat", "-t", "20", "-", f"TCP:127.0.0.1:{port}"],
            input=b"ATE0\rAT+GMM\r",
            capture_output=True,
            timeout=READ_TIMEOUT_S,
            check=True,
        )
        assert asked.stdout.endswith(b"EC200U\r\n\r\nOK\r\n")
        assert simulator.stop() == 0


def test_a_host_program_gets_the_url() -> None:
    with RunningSimulator("ec200u", "--tcp", ":0", "--", "echo", "{tcp}") as simulator:
        assert simulator.wait() == 0
        assert re.fullmatch(r"socket://127\.0\.0\.1:[0-9]+\n", simulator.output)


def test_other_machines_are_warned_of() -> None:
    with RunningSimulator("ec200u", "--tcp", "0.0.0.0:0", "--", "true") as simulator:
        assert simulator.wait() == 2
        assert "--allow-remote" in simulator.stderr
    with RunningSimulator(
        "ec200u", "--tcp", "0.0.0.0:0", "--allow-remote", "--", "true"
    ) as simulator:
        assert simulator.wait() == 0
        assert "there is no password" in simulator.stderr
