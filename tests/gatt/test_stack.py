"""GATT by bumble: what each side hears of the other, the errors, and that it is always the same."""

import subprocess
import sys

import pytest

from quecsim.border.ble import Came, Characteristic, GattService, Subscribed
from quecsim.errors import QuecsimError
from quecsim.gatt import stack
from quecsim.gatt.end import AttRefusedError, Side
from quecsim.gatt.stack import Pair

LONG = "0123456789abcdef0123456789abcdef"
SERVICES = (
    GattService(
        "fff1",
        (
            Characteristic("fff2", write=True, write_command=True, notify=True),
            Characteristic("fff3", read=True),
        ),
    ),
    GattService(LONG, (Characteristic(LONG[::-1], write=True),)),
)
MOST_STEPS = 400
"""Turns of the loop: each costs less than 0.1 ms of a processor."""


def pair(mtu: int = 100, **values: bytes) -> Pair:
    return Pair(Side("phone"), Side("device", SERVICES, values, mtu))


def error_of(act: object) -> int:
    assert callable(act)
    with pytest.raises(AttRefusedError) as refused:
        act()
    return refused.value.error


def test_a_whole_exchange_is_the_same_each_time_and_takes_few_steps() -> None:
    steps = set()
    for _ in range(2):
        made = pair(fff3=b"old")
        phone, device = made.central, made.peripheral
        assert phone.exchange_mtu(247) == 100
        found, exchanges = phone.discover()
        assert found[0].uuid == "1800"  # Generic Access, which everybody has
        assert found[1:] == SERVICES
        phone.subscribe("fff2", is_on=True)
        phone.write("fff2", b"one", is_request=False)
        phone.write("fff2", b"two", is_request=True)
        written = [Subscribed("fff2", True), Came("fff2", b"one"), Came("fff2", b"two")]
        assert device.take() == written
        device.notify("fff2", b"three")
        assert phone.take() == [Came("fff2", b"three", is_notification=True)]
        assert phone.read("fff3") == b"old"
        steps.add((exchanges, made.steps))
    assert len(steps) == 1
    exchanges, count = steps.pop()
    assert exchanges > len(SERVICES)
    assert count < MOST_STEPS


def test_both_have_the_smaller_mtu_and_it_is_agreed_on_once() -> None:
    made = pair(mtu=64)
    assert made.mtu == 23
    assert made.central.exchange_mtu(512) == 64
    assert made.central.exchange_mtu(30) == made.peripheral.mtu == 64


def test_more_than_the_mtu_allows_is_not_written_and_a_notification_is_cut() -> None:
    made = pair()
    assert error_of(lambda: made.central.write("fff2", bytes(21), is_request=True)) == 0x0D
    assert error_of(lambda: made.central.write("fff2", bytes(21), is_request=False)) == 0x0D
    assert made.peripheral.take() == []
    made.central.write("fff2", bytes(20), is_request=False)
    assert made.peripheral.take() == [Came("fff2", bytes(20))]
    made.central.subscribe("fff2", is_on=True)
    made.peripheral.notify("fff2", bytes(30))
    assert made.central.take() == [Came("fff2", bytes(20), is_notification=True)]


def test_what_is_not_allowed_is_refused_with_its_code() -> None:
    phone = pair(fff3=b"old").central
    assert error_of(lambda: phone.read("fff2")) == 0x02
    assert error_of(lambda: phone.write("fff3", b"new", is_request=True)) == 0x03
    assert error_of(lambda: phone.read("9999")) == 0x0A
    assert error_of(lambda: phone.subscribe("fff3", is_on=True)) == 0x0A
    assert error_of(lambda: phone.write("fff3", b"new", is_request=False)) == 0x03
    assert error_of(lambda: phone.write("9999", b"new", is_request=False)) == 0x0A
    assert phone.read("fff3") == b"old"


def test_who_does_not_want_notifications_has_none() -> None:
    made = pair()
    made.peripheral.notify("fff2", b"1")
    made.central.subscribe("fff2", is_on=True)
    for data in (b"2", b"3"):
        made.peripheral.notify("fff2", data)
    made.central.subscribe("fff2", is_on=False)
    made.peripheral.notify("fff2", b"4")
    heard = [came.data for came in made.central.take() if isinstance(came, Came)]
    assert heard == [b"2", b"3"]
    assert made.peripheral.take() == [Subscribed("fff2", True), Subscribed("fff2", False)]
    assert error_of(lambda: made.peripheral.notify("9999", b"5")) == 0x0A


def test_what_is_written_can_be_read() -> None:
    values = {"fff3": b"old"}
    services = (GattService("fff1", (Characteristic("fff3", read=True, write=True),)),)
    made = Pair(Side(), Side("", services, values))
    made.central.exchange_mtu(517)
    made.central.write("fff3", bytes(512), is_request=True)
    assert made.central.read("fff3") == values["fff3"] == bytes(512)


def test_without_bumble_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bumble", None)
    with pytest.raises(QuecsimError, match="need bumble") as told:
        stack.Pair(Side(), Side())
    assert "quecsim[ble]" in (told.value.hint or "")


def test_nobody_loads_it_before_there_is_a_connection() -> None:
    code = (
        "import sys, quecsim\n"
        "from quecsim.peers.ble_crowd import BleCrowd\n"
        "from quecsim.peers.ble_settings import BleOthers\n"
        "crowd = BleCrowd((BleOthers(count=3),))\n"
        "print('bumble' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize("is_request", [False, True])
def test_a_characteristic_takes_what_it_says_that_it_takes(is_request: bool) -> None:
    one = Characteristic("fff2", write=not is_request, write_command=is_request)
    made = Pair(Side("phone"), Side("device", (GattService("fff1", (one,)),)))
    assert error_of(lambda: made.central.write("fff2", b"1", is_request=is_request)) == 0x03
    made.central.write("fff2", b"2", is_request=not is_request)
    assert made.peripheral.take() == [Came("fff2", b"2")]
