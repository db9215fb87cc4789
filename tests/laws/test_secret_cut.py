"""Power goes at every flash operation of QSECWRITE to NVRAM:, and at any other moment.

A certificate that was answered with OK is there and good. One that power cut short is not there,
or there and good, or its place is taken and it is not good; then it can be deleted and written
anew. The others stay as they were.
"""

from collections import Counter
from functools import cache
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.checksum import checksum
from quecsim.device.power import PowerState
from quecsim.flash.timing import FlashMode
from quecsim.rig import RigConfig
from quecsim.trace.event import FlashBusy, Lost, Stored
from quecsim.units import ms, s
from tests.laws.driver import Setup, law, secrets
from tests.laws.host import Host
from tests.laws.strategies import pattern

KEPT, NEW = pattern(2017, 1), pattern(1500, 2)
FILES = {"old": pattern(3000)}


def setup(mode: FlashMode = FlashMode.TYPICAL, seed: int = 1) -> Setup:
    big_ring = {"rx_ring_bytes": 16_384}  # not the subject here: nothing is lost on the line
    config = RigConfig(contents=dict(FILES), flash_mode=mode, seed=seed, ipr=115_200)
    return Setup({"uart": big_ring, "files": {"block_count": 16}}, config, "m95")


def good(data: bytes) -> tuple[bool, int]:
    return True, checksum(data)


def write(host: Host, name: str, data: bytes, cut_ns: int | None = None) -> bytes:
    """AT+QSECWRITE; `cut_ns` after its beginning power goes. What the device answered."""
    begin_ns, heard = host.now_ns, b""
    command = b'AT+QSECWRITE="%b",%d\r' % (name.encode(), len(data))
    for text, until_ns in ((command, ms(100)), (data, s(4))):
        if host.rig.device.power is PowerState.ON:
            host.send(text)
        if cut_ns is not None and host.now_ns <= begin_ns + cut_ns < begin_ns + until_ns:
            heard += host.pause(begin_ns + cut_ns - host.now_ns)
            host.rig.cut_power(host.now_ns)
        heard += host.pause(begin_ns + until_ns - host.now_ns)
    return heard


def begun(setup: Setup, *, has_kept: bool) -> Host:
    host = Host(setup.rig())
    host.pause(s(1))
    if has_kept:
        assert write(host, "NVRAM:CC0", KEPT).endswith(b"\r\nOK\r\n")
    host.rig.take_events()
    return host


def assert_survived(host: Host, heard: bytes, *, has_kept: bool) -> str:
    """Power comes back; what became of the certificate, in a word."""
    rig = host.rig
    assert rig.device.power is PowerState.OFF
    rig.power_on(host.now_ns)
    host.pause(s(20))
    assert host.ask(b"AT").endswith(b"\r\nOK\r\n")
    found = secrets(rig.device.context)
    outcome = outcome_of(found.pop("NVRAM:CA0", None))
    assert found == ({"NVRAM:CC0": good(KEPT)} if has_kept else {})
    assert outcome == "good" or not heard.endswith(b"\r\nOK\r\n")
    ufs = rig.device.context.ufs
    assert {name: ufs.read_file(name) for name, _ in ufs.files()} == FILES
    if outcome != "gone":
        assert b"+CME ERROR: 4012" in write(host, "NVRAM:CA0", NEW)
        assert host.ask(b'AT+QSECREAD="NVRAM:CA0"').startswith(
            b'AT+QSECREAD="NVRAM:CA0"\r\r\n+QSECREAD: %d,' % (outcome == "good")
        )
        assert host.ask(b'AT+QSECDEL="NVRAM:CA0"').endswith(b"\r\nOK\r\n")
    assert write(host, "NVRAM:CA0", NEW).endswith(b"\r\nOK\r\n")
    assert secrets(rig.device.context)["NVRAM:CA0"] == good(NEW)
    return outcome


def outcome_of(found: tuple[bool, int] | None) -> str:
    if found is None:
        return "gone"
    is_good, _ = found
    assert not is_good or found == good(NEW)
    return "good" if is_good else "not good"


def assert_counted(host: Host) -> None:
    counters = host.rig.counters()
    assert counters["sent"] == counters["stored"] + counters["eaten"] + counters["lost"]
    events = host.rig.take_events()
    assert sum(event.count for event in events if isinstance(event, Stored)) in (0, len(NEW))
    assert counters["lost"] == sum(e.count for e in events if isinstance(e, Lost))


@pytest.mark.parametrize("has_kept", [False, True])
def test_cut_at_every_flash_operation(has_kept: bool) -> None:
    outcomes = Counter[str]()
    for number in count(1):
        host = begun(setup(), has_kept=has_kept)
        nor = host.rig.nor
        before = nor.programs + nor.erases
        nor.cut_after_operations = number
        heard = write(host, "NVRAM:CA0", NEW)
        if not nor.power_cuts:
            break
        assert_counted(host)
        outcomes[assert_survived(host, heard, has_kept=has_kept)] += 1
    assert sum(outcomes.values()) == number - 1 == nor.programs + nor.erases - before >= 5
    assert outcomes["not good"] > 0  # its place is taken first
    assert has_kept or outcomes["gone"] > 0  # the key comes before it


@cache
def storing() -> tuple[int, int]:
    """When the flash stores the certificate, from the beginning of the command."""
    host = begun(setup(), has_kept=True)
    begin_ns = host.now_ns
    assert write(host, "NVRAM:CA0", NEW).endswith(b"\r\nOK\r\n")
    works = [event for event in host.rig.take_events() if isinstance(event, FlashBusy)]
    (work,) = (work for work in works if work.why == "storing the data")
    return work.at_ns - begin_ns, work.until_ns - begin_ns


@pytest.mark.parametrize(
    ("after_end", "shift_ns", "outcome"),
    [(False, 0, "gone"), (True, 0, "good"), (True, 1, "good"), (True, ms(5), "good")],
)
def test_cut_around_storing_it(after_end: bool, shift_ns: int, outcome: str) -> None:
    host = begun(setup(), has_kept=True)
    heard = write(host, "NVRAM:CA0", NEW, storing()[after_end] + shift_ns)
    assert host.rig.nor.power_cuts == 1
    assert_counted(host)
    assert assert_survived(host, heard, has_kept=True) == outcome


@law(80)
@given(
    cut_ns=st.one_of(st.integers(0, s(1)), st.integers(ms(200), ms(400))),
    mode=st.sampled_from([FlashMode.TYPICAL, FlashMode.WORST, FlashMode.DRAWN]),
    seed=st.integers(0, 9),
    has_kept=st.booleans(),
)
def test_cut_at_any_time(cut_ns: int, mode: FlashMode, seed: int, has_kept: bool) -> None:
    host = begun(setup(mode, seed), has_kept=has_kept)
    heard = write(host, "NVRAM:CA0", NEW, cut_ns)
    assert host.rig.nor.power_cuts == 1
    assert_counted(host)
    assert_survived(host, heard, has_kept=has_kept)
