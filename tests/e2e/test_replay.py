"""A live run on a real port, again from its record: byte for byte the same."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.simulator import RunningSimulator, ask

pytestmark = pytest.mark.pty


def quecsim(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "quecsim", *words], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", ["run.jsonl", "run.jsonl.gz"])
def test_with_faults_and_power_and_what_was_injected(tmp_path: Path, name: str) -> None:
    trace, image, ctl = tmp_path / name, tmp_path / "image", str(tmp_path / "ctl")
    for number in range(2):  # the second time with what the first has left in the image
        options = ["thread-57329", "--ufs", str(image), "--ctl", ctl]
        with RunningSimulator(*options, "--trace", str(trace)) as simulator:
            with simulator.open() as port:
                ask(port, b"ATI")
                assert (
                    quecsim(
                        "ctl", "--ctl", ctl, "inject", "urc", "text=+CREG: 1", "at_ms=1"
                    ).returncode
                    == 0
                )
                port.write(b'AT+QFUPL="UFS:%d",3000,1\r' % number)
                assert port.read_until(b"CONNECT\r\n").endswith(b"CONNECT\r\n")
                port.write(bytes(range(250)) * 12)
                port.read_until(b"\r\n")
                assert quecsim("ctl", "--ctl", ctl, "power", "off").returncode == 0
                assert quecsim("ctl", "--ctl", ctl, "power", "on").returncode == 0
            simulator.stop()
        done = quecsim("replay", str(trace))
        assert done.stdout.startswith("same: "), done.stdout + done.stderr
        assert done.returncode == 0


def test_of_an_uploader_and_of_a_check(tmp_path: Path) -> None:
    payload = tmp_path / "ca.pem"
    payload.write_bytes(bytes(range(256)) * 8)
    host = ["--", sys.executable, "-m", "quecsim", "upload", str(payload), "--port", "{port}"]
    trace = tmp_path / "run.jsonl"
    quecsim("run", "ec200u", "--trace", str(trace), *host)
    assert quecsim("replay", str(trace)).stdout.startswith("same: ")
    kept = tmp_path / "kept"
    quecsim("check", "thread-57329", "--failures", str(kept), *host, "--chunk", "4096")
    traces = list(kept.rglob("trace.jsonl"))
    assert traces
    for each in traces:
        assert quecsim("replay", str(each)).stdout.startswith("same: ")


def test_a_trace_on_standard_output_is_a_trace() -> None:
    """The port is told beside it; what could mix with it is refused."""
    host = "import serial, sys; port = serial.Serial(sys.argv[1], timeout=60); port.write(b'AT\\r')"
    quiet = "import sys; sys.exit(port.read_until(b'OK\\r\\n')[-4:] != b'OK\\r\\n')"
    running = subprocess.Popen(
        [sys.executable, "-m", "quecsim", "run", "ec200u", "--trace", "-"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert running.stderr is not None
    port = running.stderr.readline().strip()
    subprocess.run([sys.executable, "-c", f"{host}; {quiet}", port], check=True)
    running.terminate()
    trace, _ = running.communicate()
    done = subprocess.run(
        [sys.executable, "-m", "quecsim", "replay", "-"],
        input=trace, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.startswith("same: ")
    assert quecsim("run", "ec200u", "--trace", "-", "--json").returncode == 2
    assert quecsim("run", "ec200u", "--trace", "-", "--", "true").returncode == 2
