"""Hosts that come in over a connection, with the tools that people use."""

import os
import re
import select
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import serial

import quecsim
from quecsim.scenario.payload import payload_bytes
from quecsim.trace.event import HostLine
from tests.e2e.simulator import READ_TIMEOUT_S, RunningSimulator, ask

pytestmark = pytest.mark.pty
_ESCAPE = b"\x1c"
needs_gensiot = pytest.mark.skipif(shutil.which("gensiot") is None, reason="gensio-bin is missing")
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


@needs_gensiot
def test_a_client_that_others_wrote() -> None:
    """gensio is what ser2net is made of: it sets the port, reads back what holds, and breaks."""
    with quecsim.open("ec200u", rfc2217=":0") as device:
        place = device.rfc2217.removeprefix("rfc2217://").replace(":", ",")
        words = ["gensiot", "-e", "28", "-i", "stdio(self)", f"telnet(rfc2217),tcp,{place}"]
        with subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as client:
            assert client.stdin is not None
            assert client.stdout is not None
            said = Said(client.stdin.fileno(), client.stdout.fileno())
            said.until(b"", b"\r\nOK\r\n", first=b"AT\r")
            for setting in (b"s9600\n", b"e", b"7", b"2", b"r"):
                said.write(_ESCAPE + setting)
            said.until(_ESCAPE + b"d", b"Signature: quecsim Quectel EC200U\r\nSpeed: 9600E72\r\n")
            said.until(b"", b"\r\nOK\r\n", first=b"AT\r")
            line = [event for event in device.events() if isinstance(event, HostLine)][-1]
            assert (line.baud, line.frame, line.flow) == (9600, "7E2", "rtscts")
            said.write(_ESCAPE + b"b")
            device.wait_for("HostBreak", since="start", timeout_s=READ_TIMEOUT_S)
            said.write(_ESCAPE + b"q")
            client.wait(READ_TIMEOUT_S)
        device.wait_for("HostClosed", since="start", timeout_s=READ_TIMEOUT_S)


class Said:
    """What a program is told on its standard input, and says on its output."""

    def __init__(self, told: int, said: int) -> None:
        self._told = told
        self._said = said

    def write(self, data: bytes) -> None:
        os.write(self._told, data)

    def until(self, asks: bytes, wanted: bytes, first: bytes = b"") -> None:
        """Read until it says so; ask again and again, where it is asked."""
        self.write(first or asks)
        seen, end_s = b"", time.monotonic() + READ_TIMEOUT_S
        while wanted not in seen:
            assert time.monotonic() < end_s, seen
            if select.select([self._said], (), (), 0.5)[0]:
                seen += os.read(self._said, 65_536)
            else:
                self.write(asks)


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
