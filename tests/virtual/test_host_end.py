"""The host's end of a line in virtual time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.flash.stall import AddedStall
from quecsim.profiles.loader import load_profile
from quecsim.rig import Rig, RigConfig
from quecsim.trace.event import HostDiscard, HostRts
from quecsim.units import S, ms, s, us
from quecsim.virtual.clock import Clock, HostHungError
from quecsim.virtual.host_end import HostEnd, WriteTimeoutError

PROFILE = load_profile("ec200u")


def make_end(config: RigConfig | None = None, clock: Clock | None = None) -> HostEnd:
    rig = Rig(PROFILE, config)
    rig.start()
    end = HostEnd(rig, clock)
    end.open(object())
    return end


def test_a_reply_arrives_at_the_pace_of_the_line() -> None:
    end = make_end()
    end.write(b"ATE0\r", None)
    assert end.read(11, s(1)) == b"ATE0\r\r\nOK\r\n"
    assert ms(20) < end.now_ns < ms(30)


def test_a_read_waits_no_longer_than_it_may() -> None:
    end = make_end()
    assert end.read(1, ms(2500)) == b""
    assert end.now_ns == ms(2500)


def test_a_read_without_a_time_out_hangs_when_nothing_will_come() -> None:
    end = make_end()
    end.write(b"AT\r", None)
    assert end.read(9, None) == b"AT\r\r\nOK\r\n"
    with pytest.raises(HostHungError):
        end.read(1, None)


def test_silence_between_two_bytes_ends_a_read() -> None:
    end = make_end()
    end.write(b"AT\r", None)
    assert end.read(100, s(5), ms(2)) == b"AT\r"  # the reply comes later
    assert end.read(100, s(5), ms(2)) == b"\r\nOK\r\n"
    assert end.now_ns < ms(50)


def test_bytes_that_come_while_the_port_is_closed_are_dropped() -> None:
    end = make_end()
    second = object()
    end.write(b"AT\r", None)
    for opener in list(end.openers._openers):
        end.close(opener)
    end.clock.sleep(s(1))
    end.open(second)
    assert end.in_waiting == 0
    assert end.dropped == 9


@settings(max_examples=40, deadline=None)
@given(sizes=st.lists(st.integers(1, 12), min_size=1, max_size=8), cut=st.booleans())
def test_how_bytes_are_read_does_not_change_when_they_come(sizes: list[int], cut: bool) -> None:
    """Single bytes are read ahead of the model: times and bytes are those of one long read."""
    whole, pieces = make_end(), make_end()
    for end in (whole, pieces):
        end.write(b"ATI\r", None)
    expected = whole.read(sum(sizes), s(1))
    got = b""
    for size in sizes:
        if cut:
            pieces.settle()
        got += b"".join(pieces.read(1, s(1)) for _ in range(size))
    assert got == expected
    if len(got) == sum(sizes):
        assert pieces.now_ns == whole.now_ns


def test_what_was_read_ahead_does_not_come_twice() -> None:
    end = make_end()
    end.write(b"ATI\r", None)
    head = b"".join(end.read(1, s(1)) for _ in range(9))
    end.write(b"AT\r", None)
    rest = end.read(1000, s(1))
    assert (head + rest).count(b"Quectel") == 1
    assert (head + rest).startswith(b"ATI\r\r\nQuectel\r\n")
    end.rig.check()


def test_a_time_out_between_bytes_that_are_known_already_is_kept() -> None:
    end = make_end()
    end.write(b"ATI\r", None)
    assert len([end.read(1, s(1)) for _ in range(8)]) == 8
    before_ns = end.now_ns
    assert end.read(1, us(10)) == b""  # a byte takes 86.8 us
    assert end.now_ns == before_ns + us(10)
    assert end.read(1, us(100)) != b""


def test_a_write_waits_for_the_line() -> None:
    end = make_end()
    end.write(b"x" * 20_000, None)
    assert end.now_ns > s(1)


def test_flush_waits_until_the_last_byte_is_on_the_wire() -> None:
    end = make_end()
    end.write(b"x" * 1152, None)
    assert end.now_ns == 0
    end.flush()
    assert end.now_ns == pytest.approx(S // 10, abs=us(1))
    assert end.out_waiting == 0


def test_a_write_is_over_in_time() -> None:
    config = RigConfig(ifc=(2, 2), host_flow="rtscts", stalls=(AddedStall(ms(60_000), at_byte=1),))
    end = make_end(config)
    end.write(b'AT+QFUPL="x",100000,60\r', None)
    assert b"CONNECT" in end.read(200, s(1))
    begin_ns = end.now_ns
    with pytest.raises(WriteTimeoutError):
        end.write(b"x" * 100_000, s(3))
    assert end.now_ns == begin_ns + s(3)
    assert not end.cts
    assert end.rig.counters()["lost"] == 0


def test_a_write_that_does_not_wait_takes_what_fits() -> None:
    end = make_end()
    assert end.write(b"x" * 10_000, 0) == 4096
    assert end.write(b"x" * 10_000, 0) == 0
    assert end.now_ns == 0


def test_what_is_not_on_the_wire_can_be_thrown_away() -> None:
    end = make_end()
    end.write(b"A" * 1000, None)
    end.clock.sleep(ms(10) + us(10))
    sent = 1000 - end.rig.host_queued
    end.discard_output()
    assert end.out_waiting == 1  # the byte that has begun
    end.flush()
    end.rig.check()
    eaten = end.rig.counters()["eaten"]
    assert eaten >= 1000 - sent - 1
    assert any(isinstance(event, HostDiscard) for event in end.rig.take_events())


def test_rts_by_hand_stops_a_device_that_obeys_it() -> None:
    end = make_end(RigConfig(ifc=(2, 2)))
    end.set_line(115_200, "8N1", "none")
    end.set_rts(is_on=False)
    end.write(b"AT\r", None)
    assert end.read(1, ms(100)) == b""
    end.set_rts(is_on=True)
    assert end.read(9, s(1)) == b"AT\r\r\nOK\r\n"
    events = end.rig.take_events()
    assert [event.on for event in events if isinstance(event, HostRts)] == [False, True]


def test_two_devices_share_a_clock() -> None:
    clock = Clock()
    first = make_end(clock=clock)
    clock.sleep(s(5))
    second = make_end(clock=clock)
    second.write(b"AT\r", None)
    first.write(b"AT\r", None)
    assert first.read(9, s(1)) == second.read(9, s(1))
    assert clock.now_ns == first.now_ns == second.now_ns + s(5)


def test_xon_and_xoff_stay_with_the_driver() -> None:
    config = RigConfig(ifc=(1, 1), stalls=(AddedStall(ms(500), at_byte=1),))
    end = make_end(config)
    end.set_line(115_200, "8N1", "xonxoff")
    end.write(b'AT+QFUPL="x",20000\r', None)
    assert b"CONNECT" in end.read(200, s(1))
    end.write(b"x" * 20_000, None)
    assert end.read(1000, s(5)) == b"\r\n+QFUPL: 20000,0\r\n\r\nOK\r\n"
    assert end.rig.counters()["lost"] == 0
