"""What `quecsim run` tells people at once, while it runs."""

import pytest

from quecsim.cli.run import Announcer
from quecsim.trace.event import AdapterErrors, LineMismatch, Power
from quecsim.units import ms


def test_what_an_adapter_loses_is_told_each_time(capsys: pytest.CaptureFixture[str]) -> None:
    announce = Announcer()
    announce([AdapterErrors(ms(1), 1, 0, 0, 0), AdapterErrors(ms(2), 2, 5, 0, 5)])
    told = capsys.readouterr().err
    assert told.count("the adapter, not the device, has just lost bytes") == 2


def test_damaged_bytes_are_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    announce = Announcer()
    for number in range(5):
        announce([AdapterErrors(ms(number), 0, 1, 0, 1)])
    told = capsys.readouterr().err
    assert told.count("come damaged") == 1
    assert "is it at the device's rate?" in told


def test_the_line_and_the_power(capsys: pytest.CaptureFixture[str]) -> None:
    Announcer()([
        LineMismatch(0, "9600 8N1", "115200 8N1", garbled=True),
        Power(1, "up", "already up"),
        Power(2, "off", "the host asked for it"),
        Power(3, "dead", "no firmware"),
    ])  # fmt: skip
    told = capsys.readouterr().err
    assert "the host is at 9600 8N1, the device at 115200 8N1: its bytes arrive garbled" in told
    assert "already up" not in told
    assert "the device is off (the host asked for it)" in told
    assert "--restore" in told
