"""Phone tools from Debian on the real port: they know the device, and send a message with it.

What they leave behind, a device that was asked a hundred things, then takes a certificate.
"""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from quecsim.scenario.payload import payload_bytes
from tests.e2e.simulator import READ_TIMEOUT_S, RunningSimulator, ask
from tests.e2e.test_terminals import need

pytestmark = pytest.mark.pty


def run(*command: str, typed: str = "") -> str:
    """What the program says; it must end well."""
    done = subprocess.run(
        command, input=typed, capture_output=True, text=True, timeout=READ_TIMEOUT_S, check=False
    )
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout + done.stderr


def upload_and_stop(simulator: RunningSimulator) -> dict[str, Any]:
    """A certificate still comes through whole; the report."""
    data = payload_bytes("certificate")
    with simulator.open() as port:
        ask(port, b"ATE0")
        ask(port, b'AT+QFUPL="UFS:ca.pem",1188,60', b"CONNECT\r\n")
        port.write(data)
        assert b"1188,380d" in port.read_until(b"OK\r\n")
    assert simulator.stop() == 0
    report: dict[str, Any] = simulator.reports[-1]
    (upload,) = simulator.reports[-1]["uploads"]
    assert upload["verdict"] == "intact"
    return report


def test_gammu_knows_the_device_and_sends_a_message(tmp_path: Path) -> None:
    gammu = need("gammu")
    with RunningSimulator("ec200u", "--json") as simulator:
        settings = tmp_path / "gammurc"
        settings.write_text(f"[gammu]\ndevice = {simulator.port}\nconnection = at115200\n")
        tool = (gammu, "-c", str(settings))
        said = run(*tool, "identify")
        assert "EC200UCNAAR03A15M08" in said
        assert "860000000000009" in said
        assert "001 01" in run(*tool, "networkinfo")
        assert "Your balance is 10.00" in run(*tool, "getussd", "*101#")
        said = run(*tool, "sendsms", "TEXT", "+447700900001", "-text", "hello")
        assert "message reference=1" in said
        report = upload_and_stop(simulator)
    (message,) = report["messages"]
    assert message["is_pdu"]
    assert message["body"].endswith("05E8329BFD06"), "hello, in seven bits"


def test_gnokii_knows_the_device_and_sends_a_message(tmp_path: Path) -> None:
    gnokii = need("gnokii")
    with RunningSimulator("ec200u", "--json") as simulator:
        settings = tmp_path / "gnokiirc"
        settings.write_text(f"[global]\nmodel = AT\nport = {simulator.port}\nconnection = serial\n")
        tool = (gnokii, "--config", str(settings))
        said = run(*tool, "--identify")
        assert "EC200UCNAAR03A15M08" in said
        assert "Send succeeded with reference 1" in run(
            *tool, "--sendsms", "+447700900001", typed="hello"
        )
        report = upload_and_stop(simulator)
    assert report["messages_sent"] == 1
