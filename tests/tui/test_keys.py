"""What the keys that make trouble ask for is what the catalogue of faults knows."""

from collections.abc import Mapping
from typing import Any

import pytest

from quecsim.faults.catalogue import checked, read_fault
from quecsim.tui.keys import TROUBLES, Trouble, switch_power


class Device:
    def __init__(self, power: str = "on") -> None:
        self.state = power
        self.injected: list[dict[str, Any]] = []

    def inject(self, kind: str, values: Mapping[str, Any]) -> int:
        self.injected.append({"kind": kind, **values})
        return 6 + len(self.injected)

    def power(self, to: Any = None) -> str:
        self.state = self.state if to is None else {"on": "booting", "off": "off"}[to]
        return self.state


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.name)
def test_each_is_a_fault_that_can_be(trouble: Trouble) -> None:
    device = Device()
    assert trouble.ask(device) == f"{trouble.about}: fault 7"
    assert checked(read_fault(device.injected[0])).kind == trouble.kind


def test_keys_are_told_apart() -> None:
    assert len({trouble.key for trouble in TROUBLES} | {"p", "f", "q", "h"}) == len(TROUBLES) + 4


def test_the_power_goes_and_comes_back() -> None:
    device = Device()
    assert switch_power(device) == "the power is gone: the device is off"
    assert switch_power(device) == "the power is there again: the device is booting"
