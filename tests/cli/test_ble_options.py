"""What joins the Bluetooth LE of two simulators, as options say it."""

import pytest

from quecsim.cli.ble_options import bridge_from
from quecsim.errors import QuecsimError
from quecsim.live.ble_bridge import BridgeEnd
from quecsim.scenario.options import make_scenario


@pytest.mark.parametrize(
    ("listen", "connect", "end"),
    [
        (None, None, None),
        ("./air", None, BridgeEnd("./air", listens=True)),
        (None, "./air", BridgeEnd("./air", listens=False)),
    ],
)
def test_the_ends(listen: str | None, connect: str | None, end: BridgeEnd | None) -> None:
    given = {"ble_listen": listen, "ble_connect": connect}
    assert bridge_from(make_scenario("fcm242d"), given) == end


def test_one_of_them_and_only_for_a_device_that_has_it() -> None:
    with pytest.raises(QuecsimError, match="the two ends of one bridge"):
        bridge_from(make_scenario("fcm242d"), {"ble_listen": "a", "ble_connect": "b"})
    with pytest.raises(QuecsimError, match="ec200u has no Bluetooth LE"):
        bridge_from(make_scenario("ec200u"), {"ble_listen": "a", "ble_connect": None})
