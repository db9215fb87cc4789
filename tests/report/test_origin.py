"""What was run, out of the first event of its record."""

from typing import Any

import pytest

from quecsim.profiles.loader import load_profile
from quecsim.report.model import ReportOrigin
from quecsim.report.origin import origin_of
from quecsim.rig import RigConfig
from quecsim.rig.setup import start_event, with_origin
from quecsim.trace.event import Start


@pytest.mark.parametrize(
    ("device", "config", "line"),
    [
        ("ec200u", {}, "UART at 115200 8N1"),
        ("ec200u", {"ipr": 9600}, "UART at 9600 8N1"),
        ("ec200u", {"port": "usb"}, "USB"),
        ("ec200u", {"is_unlimited": True}, "UART, unlimited"),
        ("m95", {}, "UART at the host's rate"),
        ("m95", {"ipr": 57_600}, "UART at 57600 8N1"),
    ],
)
def test_the_line_at_the_start(device: str, config: dict[str, Any], line: str) -> None:
    start = start_event(0, load_profile(device), RigConfig(**config), 1, is_up=True)
    assert origin_of(start).line == line


def test_where_it_came_from() -> None:
    told = {"name": "mine", "version": "9", "date": "2026-01-02", "command": ("up", "{port}")}
    config = with_origin(RigConfig(), **told)
    assert origin_of(start_event(0, load_profile("ec200u"), config, 1, is_up=True)) == ReportOrigin(
        "Quectel EC200U", "UART at 115200 8N1", "mine", "9", "2026-01-02", ["up", "{port}"]
    )


def test_without_the_devices_values() -> None:
    assert origin_of(Start(0, "m95", 1, "uart", {})) == ReportOrigin("m95")
