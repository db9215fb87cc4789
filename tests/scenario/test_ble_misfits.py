"""What cannot be in a scenario about who is on the air with its device."""

from typing import Any

import pytest

from quecsim.errors import QuecsimError
from tests.scenario.test_ble_peers import PHONE, SENSOR, made


@pytest.mark.parametrize(
    ("peers", "message"),
    [
        ([PHONE, PHONE], 'somebody is called "phone" already'),
        ([PHONE | {"address": "C0FFEE000002"}, SENSOR], "phone has the address c0ffee000002"),
        ([{"kind": "crowd", "count": 500, "name": name} for name in "abc"], "1500 others"),
        ([{"kind": "senser", "name": "x"}], "Did you mean"),
        ([{"kind": "phone"}], "name is missing"),
        ([{"kind": "sensor", "name": "x", "services": [{"uuid": "12"}]}], "4 or 32 hexadecimal"),
        ([{"kind": "sensor", "name": "x", "asks": {"timeout": 10, "interval": 80}}], "take 21"),
        ([{"kind": "sensor", "name": "x", "until_ms": 5, "from_ms": 5}], "after from_ms"),
        (
            [{"kind": "phone", "name": "x", "steps": [{"do": "write", "uuid": "fff2"}]}],
            "needs text",
        ),
        ([{"kind": "phone", "name": "x", "steps": [{"do": "read"}]}], "needs the uuid"),
        ([{"kind": "phone", "name": "x", "colour": "red"}], "unknown key"),
    ],
)
def test_what_cannot_be_is_told(peers: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(QuecsimError, match=message):
        made(*peers)


def test_a_device_without_bluetooth_has_nobody_on_its_air() -> None:
    with pytest.raises(QuecsimError, match="ec200u has no Bluetooth LE"):
        made(PHONE, device="ec200u")
