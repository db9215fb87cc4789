"""Options on top of a scenario: what cannot be is said, and not passed over."""

from pathlib import Path
from typing import Any

import pytest

from quecsim.errors import QuecsimError
from quecsim.scenario.options import make_scenario


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("baud", 9600), ("garble", True), ("lag_bytes", 16), ("reopen_ms", 5), ("wires", False),
        ("ifc", (2, 2)), ("ipr", 9600),
    ],
)  # fmt: skip
def test_what_is_about_the_uart_is_refused_on_usb(option: str, value: Any) -> None:
    with pytest.raises(QuecsimError, match=f"{option} has no meaning on a USB port"):
        make_scenario("ec200u", port="usb", **{option: value})
    make_scenario("ec200u", port="uart", **{option: value})
    absent: dict[str, Any] = {option: None}
    make_scenario("ec200u", port="usb", **absent)


@pytest.mark.parametrize("name", ["m95", "fcm242d", "fgm842d"])
def test_a_device_without_usb_says_so(name: str) -> None:
    with pytest.raises(QuecsimError, match=f"{name} has no USB port"):
        make_scenario(name, port="usb")


def test_a_scenario_cannot_give_it_one_either(tmp_path: Path) -> None:
    file = tmp_path / "usb.toml"
    file.write_text('title = "t"\nshows = "s"\ndevice = "m95"\n[line]\nport = "usb"\n')
    with pytest.raises(QuecsimError, match="m95 has no USB port") as caught:
        make_scenario(scenario=file)
    assert caught.value.where.endswith("usb.toml:5")


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("ifc", (1, 1), "does not take AT\\+IFC=1,1"),
        ("ipr", 14_400, "does not take AT\\+IPR=14400"),
    ],
)
def test_settings_that_the_device_does_not_take(option: str, value: Any, message: str) -> None:
    with pytest.raises(QuecsimError, match=message):
        make_scenario("ec200u", **{option: value})
