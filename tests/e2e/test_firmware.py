"""`quecsim run` with a device whose upgrade was cut off: what people are told, and the way back."""

from pathlib import Path

import pytest

from tests.commands.fota import device, package
from tests.e2e.simulator import RunningSimulator

pytestmark = pytest.mark.pty
PACKAGE = package(device(), 2_000)


def kill_in_the_upgrade(image: Path) -> None:
    """A run that ends with SIGKILL while the device says UPDATING."""
    with RunningSimulator("ec200t", "--ufs", str(image), "--time-scale", "5") as simulator:
        with simulator.open() as port:
            port.write(b'AT+QFOTADL="FILE:%d"\r' % len(PACKAGE))
            assert port.read_until(b'"FILESTART"\r\n').endswith(b"\n")
            port.write(PACKAGE)
            assert port.read_until(b'"UPDATING",1\r\n').endswith(b"\n")
            simulator.process.kill()
        simulator.wait()


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
