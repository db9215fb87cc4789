"""Acting on the air of a device as a phone does: in virtual time, recorded and run again."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import serial

import quecsim
from quecsim.errors import QuecsimError
from quecsim.run.replay import replay
from quecsim.trace.event import BleCame
from quecsim.virtual.device import VirtualDevice

SENSOR = {
    "kind": "sensor",
    "name": "thermometer",
    "address": "c0ffee0000aa",
    "services": [
        {"uuid": "180a", "characteristics": [{"uuid": "2a1c", "properties": ["notify"]}]},
    ],
}
PHONE = {"kind": "phone", "name": "boss", "times": 0}


@pytest.fixture
def device() -> Iterator[VirtualDevice]:
    with quecsim.open_virtual("fcm242d", seed=1) as opened:
        yield opened
    replayed = replay(opened.events())
    assert replayed.is_same, (replayed.was, replayed.now)


@pytest.fixture
def port(device: VirtualDevice) -> Iterator[serial.Serial]:
    with serial.serial_for_url(device.url, 115_200, timeout=30) as opened:
        yield opened


def ask(port: serial.Serial, *lines: bytes, until: bytes = b"OK\r\n") -> bytes:
    """What is said to the last of them."""
    said = b""
    for line in lines:
        port.write(line + b"\r")
        said = port.read_until(until)
        assert said.endswith(until), said
    return said


def until(port: serial.Serial, text: bytes) -> bytes:
    said: bytes = port.read_until(text)
    assert said.endswith(text), said
    return said


def advertising(port: serial.Serial) -> None:
    """As the manual begins."""
    ask(port, b"AT+QECHO=0", b"AT+QBLEINIT=2,1", b'AT+QBLENAME="QuecFGM842D"')
    ask(port, b'AT+QBLEGATTSSRV="FFF1"', b'AT+QBLEGATTSCHAR="FFF2"', b"AT+QBLEGATTSSRVDONE")
    ask(port, b"AT+QBLEADVSTART")


def test_the_example_of_the_manual(device: VirtualDevice, port: serial.Serial) -> None:
    assert device.ble().state == "NOINIT"
    assert device.ble_peers() == []
    advertising(port)
    assert device.ble_connect(mtu=100) == "phone"
    assert b'+QBLESTAT: "CONNECTED"' in until(port, b"+QBLEMTU: 100\r\n")
    (phone,) = device.ble_peers()
    assert (phone.name, phone.kind, phone.is_connected, phone.mtu) == ("phone", "phone", True, 100)
    state = device.ble()
    assert (state.role, state.state, state.mtu) == ("peripheral", "CONNECTED", 100)
    assert device.ble_write("0xFFF2", "from phone") == "phone"
    assert until(port, b"from phone\r\n") == b'\r\n+QBLERECV: 0,"fff2",10\r\nfrom phone\r\n'
    assert device.ble_read("FFF2") is None
    assert device.ble_subscribe("fff2") == "phone"
    device.wait_for("BleHeard", what="subscribed", since="start")
    ask(port, b'AT+QBLEGATTSNTFY=0,"FFF2","123456789"')
    device.wait_for("BleGone", since="start")
    assert device.ble_read("fff2", name="phone") == b"123456789"
    assert [data for _, _, data in device.ble_peers()[0].received] == [b"123456789"]
    device.ble_subscribe("fff2", is_on=False)
    device.wait_for("BleHeard", what="subscribed", words="is_on=False", since="start")
    ask(port, b'AT+QBLEGATTSNTFY=0,"FFF2","unheard"')
    assert device.ble_disconnect() == "phone"
    until(port, b'+QBLESTAT: "DISCONNECTED"\r\n')
    assert device.ble_read("fff2") == b"123456789"
    assert not device.ble_peers()[0].is_connected
    assert any(isinstance(event, BleCame) for event in device.events())


def test_who_may_do_what(device: VirtualDevice, port: serial.Serial) -> None:
    with pytest.raises(QuecsimError, match="nobody is on the air"):
        device.ble_write("fff2", b"1")
    with pytest.raises(QuecsimError, match="does not advertise"):
        device.ble_connect()
    advertising(port)
    assert device.ble_connect("my own") == "my own"
    with pytest.raises(QuecsimError, match="has a connection already"):
        device.ble_connect()
    with pytest.raises(QuecsimError, match="nobody called mine"):
        device.ble_write("fff2", b"1", name="mine")
    with pytest.raises(QuecsimError, match="aaaa cannot be used so"):
        device.ble_write("aaaa", b"1", is_request=True)
    with pytest.raises(QuecsimError, match="do not go into one"):
        device.ble_write("fff2", bytes(21))
    with pytest.raises(QuecsimError, match="cannot do that"):
        device.ble_notify("fff2", b"1")
    device.ble_write("fff2", bytes(20), name="my own")
    device.ble_disconnect()
    with pytest.raises(QuecsimError, match="no connection"):
        device.ble_disconnect("my own")


@pytest.mark.parametrize(
    ("act", "problem"),
    [
        (lambda device: device.ble_connect(mtu=22), "an MTU of 22 bytes"),
        (lambda device: device.ble_connect(mtu=518), "an MTU of 518 bytes"),
        (lambda device: device.ble_connect("x" * 65), "nobody is called so"),
        (lambda device: device.ble_write("fff", b""), "is no UUID"),
        (lambda device: device.ble_write("fff2\n", b""), "is no UUID"),
        (lambda device: device.ble_read("\uff11" * 4), "is no UUID"),
        (lambda device: device.ble_subscribe("g" * 32), "is no UUID"),
        (lambda device: device.ble_notify("fff2", 1), "the data is int"),
        (lambda device: device.ble_write("fff2", "\ud800"), "no text"),
    ],
)
def test_what_cannot_be(act: Callable[[Any], Any], problem: str) -> None:
    with (
        quecsim.open_virtual("fcm242d") as device,
        pytest.raises(QuecsimError, match=problem),
    ):
        act(device)


def test_a_device_without_bluetooth_has_none_of_it() -> None:
    with quecsim.open_virtual("ec200u") as device:
        for act in (device.ble, device.ble_peers, device.ble_connect, device.ble_disconnect):
            with pytest.raises(QuecsimError, match="ec200u has no Bluetooth LE"):
                act()


def test_who_is_meant_where_several_are_there() -> None:
    with (
        quecsim.open_virtual("fcm242d", ble_peers=[SENSOR, PHONE]) as device,
        serial.serial_for_url(device.url, 115_200, timeout=30) as port,
    ):
        assert [each.name for each in device.ble_peers()] == ["thermometer", "boss"]
        with pytest.raises(QuecsimError, match="who of those on the air") as caught:
            device.ble_connect()
        assert caught.value.hint == "there are: thermometer, boss"
        advertising(port)
        with pytest.raises(QuecsimError, match="thermometer is no phone"):
            device.ble_connect("thermometer")
        assert device.ble_connect("boss") == device.ble_write("fff2", "1") == "boss"


def test_a_device_that_is_connected_to_a_sensor() -> None:
    with (
        quecsim.open_virtual("fcm242d", ble_peers=[SENSOR, PHONE]) as device,
        serial.serial_for_url(device.url, 115_200, timeout=30) as port,
    ):
        ask(port, b"AT+QECHO=0", b"AT+QBLEINIT=1")
        ask(port, b"AT+QBLECONN=1,c0ffee0000aa", until=b'+QBLEINFO: "DOWN"\r\n')
        assert device.ble().role == "central"
        with pytest.raises(QuecsimError, match="no notifications of 2a1c on"):
            device.ble_notify("2a1c", b"too early")
        ask(port, b'AT+QBLEGATTCNTFCFG=0,"2A1C",1')
        device.wait_for("BleHeard", what="written", since="start")
        assert device.ble_notify("2A1C", b"21.5") == "thermometer"
        until(port, b"21.5\r\n")


def test_somebody_who_does_not_get_there_in_time() -> None:
    with (
        quecsim.open_virtual("fcm242d") as device,
        serial.serial_for_url(device.url, 115_200, timeout=30) as port,
    ):
        advertising(port)
        with pytest.raises(TimeoutError, match="phone is not connected within"):
            device.ble_connect(timeout_s=0.001)
