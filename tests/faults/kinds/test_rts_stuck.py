"""The device's RTS does not move."""

from typing import Any

from quecsim.faults import RtsStuck
from quecsim.flash.stall import AddedStall
from quecsim.trace.event import Lost
from quecsim.units import ms, s
from tests.device.bench import OK, Bench
from tests.faults.bench import DATA, fired

FLOW: dict[str, Any] = {
    "ifc": (2, 2),
    "host_flow": "rtscts",
    "stalls": (AddedStall(s(1), at_byte=1),),
}


def test_rts_stuck_at_go_overflows_the_ring() -> None:
    upload = 'AT+QFUPL="x",20000,5', DATA * 8
    for faults, loses in (((), False), ((RtsStuck(state="go"),), True)):
        bench = Bench(faults=faults, **FLOW)
        bench.upload(*upload)
        assert bool(bench.events(Lost)) == loses
        assert bool(fired(bench)) == loses


def test_rts_stuck_at_stop_holds_the_host() -> None:
    bench = Bench(faults=[RtsStuck(state="stop", from_ms=100, for_ms=400)], **FLOW)
    bench.send(b"AT\r", at_ns=ms(150))
    assert bench.until(b"OK\r\n") > ms(500)
    assert fired(bench) == [(0, "rts_stuck")]
    assert bench.rig.rts


def test_rts_stuck_means_nothing_to_a_host_that_does_not_look() -> None:
    bench = Bench(faults=[RtsStuck(state="stop")])
    assert bench.ask("AT") == OK
    assert fired(bench) == []
    assert not bench.rig.rts
