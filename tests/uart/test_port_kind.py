"""What a UART and a USB port differ in."""

import pytest

from quecsim.uart.port_kind import UART, USB, port_kind
from quecsim.uart.rate import PacketRate, UartRate, UnlimitedRate
from tests.device.bench import profile, shipped


def test_a_port_is_found_by_the_word_of_a_scenario() -> None:
    assert [port_kind(name) for name in ("uart", "usb")] == [UART, USB]


def test_each_has_its_own_part_of_the_profile() -> None:
    device = profile(uart={"rx_ring_bytes": 100}, usb={"rx_ring_bytes": 200})
    assert (UART.ring_bytes(device), USB.ring_bytes(device)) == (100, 200)
    assert USB.part(device) is device.usb


def test_each_has_its_own_timing() -> None:
    rates = [kind.rate(shipped(), 9600, "8E1") for kind in (UART, USB)]
    assert [type(rate) for rate in rates] == [UartRate, PacketRate]
    assert str(rates[0]) == "9600 8E1"


@pytest.mark.parametrize("name", ["uart", "usb"])
def test_without_a_line_there_is_no_time_and_no_loss(name: str) -> None:
    kind = port_kind(name, is_unlimited=True)
    assert isinstance(kind.rate(shipped(), 9600, "8N1"), UnlimitedRate)
    assert kind.is_lossless
    assert kind.is_serial == port_kind(name).is_serial
