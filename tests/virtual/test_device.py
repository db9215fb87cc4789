"""A device in this process."""

import time
from typing import Any

import pytest
import serial

import quecsim
from quecsim.errors import QuecsimError
from quecsim.virtual.clock import Clock
from quecsim.virtual.device import VirtualDevice


def test_it_is_what_quecsim_open_gives() -> None:
    with quecsim.open_virtual("ec200u", files={"UFS:old.txt": b"old"}, seed=4) as device:
        port = serial.serial_for_url(device.port, 115200, timeout=1)
        assert device.files() == {"UFS:old.txt": 3}
        assert device.read_file("UFS:old.txt") == b"old"
        with pytest.raises(FileNotFoundError):
            device.read_file("new.txt")
        port.write(b"AT\r")
        assert port.read(9) == b"AT\r\r\nOK\r\n"
        assert device.counters["sent"] == 3
        assert (device.power, device.scenario.seed) == ("on", 4)
        assert not device.report().is_ended
    assert device.report().is_ended
    assert device.report().counters.sent == 3
    assert device.files() == {"UFS:old.txt": 3}


def test_its_methods_are_those_of_an_open_device() -> None:
    names = {name for name in dir(quecsim.OpenDevice) if not name.startswith("_")}
    assert len(names) > 10
    assert {name for name in names if not hasattr(VirtualDevice, name)} == {
        "ctl",
        "rfc2217",
        "tcp",
    }


def test_waiting_for_an_event() -> None:
    with quecsim.open_virtual("ec200u", power_on=True) as device:
        ready = device.wait_for("Urc", text="RDY", timeout_s=60)
        assert device.now_ns >= ready.at_ns > 0
        assert device.wait_for("Urc", text="RDY", since="start") is ready
        assert ready in device.events()
        assert ready not in device.events(since=ready)
        with pytest.raises(TimeoutError, match="Urc"):
            device.wait_for("Urc", text="RDY", timeout_s=5)
        with pytest.raises(QuecsimError, match="since"):
            device.events(since="then")  # type: ignore[arg-type]
    with pytest.raises(QuecsimError, match="ended"):
        device.wait_for("Urc")


def test_injecting_a_fault() -> None:
    with quecsim.open_virtual("ec200u") as device:
        port = serial.serial_for_url(device.url, 115200, timeout=1)
        device.inject("power_cut", at_ms=100)
        time.sleep(1)
        assert device.power == "off"
        assert device.faults()[0].fired == 1
        assert port.dsr is False


def test_power() -> None:
    with quecsim.open_virtual("ec200u", power_on=True) as device:
        assert device.power == "booting"
        time.sleep(60)
        assert device.power == "on"
        device.cut_power()
        device.cut_power()
        assert device.power == "off"
        device.power_on()
        device.power_on()
        assert device.power == "booting"
        time.sleep(60)
        device.restore_firmware()
        assert device.power == "booting"


def test_devices_share_the_time_they_are_made_in() -> None:
    with quecsim.virtual_time() as clock:
        with quecsim.open_virtual("ec200u") as one:
            time.sleep(5)
            with quecsim.open_virtual("ec200t") as two:
                time.sleep(1)
                assert one.now_ns - two.now_ns == 5_000_000_000
        assert clock.now_ns == 6_000_000_000


def test_a_clock_of_its_own() -> None:
    clock = Clock()
    with VirtualDevice(quecsim_scenario(), clock=clock) as device:
        clock.sleep(1_000)
        assert device.now_ns == 1_000


def quecsim_scenario() -> Any:
    from quecsim.scenario.options import make_scenario

    return make_scenario("ec200u")


@pytest.mark.parametrize("options", [{"speed": "unlimited"}, {"interface": "usb"}])
def test_a_host_that_reads_late_misses_nothing_where_nothing_is_lost(
    options: dict[str, Any],
) -> None:
    data = bytes(range(128)) * 12_000
    with quecsim.open_virtual(files={"UFS:big": data}, flash="instant", **options) as device:
        port = serial.serial_for_url(device.url, 115200, timeout=60)
        port.write(b'ATE0\rAT+QFDWL="big"\r')
        time.sleep(600)
        assert data in port.read_until(b"+QFDWL: ")


def test_a_device_that_runs_for_long_does_not_grow() -> None:
    with quecsim.open_virtual("ec200u") as device:
        port = serial.serial_for_url(device.url, 115200, timeout=1)
        batches: list[int] = []
        device.watch(lambda events: batches.append(len(list(events))))
        for _ in range(3000):
            port.write(b"AT\r")
            port.read_until(b"OK\r\n")
        device.collect()
        assert sum(batches) > 10_000
        assert max(batches) < 6000


def test_a_device_that_has_ended_is_not_opened() -> None:
    with quecsim.open_virtual("ec200u") as device:
        url = device.url
    with pytest.raises(serial.SerialException, match="does not run"):
        serial.serial_for_url(url)


def test_a_mistake_is_one_readable_message() -> None:
    with (
        pytest.raises(QuecsimError, match="there is no option"),
        quecsim.open_virtual("ec200u", x=1),
    ):
        pass
    big = {"UFS:big": bytes(1 << 25)}
    with pytest.raises(QuecsimError, match="cannot be stored"), quecsim.open_virtual(files=big):
        pass


def test_stalls_and_report() -> None:
    stall = quecsim.Stall(stall_ms=400, at_byte=1)
    with quecsim.open_virtual("ec200u", stalls=[stall], ring_bytes=1024) as device:
        port = serial.serial_for_url(device.url, 115200, timeout=10)
        port.write(b'AT+QFUPL="a",8000\r')
        port.read_until(b"CONNECT\r\n")
        port.write(bytes(8000))
        port.read_until(b"OK\r\n")
        assert device.counters["lost"] > 0
    assert device.report().uploads[0].losses
