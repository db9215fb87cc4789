"""Who else has a port, as /proc says."""

import os
import subprocess
import sys
from pathlib import Path

from quecsim.live.ports.holders import (
    driver,
    holders,
    is_perhaps_tty,
    is_usb_of_module,
    latency,
    rivals,
)


def test_another_program_is_named() -> None:
    master, terminal = os.openpty()
    path = os.ttyname(terminal)
    try:
        assert holders(path) == []
        program = "import sys; port = open(sys.argv[1]); print(flush=True); sys.stdin.read()"
        with subprocess.Popen(
            [sys.executable, "-c", program, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as child:
            assert child.stdout is not None
            child.stdout.readline()
            found = holders(path)
            child.communicate()
        assert len(found) == 1
        assert rivals(path) == []  # a pseudo terminal's are not told apart from its maker
        assert found[0].endswith(f"(process {child.pid})")
    finally:
        os.close(terminal)
        os.close(master)


def port_with(ttys: Path, name: str) -> Path:
    place = ttys / "ttyUSB2" / "device"
    place.mkdir(parents=True)
    (ttys / "drivers" / name).mkdir(parents=True)
    (place / "driver").symlink_to(ttys / "drivers" / name)
    return ttys


def test_the_modules_own_usb_has_no_rate(tmp_path: Path) -> None:
    assert is_usb_of_module("/dev/ttyUSB2", port_with(tmp_path, "option1"))


def test_an_adapter_has_one(tmp_path: Path) -> None:
    ttys = port_with(tmp_path, "ftdi_sio")
    assert driver("/dev/ttyUSB2", ttys) == "ftdi_sio"
    assert not is_usb_of_module("/dev/ttyUSB2", ttys)
    assert driver("/dev/ttyUSB3", ttys) == ""


def test_what_is_a_terminal() -> None:
    assert not is_perhaps_tty(Path("/dev/null").stat().st_rdev)
    assert is_perhaps_tty(Path("/dev/tty").stat().st_rdev)
    assert is_perhaps_tty(os.makedev(136, 77))


def test_an_adapter_that_holds_bytes_back(tmp_path: Path) -> None:
    (tmp_path / "ttyUSB2").mkdir()
    (tmp_path / "ttyUSB2" / "latency_timer").write_text("16\n")
    assert latency("/dev/ttyUSB2", tmp_path) == (16, tmp_path / "ttyUSB2" / "latency_timer")
    assert latency("/dev/ttyUSB3", tmp_path)[0] == 0
