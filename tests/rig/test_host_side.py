"""What the host does with its lines: a break, DTR; and the device's lines as it sees them."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.device.power import PowerState
from quecsim.flash.stall import AddedStall
from quecsim.profiles.loader import load_profile
from quecsim.rig import Rig, RigConfig
from quecsim.run.replay import replay
from quecsim.trace.event import DataEnd, Event, HostBreak, HostLine, Lost, Noise, Result
from quecsim.units import ms, s, us

_UPLOAD = b'AT+QFUPL="x",100,5\r'


class Line:
    """A rig whose time the test gives, with all of its events."""

    def __init__(self, config: RigConfig | None = None, device: str = "ec200u") -> None:
        self.rig = Rig(load_profile(device), config or RigConfig())
        self.rig.start()
        self.events: list[Event] = []
        self.now_ns = 0

    def say(self, data: bytes, wait_ns: int = ms(200)) -> bytes:
        self.rig.host_write(self.now_ns, data)
        return self.wait(wait_ns)

    def wait(self, wait_ns: int) -> bytes:
        self.now_ns += wait_ns
        self.rig.advance(self.now_ns)
        self.events += self.rig.take_events()
        return b"".join(run.data for run in self.rig.take_output())

    def found(self, kind: type) -> list[Event]:
        return [event for event in self.events if type(event) is kind]

    def repeats(self) -> bool:
        self.rig.finish(self.now_ns)
        self.events += self.rig.take_events()
        return replay(self.events).is_same


def test_a_break_is_one_nul_and_swallows_the_rest() -> None:
    line = Line()
    line.say(_UPLOAD)
    line.say(b"ab")
    line.rig.host_break(line.now_ns, is_on=True)
    line.rig.host_break(line.now_ns, is_on=True)  # nothing new
    line.say(b"x" * 20, ms(1))  # some of it is still to come when the break ends
    line.rig.host_break(line.now_ns, is_on=False)
    assert b"+QFUPL: 100," in line.say(b"y" * 100)
    stored = line.rig.device.context.ufs.read_file("x")
    assert stored.startswith(b"ab\0x")
    (lost,) = line.found(Lost)
    assert isinstance(lost, Lost)
    assert (lost.cause, 0 < lost.count < 20) == ("noise", True)
    assert stored == b"ab\0" + b"x" * (20 - lost.count) + b"y" * (100 - 3 - 20 + lost.count)
    assert len(line.found(HostBreak)) == 2
    assert len(line.found(Noise)) == 1
    assert line.repeats()


def test_a_break_means_nothing_where_the_line_is_no_serial_one() -> None:
    line = Line(RigConfig(port="usb"))
    line.rig.host_break(0, is_on=True)
    assert line.say(b"AT\r") == b"AT\r\r\nOK\r\n"
    assert not line.found(HostBreak)


@pytest.mark.parametrize("device", ["ec200u", "ec200t", "m95"])
@pytest.mark.parametrize("setting", [0, 1, 2])
def test_dtr_ends_an_upload_as_it_is_set(device: str, setting: int) -> None:
    line = Line(device=device)
    if device == "m95":
        line.say(b"AT\r")
    line.say(b"AT&D%d\r" % setting)
    assert b"CONNECT" in line.say(_UPLOAD)
    line.say(b"some", ms(10))
    line.rig.host_dtr(line.now_ns, is_on=False)
    line.rig.host_dtr(line.now_ns, is_on=True)
    reply = line.wait(s(1))
    ends = setting > 0 and device != "m95"
    assert (b"+QFUPL: 4," in reply) == ends
    whys = [event.why for event in line.events if isinstance(event, DataEnd)]
    assert whys == (["dtr"] if ends else [])
    if ends:
        assert [event for event in line.events if isinstance(event, Result)][-1].text == "OK"
    assert line.repeats()


def test_dtr_means_nothing_without_wires() -> None:
    line = Line(RigConfig(has_wires=False))
    line.say(_UPLOAD)
    line.rig.host_dtr(line.now_ns, is_on=False)
    line.wait(s(1))
    assert not line.found(DataEnd)


def test_the_lines_of_the_device() -> None:
    line = Line()
    assert (line.rig.cts, line.rig.dsr, line.rig.dcd) == (True, True, False)
    line.say(b"AT&C0\r")
    assert line.rig.dcd
    line.rig.cut_power(line.now_ns)
    assert line.rig.device.power is PowerState.OFF
    assert (line.rig.cts, line.rig.dsr, line.rig.dcd) == (False, False, False)
    assert not Line(RigConfig(has_wires=False)).rig.cts


def test_cts_says_stop_where_the_ring_is_full() -> None:
    line = Line(RigConfig(ifc=(2, 2), stalls=(AddedStall(s(1), at_byte=1),)))
    line.say(_UPLOAD.replace(b"100", b"9000"))
    line.rig.host_write(line.now_ns, b"x" * 9000)
    seen = set()
    while line.rig.host_queued:
        line.wait(ms(1))
        seen.add(line.rig.cts)
    assert seen == {True, False}


def test_a_host_that_sets_nothing_follows_the_device() -> None:
    line = Line()
    line.rig.host_line(0, 9600, "8N1", "none")
    line.rig.host_line(0, 0, "", "none")
    line.say(b"AT+IPR=921600\r")
    assert line.say(b"AT\r") == b"AT\r\r\nOK\r\n"
    kinds = {type(event).__name__ for event in line.events}
    assert "LineMismatch" not in kinds
    assert len(line.found(HostLine)) == 2
    assert line.repeats()


def _write(rig: Rig, now_ns: int, number: int) -> None:
    rig.host_write(now_ns, (b"AT\r", _UPLOAD, b"x" * 90, b"y" * 3000)[number % 4])


DOES: tuple[Callable[[Rig, int, int], None], ...] = (
    _write,
    lambda rig, now_ns, number: rig.host_break(now_ns, is_on=bool(number % 2)),
    lambda rig, now_ns, number: rig.host_dtr(now_ns, is_on=bool(number % 2)),
    lambda rig, now_ns, number: rig.host_rts(now_ns, is_on=bool(number % 2)),
    lambda rig, now_ns, number: rig.host_discard(now_ns),
    lambda rig, now_ns, number: rig.host_line(
        now_ns, *((115_200, "8N1"), (9600, "7E1"), (0, ""))[number % 3], "none"
    ),
)
ACTS = st.lists(
    st.tuples(st.integers(0, ms(30)), st.sampled_from(DOES), st.integers(0, 11)), max_size=25
)


def played(
    acts: list[tuple[int, Callable[[Rig, int, int], None], int]], config: RigConfig, *, looks: bool
) -> list[Event]:
    """What happened; where somebody `looks`, also every 100 us. Bytes are counted all along."""
    rig, now_ns = Rig(load_profile("ec200u"), config), 0
    rig.start()
    for wait_ns, does, number in acts:
        while looks and wait_ns > us(100):
            now_ns, wait_ns = now_ns + us(100), wait_ns - us(100)
            rig.advance(now_ns)
        now_ns += wait_ns
        does(rig, now_ns, number)
    rig.advance(now_ns + ms(50))
    rig.check()
    rig.finish(now_ns + ms(50))
    return rig.take_events()


@given(ACTS, st.booleans(), st.sampled_from([(0, 0), (2, 2)]))
@settings(max_examples=40, deadline=None)
def test_whatever_the_host_does_with_its_lines(
    acts: list[tuple[int, Callable[[Rig, int, int], None], int]],
    garbles: bool,
    ifc: tuple[int, int],
) -> None:
    config = RigConfig(garbles=garbles, ifc=ifc)
    events = played(acts, config, looks=False)
    assert played(acts, config, looks=True) == events
    assert replay(events).is_same
