"""Faults of replies, of the power, of the storage and of RTS, each seen to fire."""

from typing import Any

import pytest

from quecsim.errors import QuecsimError
from quecsim.faults import (
    AckLate,
    AckLost,
    ConnectLate,
    DiskFull,
    DropBytes,
    EchoOn,
    ErrorReply,
    ExistingFile,
    Fault,
    PowerCutFault,
    ResetFault,
    RtsStuck,
    SplitReply,
    UrcFault,
)
from quecsim.flash.stall import Stall
from quecsim.flash.timing import FlashMode
from quecsim.trace.event import Ack, DataEnd, FaultFired, FaultInjected, Lost, Power
from quecsim.units import ms, s
from tests.device.bench import OK, Bench, cme, info

DATA = bytes(range(250)) * 10
ACKED = 'AT+QFUPL="x",2500,5,1'


def fired(bench: Bench) -> list[tuple[int, str]]:
    return [(event.index, event.kind) for event in bench.events(FaultFired)]


def test_an_ack_that_is_late() -> None:
    bench = Bench(faults=[AckLate(ack=2, delay_ms=700)])
    bench.send(ACKED.encode() + b"\r")
    bench.until(b"CONNECT\r\n")
    bench.send(DATA)
    first, second = bench.until(b"A"), bench.until(b"A")
    assert second - first >= ms(700)
    assert b"OK" in bench.rest()
    assert fired(bench) == [(0, "ack_late")]


def test_each_ack_late() -> None:
    bench = Bench(faults=[AckLate(every=1, delay_ms=100)])
    bench.upload(ACKED, DATA)
    assert fired(bench) == [(0, "ack_late")] * 2
    assert bench.file("x") == DATA


def test_an_ack_that_never_comes() -> None:
    bench = Bench(faults=[AckLost(ack=1)])
    heard = bench.upload(ACKED, DATA)
    assert heard.startswith(b"A\r\n+QFUPL: 2500,")
    assert [event.received for event in bench.events(Ack)] == [2048]
    assert fired(bench) == [(0, "ack_lost")]
    assert bench.rig.fault_points()["ack"] == 2


def test_connect_is_late() -> None:
    prompt, late = Bench(), Bench(faults=[ConnectLate(delay_ms=3000)])
    times = []
    for bench in (prompt, late):
        bench.send(b'AT+QFUPL="x",3\r')
        times.append(bench.until(b"CONNECT\r\n"))
    assert times[1] - times[0] == s(3)
    assert fired(late) == [(0, "connect_late")]


@pytest.mark.parametrize(
    ("fault", "lines", "replies"),
    [
        (ErrorReply(command="+CSQ"), ["AT+CSQ", "AT+CSQ=?"], [b"\r\nERROR\r\n", None]),
        (
            ErrorReply(command="+QFLST", reply="+CME ERROR: 409", call=2, times=1),
            ["AT+QFLST", "AT+QFLST", "AT+QFLST"],
            [OK, cme(409), OK],
        ),
        (ErrorReply(command="+CPIN?", reply="+CME ERROR: 10"), ["AT+CPIN?"], [cme(10)]),
        (ErrorReply(command="&W"), ["ATE1&W"], [b"\r\nERROR\r\n"]),
    ],
)
def test_a_command_is_refused(fault: Fault, lines: list[str], replies: list[bytes | None]) -> None:
    bench = Bench(faults=[fault])
    bench.ask("AT+CMEE=1")
    for line, reply in zip(lines, replies, strict=True):
        heard = bench.ask(line)
        assert heard == reply or (reply is None and heard.endswith(OK))
    assert fired(bench) == [(0, "error_reply")]


def test_replies_in_pieces() -> None:
    bench = Bench(faults=[SplitReply(reply=1, piece_bytes=2, pause_ms=30)])
    assert bench.ask("AT") == OK
    spans = [b - a for a, b in zip(bench.times[2:], bench.times[3:], strict=False)]
    assert sum(span >= ms(30) for span in spans) == 2  # CR LF, OK, CR LF
    assert bench.ask("AT") == OK
    assert sum(span >= ms(30) for span in spans) == 2
    assert fired(bench) == [(0, "split_reply")]


@pytest.mark.parametrize(
    ("moment", "heard"),
    [
        ("before_connect", b"\r\nX\r\n\r\nCONNECT\r\n"),
        ("after_connect", b"\r\nCONNECT\r\n\r\nX\r\n"),
        ("before_ack", b"\r\nX\r\nA"),
        ("inside_reply", b"\r\nX\r\n\r\n+QFUPL: 1500,"),
        ("before_result", b"\r\nX\r\n\r\nOK\r\n"),
    ],
)
def test_a_urc_at_an_awkward_moment(moment: str, heard: bytes) -> None:
    bench = Bench(faults=[UrcFault(text="X", moment=moment)])
    bench.send(b'AT+QFUPL="x",1500,5,1\r')
    bench.run_for(s(1))
    bench.send(DATA[:1500])
    bench.rest()
    assert heard in bench.output
    assert bench.file("x") == DATA[:1500]
    assert fired(bench) == [(0, "urc")]


def test_a_urc_at_a_byte_and_at_a_time() -> None:
    faults = [UrcFault(text="X", at_byte=100), UrcFault(text="Y", at_ms=20)]
    bench = Bench(faults=faults)
    heard = bench.upload('AT+QFUPL="x",200', DATA[:200])
    assert heard.startswith(b"\r\nX\r\n")
    assert bench.output.count(b"\r\nY\r\n") == 1
    assert sorted(fired(bench)) == [(0, "urc"), (1, "urc")]


def test_a_urc_that_the_host_has_off_does_not_fire() -> None:
    bench = Bench(faults=[UrcFault(text="X", moment="before_result", nth=2)])
    bench.ask('AT+QINDCFG="all",0')
    assert bench.ask("AT") == OK
    assert fired(bench) == []


def test_the_power_goes_at_a_byte_and_comes_back() -> None:
    bench = Bench(faults=[PowerCutFault(at_byte=600, off_ms=500)])
    bench.upload('AT+QFUPL="x",1000', DATA[:1000])
    (event,) = bench.events(FaultFired)
    states = {power.why: power.at_ns for power in bench.events(Power)}
    assert states["power lost"] == event.at_ns
    assert states["power back"] == event.at_ns + ms(500)
    assert "ready" in states
    assert [end.received for end in bench.events(DataEnd)] == [600]
    assert bench.rig.counters()["lost_power"] == 600
    assert bench.ask("AT") == OK


def test_the_power_goes_at_a_time_and_stays_away() -> None:
    bench = Bench(faults=[PowerCutFault(at_ms=50)])
    bench.run_to(s(1))
    assert [(power.why, power.at_ns) for power in bench.events(Power)][1:] == [
        ("power lost", ms(50))
    ]
    assert fired(bench) == [(0, "power_cut")]


@pytest.mark.parametrize("operation", [1, 2, 3])
def test_the_power_goes_in_a_flash_operation(operation: int) -> None:
    fault = PowerCutFault(at_flash_op=operation, off_ms=100)
    bench = Bench(faults=[fault], flash_mode=FlashMode.TYPICAL, contents={"old": b"keep me"})
    bench.upload('AT+QFUPL="x",2000', DATA[:2000]) if operation > 1 else bench.ask(
        'AT+QFUPL="x",2000'
    )
    assert fired(bench) == [(0, "power_cut")]
    assert bench.rig.fault_points()["flash_op"] >= operation
    assert [power.why for power in bench.events(Power)][1:] == ["power lost", "power back", "ready"]
    assert bench.file("old") == b"keep me"


def test_two_cuts_in_flash_operations() -> None:
    faults = [PowerCutFault(at_flash_op=number, off_ms=100) for number in (1, 2)]
    bench = Bench(faults=faults)
    for name in "xy":
        bench.ask(f'AT+QFUPL="{name}",20')
    assert fired(bench) == [(0, "power_cut"), (1, "power_cut")]


def test_a_reset_at_a_byte() -> None:
    bench = Bench(faults=[ResetFault(at_byte=10)])
    bench.upload('AT+QFUPL="x",100', DATA[:100])
    assert [power.why for power in bench.events(Power)][1:] == ["reset", "ready"]
    assert fired(bench) == [(0, "reset")]
    assert bench.rig.counters()["lost_off"] == 90


def test_a_full_disk() -> None:
    bench = Bench(faults=[DiskFull(free_bytes=500)])
    assert bench.rig.device.context.ufs.free_bytes() <= 500 + 4096
    bench.ask("AT+CMEE=1")
    assert b"+CME ERROR" in bench.ask('AT+QFUPL="x",100000')
    assert fired(bench) == [(0, "disk_full")]


def test_a_file_that_is_there() -> None:
    bench = Bench(faults=[ExistingFile(name="UFS:x", text="old")])
    bench.ask("AT+CMEE=1")
    assert bench.file("x") == b"old"
    assert bench.ask('AT+QFUPL="x",100') == cme(407)
    assert fired(bench) == [(0, "existing_file")]


def test_the_echo_stays_on() -> None:
    bench = Bench(faults=[EchoOn()])
    assert bench.ask("ATE0") == OK
    bench.send(b"AT\r")
    assert bench.rest() == b"AT\r" + OK
    assert fired(bench) == [(0, "echo_on")]


FLOW: dict[str, Any] = {"ifc": (2, 2), "host_flow": "rtscts", "stalls": (Stall(s(1), at_byte=1),)}


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
        bench.rig.inject(0, ExistingFile(name="UFS:a/b", text=""))
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
