"""How to test a host program of your own with pytest: run it against a device in trouble."""

import subprocess
import sys
from pathlib import Path

import pytest

import quecsim

PROGRAM = [sys.executable, str(Path(__file__).with_name("upload_ack.py"))]
DATA = bytes(range(256)) * 12  # no text: a host that touches line ends or +++ is found out


@pytest.mark.parametrize("scenario", ["typical-flash", "worst-flash", "thread-57329"])
def test_the_file_arrives_whole(scenario: str, tmp_path: Path) -> None:
    file = tmp_path / "data.bin"
    file.write_bytes(DATA)
    with quecsim.open(scenario=scenario) as device:
        subprocess.run([*PROGRAM, device.port, str(file)], check=True, timeout=60)
        assert device.read_file("UFS:data.bin") == DATA
    assert device.report().counters.lost == 0
