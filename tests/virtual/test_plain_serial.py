"""A host that names pyserial's class itself."""

import pytest
import serial

import quecsim
from quecsim.virtual.port import SimulatedPort


def test_it_gets_the_port_of_the_url() -> None:
    with quecsim.open_virtual("ec200u") as device:
        with serial.Serial(device.url, 115200, timeout=1) as port:
            assert isinstance(port, SimulatedPort)
            port.write(b"AT\r")
            assert port.read_until(b"OK\r\n") == b"AT\r\r\nOK\r\n"
        with serial.Serial(baudrate=9600, port=device.url) as port:
            assert port.baudrate == 9600


def test_a_port_that_is_named_later_says_what_to_do() -> None:
    with quecsim.open_virtual("ec200u") as device:
        port = serial.Serial()
        port.port = device.url
        with pytest.raises(serial.SerialException, match="serial_for_url"):
            port.open()


def test_other_ports_are_what_they_were() -> None:
    with quecsim.open_virtual("ec200u"):
        assert type(serial.Serial()) is serial.Serial
        with pytest.raises(serial.SerialException, match="could not open port /nowhere"):
            serial.Serial("/nowhere")


def test_a_class_of_ones_own_is_left_alone() -> None:
    class Mine(serial.Serial):  # type: ignore[misc]
        pass

    with (
        quecsim.open_virtual("ec200u") as device,
        pytest.raises(serial.SerialException, match="serial_for_url"),
    ):
        Mine(device.url)
