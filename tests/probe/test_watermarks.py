"""RTS levels, to the byte."""

import pytest
from msgspec.structs import replace

from quecsim.probe import ring, watermarks
from quecsim.probe.finding import NotMeasuredError
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Ring
from tests.probe.long_bench import found_by, on_bench


@pytest.mark.parametrize(
    ("name", "size", "off", "on"),
    [("ec200u", 2048, 1501, 700), ("m95", 500, 300, 33), ("ec200t", 3000, 2999 - 60, 17)],
)
def test_to_the_byte(name: str, size: int, off: int, on: int) -> None:
    levels = Ring(rx_bytes=size, rts_off_bytes=off, rts_on_bytes=on)
    scenario = replace(make_scenario(name), ring=levels)
    with on_bench(name, scenario=scenario) as bench:
        found = found_by(bench, ring.STEP, watermarks.STEP)
        assert bench.command("AT+IFC?").info("+IFC:") == ["0,0"]
    assert (found[watermarks.OFF].value, found[watermarks.ON].value) == (off, on)
    assert found[watermarks.SCOPE].value == "data"


def test_a_module_that_never_says_stop() -> None:
    levels = Ring(rx_bytes=600, rts_off_bytes=599, rts_on_bytes=10)
    scenario = replace(make_scenario("ec200u"), ring=levels)
    with (
        on_bench("ec200u", scenario=scenario) as bench,
        pytest.raises(NotMeasuredError, match="CTS stays on"),
    ):
        found_by(bench, ring.STEP, watermarks.STEP)
