"""`quecsim run` with a device whose upgrade was cut off: what people are told, and the way back."""

import signal
import sys
from pathlib import Path

import pytest

from quecsim.trace.event import Power
from quecsim.trace.jsonl import read_trace
from tests.commands.fota import device, package
from tests.e2e.simulator import RunningSimulator

pytestmark = pytest.mark.pty
PACKAGE = package(device(), 2_000)


SLOW = ("--time-scale", "5")  # 8 s from the first UPDATING to the last: time for a signal
TORN = "the power went during the upgrade"
HOST = """
import sys
from pathlib import Path
import serial
port = serial.Serial(sys.argv[1], 115200, timeout=60)
data = Path(sys.argv[2]).read_bytes()
port.write(b'AT+QFOTADL="FILE:%d",%s\\r' % (len(data), sys.argv[3].encode()))
assert port.read_until(b'"FILESTART"\\r\\n').endswith(b"\\n")
port.write(data)
assert not sys.argv[4:] or port.read_until(b'"UPDATING",1\\r\\n').endswith(b"\\n")
"""


def end_in_the_upgrade(simulator: RunningSimulator, number: int, mode: int = 1) -> int:
    """The device says UPDATING, and the run gets a signal; returns its exit code."""
    with simulator.open() as port:
        port.write(b'AT+QFOTADL="FILE:%d",%d\r' % (len(PACKAGE), mode))
        assert port.read_until(b'"FILESTART"\r\n').endswith(b"\n")
        port.write(PACKAGE)
        assert port.read_until(b'"UPDATING",1\r\n').endswith(b"\n")
        return simulator.stop(number)


def kill_in_the_upgrade(image: Path) -> None:
    """A run that ends with SIGKILL while the device says UPDATING."""
    with RunningSimulator("ec200t", "--ufs", str(image), *SLOW) as simulator:
        end_in_the_upgrade(simulator, signal.SIGKILL)


def told(text: str) -> str:
    """What people are told, on one line."""
    return " ".join(text.split())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("mode", [0, 1])
def test_a_signal_takes_the_power_of_an_upgrade(tmp_path: Path, number: int, mode: int) -> None:
    image, trace = tmp_path / "ufs.img", tmp_path / "run.jsonl"
    options = ("--ufs", str(image), "--trace", str(trace))
    with RunningSimulator("ec200t", *options, *SLOW) as simulator:
        assert end_in_the_upgrade(simulator, number, mode) == 1
    assert f"broken firmware package: {TORN}" in told(simulator.stderr)
    assert "Traceback" not in simulator.stderr
    _, events = read_trace(trace)
    cut = [event for event in events if isinstance(event, Power)][-1]
    assert (cut.state, cut.why, cut.firmware) == ("off", "power cut", "broken")
    with RunningSimulator("ec200t", "--ufs", str(image)) as dead:
        assert dead.stop() == 0
    assert "The device does not start" in dead.stderr


def run_with_host(tmp_path: Path, *arguments: str) -> RunningSimulator:
    """`quecsim run` with a host program that sends the package, and waits for little."""
    host, data = tmp_path / "host.py", tmp_path / "app.pkg"
    host.write_text(HOST, encoding="utf-8")
    data.write_bytes(PACKAGE)
    program = (sys.executable, str(host), "{port}", str(data), *arguments)
    return RunningSimulator("ec200t", *SLOW, "--json", "--", *program)


@pytest.mark.parametrize("mode", ["0", "1"])
def test_the_run_waits_for_an_upgrade_that_its_program_does_not_wait_for(
    tmp_path: Path, mode: str
) -> None:
    with run_with_host(tmp_path, mode) as simulator:
        assert simulator.wait() == 0
    (report,) = simulator.reports
    (upload,) = report["uploads"]
    assert (upload["verdict"], upload["upgrade"], upload["result"]) == ("intact", "ended", "END,0")
    assert simulator.stderr.count("the upgrade goes on; Ctrl-C cuts the power") == 1


def test_ctrl_c_ends_that_wait_and_the_device(tmp_path: Path) -> None:
    with run_with_host(tmp_path, "1", "until it runs") as simulator:
        simulator.until_it_says("the upgrade goes on")
        assert simulator.stop() == 1
    (report,) = simulator.reports
    assert report["uploads"][0]["verdict"] == "broken"
    assert report["fell_short"]


def test_a_dead_device_says_so_and_restore_brings_it_back(tmp_path: Path) -> None:
    image = tmp_path / "ufs.img"
    kill_in_the_upgrade(image)
    with RunningSimulator("ec200t", "--ufs", str(image)) as dead:
        assert dead.stop() == 0
    assert "does not start: its power went during a firmware upgrade" in dead.stderr
    assert "--restore" in dead.stderr
    with RunningSimulator("ec200t", "--ufs", str(image), "--restore") as alive:
        with alive.open() as port:
            port.write(b"ATI\r")
            assert device().identity.revision.encode() in port.read_until(b"OK\r\n")
        assert alive.stop() == 0
    assert "does not start" not in alive.stderr
