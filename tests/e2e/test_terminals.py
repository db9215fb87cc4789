"""Terminal programs from Debian on the real port, driven as a person would."""

import os
import select
import shutil
import subprocess
from pathlib import Path

import ptyprocess
import pytest

from quecsim.scenario.payload import payload_bytes
from tests.e2e.simulator import READ_TIMEOUT_S, RunningSimulator

pytestmark = pytest.mark.pty


def need(program: str) -> str:
    """The program's path; the test is skipped without it, but never where all must run."""
    path = shutil.which(program)
    if path is None and os.environ.get("QUECSIM_TEST_ALL"):
        pytest.fail(f"{program} is not installed, and QUECSIM_TEST_ALL is set")
    if path is None:
        pytest.skip(f"{program} is not installed")
    return path


def read_until(terminal: ptyprocess.PtyProcess, wanted: bytes) -> bytes:
    seen = b""
    while wanted not in seen:
        if not select.select([terminal.fd], [], [], READ_TIMEOUT_S)[0]:
            pytest.fail(f"waited for {wanted!r}, saw {seen[-200:]!r}")
        seen += terminal.read(1024)
    return seen


def start_picocom(*arguments: str) -> ptyprocess.PtyProcess:
    """picocom, ready: what is typed before it says so is thrown away."""
    terminal = ptyprocess.PtyProcess.spawn([need("picocom"), *arguments])
    read_until(terminal, b"Terminal ready")
    return terminal


def test_a_person_uploads_a_certificate_with_picocom() -> None:
    data = payload_bytes("certificate")
    with RunningSimulator("ec200u", "--json") as simulator:
        terminal = start_picocom("-b", "115200", simulator.port)
        try:
            terminal.write(b"AT\r")
            read_until(terminal, b"OK")
            terminal.write(b'AT+QFUPL="UFS:ca.pem",1188,60\r')
            read_until(terminal, b"CONNECT")
            for start in range(0, len(data), 256):  # a terminal takes what fits its line
                terminal.write(data[start : start + 256])
            assert b"1188,380d" in read_until(terminal, b"380d")
            terminal.write(b"AT+QFLST\r")
            assert b'"UFS:ca.pem",1188' in read_until(terminal, b"1188")
        finally:
            terminal.terminate(force=True)
        assert simulator.stop() == 0
        assert simulator.reports[-1]["uploads"][0]["verdict"] == "intact"
        assert simulator.reports[-1]["mismatches"] == []


def test_picocom_at_its_own_default_rate_is_told_so() -> None:
    with RunningSimulator("ec200u") as simulator:
        terminal = start_picocom(simulator.port)
        try:
            terminal.write(b"AT\r")
            read_until(terminal, b"OK")
        finally:
            terminal.terminate(force=True)
        assert simulator.stop() == 0
        assert "the host is at 9600 8N1, the device at 115200 8N1" in simulator.stderr


def test_picocom_with_hardware_flow_control_holds_its_bytes_back(tmp_path: Path) -> None:
    data = payload_bytes("bundle")
    options = ("--flash", "worst", "--time-scale", "100", "--json")
    with RunningSimulator("ec200u", *options) as simulator:
        terminal = start_picocom("-b", "115200", "-f", "h", simulator.port)
        try:
            terminal.write(b"AT+IFC=2,2\r")
            read_until(terminal, b"OK")
            terminal.write(b'AT+QFUPL="UFS:ca.pem",%d,60\r' % len(data))
            read_until(terminal, b"CONNECT")
            for start in range(0, len(data), 256):
                terminal.write(data[start : start + 256])
            read_until(terminal, b"+QFUPL: %d," % len(data))
        finally:
            terminal.terminate(force=True)
        assert simulator.stop() == 0
        report = simulator.reports[-1]
        assert report["counters"]["lost"] == 0
        assert report["uploads"][0]["held_ns"] > 0


def test_socat_and_a_shell_script_talk_to_it() -> None:
    socat = need("socat")
    with RunningSimulator("ec200u") as simulator:
        done = subprocess.run(
            [socat, "-t2", "-", f"{simulator.port},rawer,b115200"],
            input=b"ATE0\rATI\r",
            capture_output=True,
            timeout=READ_TIMEOUT_S,
            check=True,
        )
        assert b"Revision: EC200U" in done.stdout
        assert simulator.stop() == 0
