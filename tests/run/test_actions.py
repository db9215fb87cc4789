"""What is common to all who steer a device: faults from values."""

import re
from typing import Any

import pytest

from quecsim.errors import QuecsimError
from quecsim.faults import AckLost, BitFlip, PowerCutFault
from quecsim.run.actions import make_fault
from quecsim.scenario.options import make_scenario
from quecsim.virtual.device import VirtualDevice


def test_a_fault_from_its_kind_and_values() -> None:
    assert make_fault("power_cut", {"at_ms": 0, "off_ms": 5}) == PowerCutFault(at_ms=0, off_ms=5)
    assert make_fault(AckLost(ack=2), {}) == AckLost(ack=2)


@pytest.mark.parametrize(
    ("fault", "values", "words"),
    [
        ("powercut", {}, "there is no fault 'powercut'.*Did you mean \"power_cut\"?"),
        ("power_cut", {"at": 1}, 'unknown key "at".*at_ms'),
        ("ack_late", {"ack": 1, "delya_ms": 5}, 'unknown key "delya_ms".*mean "delay_ms"'),
        ("ack_late", {"ack": 1}, "delay_ms is missing"),
        ("ack_late", {"ack": 1, "delay_ms": "x"}, 'delay_ms must be a whole number .*, not "x"'),
        ("ack_late", {"ack": 1, "delay_ms": object()}, "delay_ms must be a whole number"),
        ("power_cut", {"at_ms": -1}, "at_ms must be a whole number from 0 .*, not -1"),
        ("power_cut", {}, "power_cut needs at_byte, at_ms or at_flash_op"),
        ("echo_on", {"x": 1}, 'unknown key "x"'),
        (AckLost(ack=0), {}, "ack must be a whole number from 1"),
        (AckLost(), {"ack": 1}, "has its values already"),
    ],
)
def test_a_fault_that_cannot_be(fault: Any, values: dict[str, Any], words: str) -> None:
    with pytest.raises(QuecsimError) as caught:
        make_fault(fault, values)
    assert re.search(words, str(caught.value), re.DOTALL)


def test_a_flash_that_cannot_be_read_is_told_to_who_looks_into_it() -> None:
    with VirtualDevice(make_scenario("ec200t", files={"a": b"abc"})) as device:
        assert device.files() == {"UFS:a": 3}
        for address in (0, 4096):
            device.inject(BitFlip(address=address))
        device.settle()
        for look in (device.files, lambda: device.read_file("a"), device.restore_firmware):
            with pytest.raises(QuecsimError, match=r"the device's flash: .*cannot be") as caught:
                look()
            assert "damaged" in caught.value.hint
        assert device.power == "booting"
