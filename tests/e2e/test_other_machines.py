"""Hosts that come in over a connection, with the tools that people use."""

import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import serial

from quecsim.scenario.payload import payload_bytes
from tests.e2e.simulator import READ_TIMEOUT_S, RunningSimulator, ask

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


@needs_socat
def test_a_pty_elsewhere(tmp_path: Path) -> None:
    """A device file on another machine, which socat makes of the connection."""
    link = tmp_path / "modem"
    with RunningSimulator("ec200u", "--tcp", "0", "--flash", "instant", "--json") as simulator:
        _, port = url_of(simulator, "socket")
        words = ["socat", f"pty,raw,echo=0,link={link}", f"tcp:127.0.0.1:{port}"]
        with subprocess.Popen(words) as socat:
            simulator.until_it_says("is the host now")
            with serial.Serial(str(link), 115_200, timeout=READ_TIMEOUT_S) as modem:
                ask(modem, b"ATE0")
                data = bytes(range(256)) * 30
                ask(modem, b'AT+QFUPL="x",%d,5' % len(data), b"CONNECT\r\n")
                modem.write(data)
                assert b"+QFUPL: 7680," in modem.read_until(b"OK\r\n")
            socat.terminate()
        simulator.until_it_says("has left")
        assert simulator.stop() == 0
        (upload,) = simulator.reports[-1]["uploads"]
        assert upload["verdict"] == "intact"


@pytest.mark.parametrize("kind", ["rfc2217", "tcp"])
def test_our_uploader_over_the_network(kind: str, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(payload_bytes("certificate"))
    uploader = [sys.executable, "-m", "quecsim", "upload", str(tmp_path / "ca.pem")]
    words = [*uploader, "--port", f"{{{kind}}}", "--ack"]
    with RunningSimulator("ec200u", f"--{kind}", "0", "--", *words) as simulator:
        assert simulator.wait() == 0
        assert "1188 bytes" in simulator.output


def test_ctrl_c_while_a_host_is_connected() -> None:
    with RunningSimulator("ec200u", "--rfc2217", "0") as simulator:
        _, port = url_of(simulator, "rfc2217")
        with socket.create_connection(("127.0.0.1", port), timeout=READ_TIMEOUT_S) as host:
            simulator.until_it_says("is the host now")
            assert simulator.stop() == 0
            while host.recv(1000):
                pass
        assert "Traceback" not in simulator.stderr


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
