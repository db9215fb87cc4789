"""Power goes at every flash operation, and at any other moment: what was closed is still there.

The story is told to the device by a host: two uploads, a file written through a handle, one
deleted. A step that the device has answered with OK is done for good; a step that power cut short
has happened, or has not, or (an upload) has left a beginning of the file.
"""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.device.power import PowerState
from quecsim.flash.timing import FlashMode
from quecsim.rig import RigConfig
from quecsim.trace.event import Lost, Power
from quecsim.units import ms, s
from tests.laws.driver import Setup, law
from tests.laws.host import Host
from tests.laws.strategies import pattern

DEVICES = ("ec200u", "ec200t", "m95")
KEPT = {"old": pattern(5000), "inline": b"a few bytes", "doomed": pattern(700)}
FIRST, SECOND, WRITTEN = pattern(3000, 1), pattern(9000, 2), pattern(1500, 3)


@dataclass(frozen=True)
class Act:
    """A command, data for it, and what the storage holds after it: name and content."""

    command: bytes
    data: bytes = b""
    name: str = ""
    content: bytes | None = None


STORY = (
    Act(b'AT+QFUPL="first",3000', FIRST, "first", FIRST),
    Act(b'AT+QFOPEN="written"', b"", "written", b""),
    Act(b"AT+QFWRITE=1027,1000", WRITTEN[:1000], "written", WRITTEN[:1000]),
    Act(b'AT+QFDEL="doomed"', b"", "doomed", None),
    Act(b'AT+QFUPL="second",9000', SECOND, "second", SECOND),
    Act(b"AT+QFWRITE=1027,500", WRITTEN[1000:], "written", WRITTEN),
    Act(b"AT+QFCLOSE=1027", b"", "written", WRITTEN),
)


def setup(device: str = "ec200u", mode: FlashMode = FlashMode.TYPICAL, seed: int = 1) -> Setup:
    config = RigConfig(contents=dict(KEPT), flash_mode=mode, seed=seed, ipr=115_200)
    big_ring = {"rx_ring_bytes": 16_384}  # not the subject here: nothing is lost on the line
    files = {"block_count": 24, "ufs_bytes": 0, "first_handle": 1027}
    return Setup({"uart": big_ring, "files": files}, config, device)


def tell(host: Host, cut_ns: int | None = None) -> int:
    """Act by act until power goes; returns how many acts were answered with OK."""
    for done, act in enumerate(STORY):
        heard = b""
        for data, wait_ns in ((act.command + b"\r", ms(500)), (act.data, s(4))):
            host.send(data)
            heard += _wait(host, wait_ns, cut_ns)
            if host.rig.device.power is PowerState.OFF:
                return done + heard.endswith(b"OK\r\n")
        assert heard.endswith(b"\r\nOK\r\n"), heard
    return len(STORY)


def _wait(host: Host, duration_ns: int, cut_ns: int | None) -> bytes:
    end_ns = host.now_ns + duration_ns
    heard = b""
    if cut_ns is not None and cut_ns <= end_ns and host.rig.nor.power_cuts == 0:
        heard = host.pause(cut_ns - host.now_ns)
        host.rig.cut_power(host.now_ns)
        assert host.rig.nor.power_cuts == 1
    return heard + host.pause(end_ns - host.now_ns)


def assert_survived(host: Host, done: int) -> None:
    """Power comes back: the files are what they may be, and the device works."""
    rig = host.rig
    rig.power_on(host.now_ns)
    heard = host.pause(s(15))
    assert heard.startswith(b"\r\nRDY\r\n")
    assert host.ask(b"AT") == b"AT\r\r\nOK\r\n"

    ufs = rig.device.context.ufs
    files = {name: ufs.read_file(name) for name, _ in ufs.files()}
    assert files["old"] == KEPT["old"]
    assert files["inline"] == KEPT["inline"]
    finished: dict[str, bytes | None] = {"doomed": KEPT["doomed"]}
    finished.update({act.name: act.content for act in STORY[:done]})
    torn = STORY[done] if done < len(STORY) else None
    for name, content in finished.items():
        if torn is None or name != torn.name:
            assert files.get(name) == content, name
    if torn is not None:
        assert_before_or_after(files.get(torn.name), finished.get(torn.name), torn)

    host.ask(b'AT+QFDEL="second"')
    host.send(b'AT+QFUPL="second",9000\r')
    host.wait_for(b"CONNECT\r\n")
    host.send(SECOND)
    host.wait_for(b"OK\r\n")
    assert ufs.read_file("second") == SECOND
    rig.finish(host.now_ns)
    assert_counted(host)


def assert_before_or_after(found: bytes | None, before: bytes | None, torn: Act) -> None:
    if found is None:
        assert before is None or torn.content is None
    else:
        whole = torn.content if torn.content is not None else before
        assert whole is not None
        assert whole.startswith(found)
        assert before is None or len(found) >= len(before)


def assert_counted(host: Host) -> None:
    counters = host.rig.counters()
    events = host.rig.take_events()
    places = ("stored", "eaten", "lost", "in_flight")
    assert counters["sent"] == sum(counters[place] for place in places)
    assert counters["lost"] == sum(e.count for e in events if isinstance(e, Lost))
    assert [e.why for e in events if isinstance(e, Power)].count("power cut") == 1


def test_the_story_without_a_cut() -> None:
    host = Host(setup().rig())
    assert tell(host) == len(STORY)
    assert host.rig.nor.power_cuts == 0
    ufs = host.rig.device.context.ufs
    assert [ufs.read_file(name) for name in ("first", "second", "written")] == [
        FIRST, SECOND, WRITTEN,
    ]  # fmt: skip
    assert ufs.stat("doomed") is None


@pytest.mark.parametrize("device", DEVICES)
def test_cut_at_every_flash_operation(device: str) -> None:
    fired, outcomes = 0, set()
    while True:
        host = Host(setup(device).rig())
        nor = host.rig.nor
        before = nor.programs + nor.erases
        nor.cut_after_operations = fired + 1
        done = tell(host)
        if not nor.power_cuts:
            break
        fired += 1
        assert host.rig.device.power is PowerState.OFF
        outcomes.add(done)
        assert_survived(host, done)
    assert fired == nor.programs + nor.erases - before > 25
    assert outcomes == set(range(len(STORY) - 1))  # closing what is synced touches no flash


@law(90)
@given(
    device=st.sampled_from((*DEVICES, "bg95")),  # which makes a file safe on the way
    act=st.integers(0, len(STORY) - 1),
    within_ns=st.integers(0, ms(1800)),
    mode=st.sampled_from([FlashMode.TYPICAL, FlashMode.WORST, FlashMode.DRAWN]),
    seed=st.integers(0, 9),
)
def test_cut_at_any_time(device: str, act: int, within_ns: int, mode: FlashMode, seed: int) -> None:
    host = Host(setup(device, mode, seed).rig())
    done = tell(host, act * ms(4500) + within_ns)
    assert host.rig.nor.power_cuts == 1
    assert_survived(host, done)
