"""Faults that are put into a running device, and what they leave alone."""

import pytest

from quecsim.errors import QuecsimError
from quecsim.faults import AckLost, DropBytes, ErrorReply, ExistingFile, PowerCutFault, UrcFault
from quecsim.trace.event import FaultInjected, Power
from quecsim.units import ms, s
from tests.device.bench import Bench, info
from tests.faults.bench import ACKED, DATA, fired


def test_a_fault_is_injected_into_a_command_that_runs() -> None:
    bench = Bench()
    bench.send(ACKED.encode() + b"\r")
    bench.until(b"CONNECT\r\n")
    bench.send(DATA[:1500])
    bench.until(b"A")
    bench.run_for(ms(100))
    bench.rig.inject(bench.now_ns, AckLost(ack=1))
    bench.rig.inject(bench.now_ns, UrcFault(text="X", at_byte=500))
    bench.send(DATA[1500:])
    heard = bench.rest()
    assert heard.startswith(b"\r\nX\r\n\r\n+QFUPL: 2500,")
    assert fired(bench) == [(1, "urc"), (0, "ack_lost")]
    assert [event.index for event in bench.events(FaultInjected)] == [0, 1]
    assert bench.file("x") == DATA


def test_a_power_cut_is_injected() -> None:
    bench = Bench()
    bench.run_to(s(1))
    bench.rig.inject(bench.now_ns, PowerCutFault(at_ms=0, off_ms=10))
    bench.run_to(s(30))
    assert [power.why for power in bench.events(Power)][1:] == ["power lost", "power back", "ready"]


def test_a_fault_that_cannot_be_is_not_injected() -> None:
    bench = Bench()
    with pytest.raises(QuecsimError, match="at_byte or per_million"):
        bench.rig.inject(0, DropBytes())
    with pytest.raises(QuecsimError, match="existing_file"):
        bench.rig.inject(0, ExistingFile(name="UFS:a/../b", text=""))
    assert bench.events(FaultInjected) == []


def test_the_lines_before_are_as_without_faults() -> None:
    """A fault that does not fire changes nothing."""
    plain, armed = Bench(), Bench(faults=[AckLost(ack=99), ErrorReply(command="+CFUN")])
    for bench in (plain, armed):
        bench.upload(ACKED, DATA)
        bench.ask("AT+QFLST")
    assert plain.output == armed.output
    assert plain.times == armed.times
    assert info('+QFLST: "UFS:x",2500').strip() in bytes(armed.output)
