"""Time never goes back, and what comes from outside comes after all that is due."""

from collections.abc import Callable
from typing import Any

import pytest

from quecsim.faults import EchoOn
from quecsim.faults.catalogue import read_fault
from quecsim.rig import Rig, RigConfig
from quecsim.rig.moment import Moment
from quecsim.trace.event import Eaten, HostBytes, Power, SendDropped
from quecsim.trace.recorder import Recorder
from quecsim.uart.rate import UnlimitedRate
from quecsim.uart.transmitter import Transmitter
from quecsim.units import ms, s
from tests.device.bench import shipped

INPUTS: list[Callable[[Rig, int], Any]] = [
    lambda rig, now_ns: rig.advance(now_ns),
    lambda rig, now_ns: rig.host_write(now_ns, b"AT\r"),
    lambda rig, now_ns: rig.host_line(now_ns, 9600, "8N1", "none"),
    lambda rig, now_ns: rig.host_ready(now_ns, ready=False),
    lambda rig, now_ns: rig.host_rts(now_ns, is_on=False),
    lambda rig, now_ns: rig.host_discard(now_ns),
    lambda rig, now_ns: rig.host_missed(now_ns, 1),
    lambda rig, now_ns: rig.power_on(now_ns),
    lambda rig, now_ns: rig.cut_power(now_ns),
    lambda rig, now_ns: rig.restore_firmware(now_ns),
    lambda rig, now_ns: rig.inject(now_ns, EchoOn()),
    lambda rig, now_ns: rig.finish(now_ns),
]


def started(**config: Any) -> Rig:
    rig = Rig(shipped(), RigConfig(**config))
    rig.start()
    return rig


@pytest.mark.parametrize("come", INPUTS)
def test_time_never_goes_back(come: Callable[[Rig, int], Any]) -> None:
    rig = started()
    rig.advance(ms(5))
    with pytest.raises(AssertionError, match="time goes back"):
        come(rig, ms(5) - 1)


# But for the looking itself, the end, and power that is there already.
@pytest.mark.parametrize("come", [*INPUTS[1:7], *INPUTS[8:-1]])
def test_what_comes_from_outside_comes_after_all_that_is_due(
    come: Callable[[Rig, int], Any],
) -> None:
    """Whether or not somebody looked before."""
    records = []
    for looks in (False, True):
        rig = started()
        rig.host_write(0, b"AT+CFUN=1,1\r")
        if looks:
            for at_ns in (1, ms(3), s(2)):
                rig.advance(at_ns)
        come(rig, s(2))
        rig.finish(s(9))
        records.append(rig.take_events())
    assert records[0] == records[1]
    assert any(isinstance(event, Power) and event.why == "restart" for event in records[0])


def test_what_the_host_writes_at_one_moment_is_one_write() -> None:
    rig = started(is_unlimited=True)
    rig.host_write(5, b"A")
    rig.host_write(5, b"T\r")
    rig.advance(5)
    rig.host_write(5, b"\n")
    rig.finish(6)
    writes = [event for event in rig.take_events() if isinstance(event, HostBytes)]
    assert writes == [HostBytes(5, 0, b"AT\r"), HostBytes(5, 3, b"\n")]


def test_bytes_that_never_reached_the_host_are_an_input() -> None:
    rig = started()
    rig.host_missed(ms(3), 77)
    assert SendDropped(ms(3), 77, "backlog") in rig.take_events()


def test_the_record_wants_a_moment_after_the_last_byte() -> None:
    record, line = Recorder(), Transmitter(UnlimitedRate())
    moment = Moment(record, line)
    moment.reach(20)
    assert moment.next_ns() is None
    record.add(Eaten(10, 20, 0, 2, "no command", b"ab"))
    assert moment.next_ns() == 21
    line.put(20, b"more", 2)
    assert moment.next_ns() is None
    moment.reach(30)
    assert record.is_open
    line.clear()
    moment.reach(30)
    assert not record.is_open


@pytest.mark.parametrize("wait", ["output", "room"])
def test_a_wait_for_output_ends_with_a_break_of_the_line(wait: str) -> None:
    """Time does not run past what is due after it."""
    fault = {"kind": "break", "direction": "to_host", "at_ms": 20, "break_ms": 3}
    rig = started(faults=(read_fault(fault),))
    if wait == "output":
        assert rig.run_to_output(ms(100)) == ms(20)
    else:
        rig.host_write(0, b"ATE0\r")  # so nothing but the break comes back
        rig.advance(ms(19))
        rig.host_write(ms(19), bytes(1000))
        assert rig.run_to_queued(ms(100), 0, or_output=True) == ms(20)
    assert rig.moment.now_ns == ms(20)
