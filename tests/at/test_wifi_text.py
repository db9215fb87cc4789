"""The two ways in which Wi-Fi devices write what they say, in one place."""

import pytest
from msgspec.structs import replace

from quecsim.at.station import Addresses
from quecsim.at.wifi_text import addresses_text, event_head, head, said, word
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Wifi

OWN = Addresses("192.0.2.2", "255.255.255.0", "192.0.2.1", "192.0.2.3")


def wifi(name: str) -> Wifi:
    own = load_profile(name).wifi
    assert own is not None
    return own


def test_in_quotes_behind_a_blank() -> None:
    own = wifi("fcm242d")
    assert head(own, "+QVERSION") == "+QVERSION: "
    assert word(own, "GOT_IP") == '"GOT_IP"'
    assert said(own, "+QAPSTAT", "AP_UP") == '+QAPSTAT: "AP_UP"'
    text = '"192.0.2.2","192.0.2.1","255.255.255.0","192.0.2.9"'
    assert addresses_text(own, OWN, "192.0.2.9") == text


def test_bare_and_the_addresses_by_their_names() -> None:
    own = wifi("fc41d")
    assert head(own, "+QVERSION") == "+QVERSION:"
    assert word(own, "GOT_IP") == "GOT_IP"
    assert said(own, "+QAPSTAT", "AP_UP") == "+QAPSTAT:AP_UP"
    text = "ip:192.0.2.2,gate:192.0.2.1,mask:255.255.255.0,dns:192.0.2.9"
    assert addresses_text(own, OWN, "192.0.2.9") == text


@pytest.mark.parametrize(
    ("name", "blank", "expected"),
    [
        ("fcm242d", True, "+QSTASTAT: "),
        ("fcm242d", False, "+QSTASTAT:"),
        ("fc41d", True, "+QSTASTAT:"),
        ("fc41d", False, "+QSTASTAT:"),
    ],
)
def test_an_event_has_a_blank_only_where_both_say_so(name: str, blank: bool, expected: str) -> None:
    assert event_head(replace(wifi(name), station_blank=blank)) == expected
