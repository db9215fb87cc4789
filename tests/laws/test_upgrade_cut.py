"""Power goes at every flash operation of a firmware upgrade, and at any other moment.

The device is dead from the moment its old firmware is marked until the new one is whole, which is
between START and END, and until somebody puts the firmware back. At any other time it comes back:
with the old firmware, or with the new one if the upgrade had come to its end. An upgrade that waits
for a restart (mode 0) goes on after the cut.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.device.power import PowerState
from quecsim.firmware.package import build_package
from quecsim.flash.timing import FlashMode
from quecsim.rig import RigConfig
from quecsim.trace.event import Event, FlashBusy, HostBytes, Lost, Power, Stored, Urc
from quecsim.units import ms, s
from tests.laws.driver import Setup, device_profile, law
from tests.laws.host import Host
from tests.laws.strategies import TARGET, pattern

KEPT = {"old": pattern(5000), "inline": b"a few bytes"}
UPDATES = 5  # how many UPDATING messages there are
TIMES_MS = {"start_ms": 50, "begin_ms": 200, "update_ms": 1000, "reboot_ms": 100, "idle_ms": 2000}
LEFT = ("fota-package", "fota-pending", "firmware-upgrading")


def package(device: str) -> bytes:
    return build_package(pattern(6000), device_profile(device).identity.revision, TARGET)


def setup(device: str = "ec200t", mode: FlashMode = FlashMode.TYPICAL, seed: int = 1) -> Setup:
    config = RigConfig(contents=dict(KEPT), flash_mode=mode, seed=seed)
    big_ring = {"rx_ring_bytes": 16_384}  # not the subject here: nothing is lost on the line
    files = {"block_count": 24, "ufs_bytes": 0}
    return Setup({"uart": big_ring, "files": files, "fota": TIMES_MS}, config, device)


def qfotadl(mode: int, length: int) -> bytes:
    return b'AT+QFOTADL="FILE:%d",%d,0,%d\r' % (length, mode, UPDATES)


@dataclass
class Said:
    """The messages of the upgrade that the device has sent before the power went."""

    texts: list[str]

    def has(self, text: str) -> bool:
        return any(said == f'+QIND: "FOTA",{text}' for said in self.texts)

    @property
    def updates(self) -> int:
        return sum('"UPDATING"' in said for said in self.texts)


def texts(events: list[Event]) -> Said:
    return Said([event.text for event in events if isinstance(event, Urc)])


def tell(host: Host, mode: int, cut_ns: int | None = None) -> list[Event]:
    """The whole upgrade, or up to where power goes; everything that happened."""
    whole = package(host.rig.profile.name)
    for data, wait_ns in ((qfotadl(mode, len(whole)), ms(300)), (whole, s(20))):
        if host.rig.device.power is not PowerState.OFF:
            host.send(data)
            _pause(host, wait_ns, cut_ns)
    return host.rig.take_events()


def _pause(host: Host, duration_ns: int, cut_ns: int | None) -> None:
    end_ns = host.now_ns + duration_ns
    if cut_ns is not None and cut_ns <= end_ns:
        host.pause(cut_ns - host.now_ns)
        host.rig.cut_power(host.now_ns)
    host.pause(end_ns - host.now_ns)


def power(host: Host) -> PowerState:
    return host.rig.device.power


def assert_survived(host: Host, mode: int, said: Said) -> str:
    """Power comes back: the device does what it must; what that was, in a word."""
    rig = host.rig
    assert power(host) is PowerState.OFF
    rig.power_on(host.now_ns)
    host.pause(s(20))
    later = texts(rig.take_events())
    if power(host) is PowerState.DEAD:
        assert said.has('"START"')
        assert not said.has('"END",0')
        assert_dead_until_restored(host)
        outcome = "dead"
    else:
        outcome = assert_alive(host, mode, said, later)
    assert_usable(host)
    return outcome


def assert_alive(host: Host, mode: int, said: Said, later: Said) -> str:
    rig = host.rig
    assert rig.device.power is PowerState.ON
    assert said.updates in (0, UPDATES)  # between them it is dead
    revision = rig.device.context.revision
    assert revision in (rig.profile.identity.revision, TARGET)
    if later.has('"END",0'):  # it was put off, and has been done now
        assert mode == 0
        assert said.updates == 0
        assert revision == TARGET
        return "went on"
    assert not later.has('"START"')
    assert (revision == TARGET) is (said.updates == UPDATES)
    return "new" if revision == TARGET else "old"


def assert_dead_until_restored(host: Host) -> None:
    rig = host.rig
    for _ in range(2):
        host.send(b"AT\r")
        assert host.pause(s(10)) == b""
        rig.cut_power(host.now_ns)
        rig.power_on(host.now_ns)
        host.pause(s(10))
        assert rig.device.power is PowerState.DEAD
    rig.restore_firmware(host.now_ns)
    assert host.pause(s(15)).startswith(b"\r\nRDY\r\n")
    assert rig.device.context.revision == rig.profile.identity.revision


def assert_usable(host: Host) -> None:
    """It answers, nothing of the upgrade is left, the files are whole, the bytes are counted."""
    rig = host.rig
    assert host.ask(b"AT") == b"AT\r\r\nOK\r\n"
    ufs = rig.device.context.ufs
    assert [name for name in LEFT if ufs.system_size(name) is not None] == []
    assert {name: ufs.read_file(name) for name, _ in ufs.files()} == KEPT
    revision = rig.device.context.revision
    again = build_package(pattern(900), revision, "EVEN.NEWER")
    host.send(qfotadl(1, len(again)))
    host.pause(ms(300))
    host.send(again)
    assert b'"END",0' in host.pause(s(20))
    assert rig.device.context.revision == "EVEN.NEWER"
    counters = rig.counters()
    assert counters["in_flight"] == 0
    assert counters["sent"] == counters["stored"] + counters["eaten"] + counters["lost"]


def assert_counted(events: list[Event]) -> None:
    stored = sum(event.count for event in events if isinstance(event, Stored))
    lost = sum(event.count for event in events if isinstance(event, Lost))
    sent = sum(len(event.data) for event in events if isinstance(event, HostBytes))
    assert 0 <= stored <= stored + lost <= sent
    assert [e.why for e in events if isinstance(e, Power)].count("power cut") == 1


@pytest.mark.parametrize("mode", [0, 1])
def test_the_upgrade_without_a_cut(mode: int) -> None:
    host = Host(setup().rig())
    said = texts(tell(host, mode))
    assert said.has('"END",0')
    assert said.updates == UPDATES
    assert host.rig.nor.power_cuts == 0
    assert host.rig.device.context.revision == TARGET
    assert_usable(host)


@pytest.mark.parametrize("mode", [0, 1])
def test_cut_at_every_flash_operation(mode: int) -> None:
    fired, outcomes = 0, Counter[str]()
    while True:
        host = Host(setup().rig())
        nor = host.rig.nor
        before = nor.programs + nor.erases
        nor.cut_after_operations = fired + 1
        events = tell(host, mode)
        if not nor.power_cuts:
            break
        fired += 1
        assert_counted(events)
        outcomes[assert_survived(host, mode, texts(events))] += 1
    assert fired == nor.programs + nor.erases - before > 15
    expected = {"old", "dead", "went on"} if mode == 0 else {"old", "dead"}
    assert expected <= outcomes.keys() <= {*expected, "new"}


@pytest.mark.parametrize("mode", [0, 1])
def test_power_goes_again_at_the_next_start(mode: int) -> None:
    """Clearing a torn package away, and an upgrade that was put off, are cut short as well."""
    outcomes = Counter[str]()
    for first, second in ((first, second) for first in count(1) for second in (1, 2, 3)):
        host, said = Host(setup().rig()), Said([])
        if cut_twice(host, mode, said, first, second) == 0:
            break
        if host.rig.device.power is PowerState.OFF:
            assert host.rig.nor.power_cuts == 2
            outcomes[assert_survived(host, mode, said)] += 1
    assert outcomes["old"] > 0
    assert (outcomes["went on"] > 0) is (mode == 0)


def cut_twice(host: Host, mode: int, said: Said, first: int, second: int) -> int:
    """Power goes at the flash operation `first`, and at `second` after the next start."""
    rig, nor = host.rig, host.rig.nor
    nor.cut_after_operations = first
    said.texts += texts(tell(host, mode)).texts
    if nor.power_cuts:
        nor.cut_after_operations = second
        rig.power_on(host.now_ns)
        host.pause(s(20))
        said.texts += texts(rig.take_events()).texts
    return nor.power_cuts


@law(80)
@given(
    device=st.sampled_from(["ec200t", "ec200s", "eg912y"]),
    upgrade_mode=st.integers(0, 1),
    cut_ns=st.one_of(st.integers(0, ms(2500)), st.integers(0, s(12))),
    mode=st.sampled_from([FlashMode.TYPICAL, FlashMode.WORST, FlashMode.DRAWN]),
    seed=st.integers(0, 9),
)
def test_cut_at_any_time(
    device: str, upgrade_mode: int, cut_ns: int, mode: FlashMode, seed: int
) -> None:
    host = Host(setup(device, mode, seed).rig())
    events = tell(host, upgrade_mode, cut_ns)
    assert host.rig.nor.power_cuts == 1
    assert_counted(events)
    outcome = assert_survived(host, upgrade_mode, texts(events))
    assert outcome in possible(events, cut_ns)


@pytest.mark.parametrize("mode", [0, 1])
@pytest.mark.parametrize("work", ["marked the old", "put the new", "put the upgrade off"])
def test_cut_around_a_work_that_decides(mode: int, work: str) -> None:
    """To the nanosecond: what is on the flash counts from when the flash says so."""
    whole = Host(setup().rig())
    works = [w for w in tell(whole, mode) if isinstance(w, FlashBusy) and w.why.startswith(work)]
    assert len(works) == (0 if mode and "off" in work else 1)
    for done in works:
        for cut_ns in (
            done.at_ns,
            done.at_ns + 1,
            done.until_ns - 1,
            done.until_ns,
            done.until_ns + 1,
        ):
            host = Host(setup().rig())
            events = tell(host, mode, cut_ns)
            outcome = assert_survived(host, mode, texts(events))
            assert outcome in possible(events, cut_ns), cut_ns - done.at_ns


def possible(events: list[Event], cut_ns: int) -> set[str]:
    """What may have become of the device by the works of the flash before the cut."""
    outcomes = {"old"}
    after = {"put the upgrade off": "went on", "marked the old": "dead", "put the new": "new"}
    for work in events:
        if isinstance(work, FlashBusy) and work.at_ns < cut_ns:
            reached = {name for text, name in after.items() if work.why.startswith(text)}
            if reached:
                outcomes = reached if work.until_ns <= cut_ns else outcomes | reached
    return outcomes
