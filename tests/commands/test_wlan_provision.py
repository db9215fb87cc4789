"""An access point given from outside: by AirKiss, or by a web page."""

import pytest

from tests.device.bench import ERROR, OK
from tests.device.wifi import fresh


@pytest.mark.parametrize("command", ["+QAIRKISS", "+QWEBCFG"])
def test_switched_on_and_off(command: str) -> None:
    bench = fresh()
    assert bench.ask(f"AT{command}=1") == bench.ask(f"AT{command}=0") == OK
    for wrong in ("=2", "=", "", "?", "=1,1"):
        assert bench.ask(f"AT{command}{wrong}") == ERROR
