"""Whatever the host types and the world does, in whatever order: all that tells of Wi-Fi tells
the same, the codes tell a story that can be, what runs over it hears of its end, and the record
repeats it.
"""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.at.access_point import THE_USUAL, AccessPoint
from quecsim.at.station import Gone, Standing
from quecsim.at.surroundings import Provision, Surroundings, Wake, WifiClient
from quecsim.at.wlan import Wlan
from quecsim.faults import RegistrationLost, WifiDeauth
from quecsim.rig import Rig
from quecsim.run.replay import replay
from quecsim.units import ms, s
from tests.device.bench import Bench
from tests.device.wifi import shipped
from tests.laws.driver import law

GUEST = "00:00:5e:00:53:0a"
POINTS = (
    THE_USUAL,
    AccessPoint(ssid="open", rssi_dbm=-70, address="10.0.0.5", gateway="10.0.0.1"),
    AccessPoint(ssid="mute", dhcp=False),
)
_STATIC = '"192.168.7.7","255.255.255.0","192.168.7.1","192.168.7.2"'
COMMANDS = (
    '+QSTAAPINFO="testssid","123456789"', '+QSTAAPINFODEF="testssid","123456789"',
    '+QSTAAPINFO="open"', '+QSTAAPINFODEF="open"', '+QSTAAPINFO="mute"', '+QSTAAPINFO="nowhere"',
    '+QSTAAPINFO="testssid","another-key"', "+QSTAAPINFORMV", "+QSTASTOP", "+QSTADHCP=0",
    "+QSTADHCP=1", f"+QSTASTATIC={_STATIC}", '+QIDNSCFG="9.9.9.9"', '+QSOFTAP="own"',
    '+QSOFTAP="own","12345678"', "+QSOFTAPSTOP", f"+QAPSTATIC={_STATIC}", "+QAIRKISS=1",
    "+QAIRKISS=0", "+QWEBCFG=1", "+QWSCAN", "+QSCLK=1", "+QSCLK=0",
)  # fmt: skip
SLEEPS = ("+QSCLK=2", "+QSCLK=3")
WORLD = (
    Rig.deauthenticate, Rig.lose_registration, Rig.find_network, Rig.find_network, Rig.cut_power,
    lambda rig, now_ns: rig.client_comes(now_ns, GUEST),
    lambda rig, now_ns: rig.client_goes(now_ns, GUEST),
    lambda rig, now_ns: rig.provision(now_ns, "open"),
    lambda rig, now_ns: rig.inject(now_ns, WifiDeauth(at_ms=0)),
    lambda rig, now_ns: rig.inject(now_ns, RegistrationLost(at_ms=300, for_ms=3000)),
)  # fmt: skip
_FINAL = re.compile(rb"\r\n(?:OK|ERROR)\r\n")
_EVENT = re.compile(r'\+(QSTASTAT|QAPSTAT): "(\w+)"')


def wlan_of(bench: Bench) -> Wlan:
    wlan = bench.rig.device.context.wlan
    assert wlan is not None
    return wlan


class Story:
    """What a host knows that has only read the codes; it forgets with the device."""

    def __init__(self, bench: Bench) -> None:
        self.is_joined = wlan_of(bench).station.is_connected
        self.has_ap = False
        self.guests = 0

    def read(self, text: str) -> None:
        for kind, event in _EVENT.findall(text):
            if kind == "QSTASTAT":
                assert self.is_joined is (event in ("WLAN_DISCONNECTED", "GOT_IP")), event
                self.is_joined = event in ("WLAN_CONNECTED", "GOT_IP")
            elif event in ("AP_UP", "AP_DOWN"):
                assert self.has_ap is (event == "AP_DOWN"), event
                self.has_ap, self.guests = event == "AP_UP", 0
            else:
                self.guests += 1 if event == "AP_CONNECT" else -1
                assert self.has_ap
                assert self.guests in (0, 1)


def type_line(bench: Bench, line: str) -> str:
    """What comes until the line is answered."""
    bench.send(f"AT{line}\r".encode())
    said = b""
    for _ in range(400):
        said += bench.run_for(ms(20))
        if _FINAL.search(said):
            return said.decode()
    raise AssertionError(f"no answer to {line}: {said!r}")


def check(bench: Bench, story: Story) -> None:
    """All that can be asked, and what the host was told, agree."""
    station, ap = wlan_of(bench).station, wlan_of(bench).ap
    before = (station.standing, ap.is_up, len(ap.clients))
    asked = '+QSTAST;+QAPSTATE;+QGETIP="station";+QGETIP="ap";+QIDNSCFG?;+QSTADHCP?'
    text = type_line(bench, asked)
    hotspot = type_line(bench, "+QGETWIFISTATE")
    story.read(text + hotspot)
    if (station.standing, ap.is_up, len(ap.clients)) != before:
        return  # it went on between two of the queries
    assert ('"STATION_UP"' in text) is (station.standing is not Standing.DOWN)
    assert ('"SOFTAP_UP"' in text) is ap.is_up is story.has_ap
    assert ("ssid=" in hotspot) is station.is_connected
    own, theirs = re.findall(r'\+QGETIP: "(.*?)","(.*?)","(.*?)","(.*?)"', text)
    assert (own[0] != "0.0.0.0") is (station.standing is Standing.GOT_IP)
    assert (theirs[0] != "0.0.0.0") is ap.is_up
    if station.standing is Standing.GOT_IP:
        assert f'+QIDNSCFG: "{own[3]}"' in text
    assert wlan_of(bench).is_online is (ap.is_up or station.standing is Standing.GOT_IP)


steps = st.lists(
    st.one_of(
        st.sampled_from(COMMANDS),
        st.sampled_from(COMMANDS),
        st.sampled_from(SLEEPS),
        st.sampled_from(WORLD),
        st.sampled_from((ms(1), ms(700), s(2), s(5), s(20))),
    ),
    min_size=1,
    max_size=14,
)


def act(bench: Bench, step: Any, story: Story) -> Story:
    """One step; a story that begins anew where the device does."""
    if isinstance(step, int):
        story.read(bench.run_for(step).decode())
    elif step in SLEEPS:
        story.read(type_line(bench, step))
        bench.send(b"AT\r")
        story.read(bench.run_for(s(7)).decode())
        bench.rig.wake(bench.now_ns)
        story = Story(bench) if step == "+QSCLK=3" else story
        story.read(bench.run_for(s(2)).decode())
    elif isinstance(step, str):
        story.read(type_line(bench, step))
    else:
        step(bench.rig, bench.now_ns)
        if step is Rig.cut_power:
            story = Story(bench)
            bench.unseen()
            bench.rig.power_on(bench.now_ns)
            story.read(bench.run_for(s(2)).decode())
    return story


@law(80)
@given(steps, st.booleans(), st.booleans(), st.booleans())
def test_all_tell_the_same_and_the_record_repeats_it(
    script: list[Any], is_joined: bool, has_network: bool, is_up: bool
) -> None:
    around = Surroundings(
        access_points=POINTS,
        is_joined=is_joined,
        clients=(WifiClient(mac=GUEST, at_ms=9000, leaves_ms=15_000),),
        provisions=(Provision(ssid="open", at_ms=12_000),),
        wakes=(Wake(at_ms=20_000),),
    )
    bench = Bench(shipped(), around=around, has_network=has_network, is_up=is_up)
    story = Story(bench)
    losses: list[Gone] = []
    wlan_of(bench).on_down.append(lambda _contexts, why: losses.append(why))
    story.read(bench.run_for(s(2)).decode())
    for step in script:
        was_online = wlan_of(bench).is_online
        story = act(bench, step, story)
        if was_online and not wlan_of(bench).is_online:
            assert losses, "nobody heard that Wi-Fi is gone"
        losses.clear()
        check(bench, story)
    bench.rig.finish(bench.now_ns)
    record = bench.record()
    again = replay(record)
    assert (again.same, again.was, again.now) == (len(record), None, None)


_STATES: dict[str, list[Any]] = {
    "down": ["+QSTASTOP"],
    "joining": ['+QSTAAPINFO="nowhere"'],
    "connected": ['+QSTAAPINFO="mute"', s(6)],
    "got ip": [],
    "an access point": ["+QSTASTOP", '+QSOFTAP="own"'],
    "both": ['+QSOFTAP="own"'],
    "listening": ["+QAIRKISS=1", "+QWEBCFG=1"],
    "without dhcp": ["+QSTADHCP=0", f"+QSTASTATIC={_STATIC}"],
}


@pytest.mark.parametrize("line", COMMANDS)
@pytest.mark.parametrize("state", sorted(_STATES))
def test_every_command_in_every_state_answers_in_its_time(state: str, line: str) -> None:
    bench = Bench(shipped(), around=Surroundings(access_points=POINTS))
    story = Story(bench)
    for step in _STATES[state]:
        story = act(bench, step, story)
    story.read(bench.run_for(ms(500)).decode())
    sent_ns = bench.now_ns
    text = type_line(bench, line)
    story.read(text)
    assert text.endswith("OK\r\n") or "\r\nOK\r\n" in text
    most_ms = 3300 if "QSOFTAP=" in line else 3000 if line == "+QWSCAN" else 300
    assert bench.now_ns - sent_ns <= ms(most_ms)
    check(bench, story)
    story.read(bench.run_for(s(30)).decode())
    check(bench, story)
