"""Power and firmware from Python: a device that loses its power, dies of it, and comes back."""

import time
from pathlib import Path
from typing import Any

import pytest
import serial

import quecsim
from quecsim.at.context import Context
from quecsim.at.effects import CloseData, DataEndWhy, Discard, OpenData, Raw, Steps, Take
from quecsim.units import s
from tests.commands.fota import TARGET, device, package

pytestmark = pytest.mark.pty
PATIENCE_S = 60.0
PACKAGE = package(device(), 2_000)
FAST: dict[str, Any] = {"time_scale": 50.0, "speed": "unlimited", "flash": "instant"}
SLOW = {**FAST, "time_scale": 1.0}  # 40 s of UPDATING: time to cut the power on any machine


def host(opened: quecsim.OpenDevice) -> serial.Serial:
    return serial.Serial(opened.port, 115_200, timeout=PATIENCE_S)


def until(port: serial.Serial, token: bytes) -> bytes:
    said: bytes = port.read_until(token)
    assert said.endswith(token), said
    return said


def begin_upgrade(port: serial.Serial, update_urcs: int = 100) -> None:
    port.write(b'ATE0;+QFOTADL="FILE:%d",1,0,%d\r' % (len(PACKAGE), update_urcs))
    until(port, b'"FILESTART"\r\n')
    port.write(PACKAGE)
    until(port, b'"UPDATING",%d\r\n' % (100 // update_urcs))


def reach(opened: quecsim.OpenDevice, state: str) -> None:
    """Wait until the device is in that power state."""
    end_s = time.monotonic() + PATIENCE_S
    while opened.power != state:
        assert time.monotonic() < end_s, opened.power
        time.sleep(0.01)


def test_an_upgrade_changes_the_revision_that_the_image_keeps(tmp_path: Path) -> None:
    image = tmp_path / "ufs.img"
    with quecsim.open("ec200t", ufs=image, **FAST) as opened, host(opened) as port:
        begin_upgrade(port, 5)
        until(port, b'"END",0\r\n')
        until(port, b"RDY\r\n")
        port.write(b"ATI\r")
        assert TARGET.encode() in until(port, b"OK\r\n")
    with quecsim.open("ec200t", ufs=image, **FAST) as opened, host(opened) as port:
        port.write(b"AT+GMR\r")
        assert TARGET.encode() in until(port, b"OK\r\n")


def test_power_lost_during_the_upgrade_kills_until_the_firmware_is_put_back(tmp_path: Path) -> None:
    image = tmp_path / "ufs.img"
    with quecsim.open("ec200t", ufs=image, **SLOW) as opened, host(opened) as port:
        begin_upgrade(port)
        assert opened.report().uploads[0].verdict == "waiting"
        opened.cut_power()
        assert opened.power == "off"
        assert opened.report().uploads[0].verdict == "broken"
        assert opened.report().fell_short
        opened.cut_power()  # twice is no more
        opened.power_on()
        reach(opened, "dead")
        opened.power_on()  # it has power
        assert opened.power == "dead"
    with quecsim.open("ec200t", ufs=image, **SLOW) as opened, host(opened) as port:
        assert opened.power == "dead"
        opened.restore_firmware()
        until(port, b"RDY\r\n")
        port.write(b"ATI\r")
        assert device().identity.revision.encode() in until(port, b"OK\r\n")


def test_closing_is_a_power_cut(tmp_path: Path) -> None:
    with quecsim.open("ec200t", **SLOW) as opened, host(opened) as port:
        begin_upgrade(port)
    assert opened.report().uploads[0].verdict == "broken"


def test_an_option_puts_it_back_at_the_start(tmp_path: Path) -> None:
    image = tmp_path / "ufs.img"
    with quecsim.open("ec200t", ufs=image, **SLOW) as opened, host(opened) as port:
        begin_upgrade(port)
        opened.cut_power()
    with quecsim.open("ec200t", ufs=image, restore=True, **SLOW) as opened:
        assert opened.power == "on"


def test_power_off_and_on() -> None:
    with quecsim.open("ec200t", **FAST) as opened, host(opened) as port:
        opened.cut_power()
        opened.power_on()
        until(port, b"RDY\r\n")
        assert opened.power == "on"


def test_after_close_there_is_no_power_to_cut() -> None:
    with quecsim.open("ec200t", **FAST) as opened:
        pass
    for pull in (opened.cut_power, opened.power_on, opened.restore_firmware):
        with pytest.raises(quecsim.QuecsimError, match="closed"):
            pull()


def test_the_protocol_download_is_the_users(tmp_path: Path) -> None:
    lengths = []

    def frames(_context: Context, length: int) -> Steps:
        lengths.append(length)
        yield OpenData("+QFOTADL,2", "frames", length, ack=False, timeout_ns=s(30),
                       is_idle_timer=True, can_escape=False)  # fmt: skip
        taken = yield Take(length)
        yield Discard(taken.data, "a frame")
        yield Raw(b"\x06")
        yield CloseData(DataEndWhy.SIZE, "")

    with quecsim.open("ec200t", protocol_download=frames, **FAST) as opened, host(opened) as port:
        port.write(b'AT+QFOTADL="FILE:4",2\r')
        until(port, b"\r\n010003\r\n")
        port.write(b"four")
        until(port, b"\x06")
        port.write(b"ATI\r")
        until(port, b"OK\r\n")
    assert lengths == [4]
    assert opened.report().counters.holds
