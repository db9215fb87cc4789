"""The lines of Bluetooth LE, of a device that is driven by hand."""

import pytest

from quecsim.border.ble import Came, Heard, Joined, MtuIs, Parameters, ParametersAre, Subscribed
from quecsim.render.dialogue import Dialogue, Group
from quecsim.trace.event import BleAsked, BleCame, BleGone, BleHeard, BleLost, Event

_IN_WORDS = "address=58d391010203 is_central=False interval=24 latency=0 timeout=500"


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (
            BleAsked(0, "advertise", words="name=Pump address=c8e4 interval_ns=100000000"),
            "the device advertises as Pump, every 100.0 ms",
        ),
        (
            BleAsked(0, "scan", words="interval_ns=100000000 window_ns=30000000"),
            "the device scans 30.0 ms of every 100.0 ms",
        ),
        (BleAsked(0, "notify", "fff2", 40, 20, "x"), "notifies of fff2: 20 bytes (40..59)"),
        (
            BleAsked(0, "write", "fff2", 0, 1, "x", "is_request=True"),
            "writes fff2: 1 byte (0), and wants an answer",
        ),
        (BleAsked(0, "hold", words="is_on=True"), "takes no more data from the air"),
        (BleGone(0, 40, 20), "20 bytes (40..59) have reached the other side"),
        (
            BleCame(0, Joined("58d391010203", parameters=Parameters(24, 4, 500))),
            "on its way to the device: 58d391010203 connects, 30.0 ms interval, latency 4, "
            "supervision time-out 5.000 s",
        ),
        (BleCame(0, Came("fff2", b"on")), 'the other side writes fff2, 2 bytes: "on"'),
        (BleCame(0, MtuIs(247)), "the MTU is 247"),
        (BleCame(0, Subscribed("fff2", is_on=True)), "wants notifications of fff2"),
        (BleCame(0, Heard("58d391010203", name="Scale")), "58d391010203 Scale advertises, -60 dBm"),
        (BleCame(0, ParametersAre(Parameters(6))), "from now on 7.5 ms interval"),
        (BleHeard(0, "joined", words=_IN_WORDS), "58d391010203 connects, 30.0 ms interval, "),
        (BleHeard(0, "left", words="why=timeout"), "disconnected: nothing was heard"),
        (BleHeard(0, "came", "fff2", 3, 9), "9 bytes (3..11) have come for fff2"),
        (BleHeard(0, "refused", "fff2", words="error=3"), "fff2 was refused, ATT error 3"),
    ],
)
def test_what_happens_on_the_air_has_a_line(event: Event, text: str) -> None:
    (line,) = Dialogue().feed([event])
    assert line.group is Group.NET
    assert not line.is_loud
    assert text in line.text


def test_lost_data_is_loud_and_says_which_bytes() -> None:
    (line,) = Dialogue().feed([BleLost(0, "up", "fff2", 1024, 153, "there is no connection")])
    assert line.is_loud
    assert line.text == (
        "LOST 153 bytes of the host's, 1024..1176 of all to the air, fff2: there is no connection"
    )
