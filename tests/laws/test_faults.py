"""The laws with each kind of fault, which certainly fires: random cases rarely get that far."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.faults import (
    AckLate,
    AckLost,
    BadBlock,
    BearerLost,
    BitError,
    BitFlip,
    Break,
    ConnectLate,
    ConnectRefused,
    ConnectSilence,
    DiskFull,
    DnsFailure,
    DropBytes,
    EchoOn,
    ErrorReply,
    ExistingFile,
    Fault,
    FlashOpFails,
    InsertBytes,
    LinkDown,
    MqttRefused,
    PowerCutFault,
    PublishUnanswered,
    RegistrationLost,
    ResetFault,
    RtsStuck,
    ServerCloses,
    ServerSlow,
    SplitReply,
    StallFault,
    TlsAlert,
    UrcFault,
    WifiDeauth,
    WornBlock,
)
from quecsim.faults.catalogue import KINDS
from quecsim.flash.stall import AddedStall
from quecsim.rig import RigConfig
from quecsim.run.replay import replay
from quecsim.trace.event import FaultFired
from quecsim.units import ms, s
from tests.laws.driver import Cutter, Inject, Setup, Step, Write, essence, law, play
from tests.laws.strategies import CUTTERS, pattern
from tests.laws.test_chunks import assert_same
from tests.laws.test_conservation import assert_conserved, assert_sound

SCRIPT: list[Step] = [
    (0, Write(b"ATE0\r")),
    (ms(100), Write(b'AT+QFUPL="UFS:a",3000,2,1\r')),
    (ms(300), Write(pattern(3000))),
    (s(9), Write(b'AT+QFLST="*"\r')),
    (ms(300), Write(b'AT+QFUPL="UFS:c",9000000,2\r')),
    (s(1), Write(b"AT\r")),
]
FIRING: list[Fault] = [
    BitError(at_byte=500),
    BitError(per_million=3000),
    BitError(direction="to_host", per_million=90_000),
    DropBytes(at_byte=500, count=30),
    DropBytes(direction="to_host", at_byte=9, count=3),
    InsertBytes(per_million=2000, bytes=(13, 65, 84)),
    InsertBytes(direction="to_host", at_byte=3),
    Break(at_byte=900, break_ms=30),
    Break(at_ms=450, break_ms=30),
    Break(direction="to_host", at_ms=20, break_ms=3),
    Break(direction="to_host", at_byte=4, break_ms=2),
    AckLate(every=1, delay_ms=60),
    AckLost(ack=2),
    ConnectLate(delay_ms=250),
    ErrorReply(command="+QFUPL", reply="+CME ERROR: 409"),
    SplitReply(every=1, piece_bytes=2, pause_ms=7),
    UrcFault(moment="before_ack"),
    UrcFault(moment="before_result", nth=2),
    UrcFault(at_byte=1024),
    UrcFault(at_ms=410),
    PowerCutFault(at_byte=1500, off_ms=300),
    PowerCutFault(at_ms=470, off_ms=300),
    PowerCutFault(at_flash_op=2, off_ms=300),
    ResetFault(at_byte=1024),
    ResetFault(at_ms=470),
    DiskFull(free_bytes=9000),
    ExistingFile(name="a", bytes_count=50),
    FlashOpFails(at_flash_op=3),
    BadBlock(at_flash_op=2),
    WornBlock(at_flash_op=2),
    BitFlip(address=4096, at_ms=450),
    EchoOn(),
    RtsStuck(state="go"),
    RtsStuck(state="stop", from_ms=380, for_ms=50),
    StallFault(at_ms=40, for_ms=30),
    StallFault(at_ms=450, for_ms=400),
]
TALK: list[Step] = [
    (0, Write(b'ATE0;+QMTCFG="ssl",1,1,1\r')),
    (ms(100), Write(b'AT+QMTOPEN=0,"broker.example",1883\r')),
    (ms(900), Write(b'AT+QMTCONN=0,"a"\r')),
    (ms(500), Write(b'AT+QMTSUB=0,1,"t/#",2\r')),
    (ms(500), Write(b'AT+QMTPUB=0,2,2,0,"t/x","hello"\r')),
    (ms(500), Write(b'AT+QMTPUB=0,3,1,0,"t/y",3000\r')),
    (ms(100), Write(pattern(3000))),
    (ms(700), Write(b'AT+QMTOPEN=1,"broker.example",1883\r')),
    (s(4), Write(b"AT+QMTDISC=0\r")),
]
FIRING_THERE: list[Fault] = [
    DnsFailure(lookup=2),
    ConnectRefused(),
    ConnectSilence(),
    TlsAlert(),
    MqttRefused(),
    PublishUnanswered(times=2),
    LinkDown(at_byte=1400),
    LinkDown(send=2, how="silence"),
    LinkDown(at_ms=2290),
    ServerCloses(at_byte=9),
    ServerCloses(send=5, how="reset"),
    ServerCloses(at_ms=1400),
    ServerSlow(send=4, delay_ms=300),
    ServerSlow(connection=1, delay_ms=700),
    ServerSlow(at_ms=2280, delay_ms=6000),
    BearerLost(send=3),
    BearerLost(at_ms=2250),
    RegistrationLost(connection=2, for_ms=1000),
    RegistrationLost(at_ms=2000),
]
ALL = [*FIRING, *FIRING_THERE]
IDS = [f"{number}-{fault.kind}" for number, fault in enumerate(ALL)]
EACH = pytest.mark.parametrize("fault", ALL, ids=IDS)


def setup(*faults: Fault) -> Setup:
    ring = {"rx_ring_bytes": 1400, "rts_off_bytes": 900, "rts_on_bytes": 100}
    config = RigConfig(
        faults=faults,
        ifc=(2, 2),
        host_flow="rtscts",
        stalls=(AddedStall(ms(60), every_bytes=700),),
        contents={"old": b"old"},
    )
    return Setup({"uart": ring}, config, has_broker=any(fault.NEEDS_SERVER for fault in faults))


def script_for(fault: Fault) -> list[Step]:
    return TALK if fault.NEEDS_SERVER else SCRIPT


def test_every_kind_is_here() -> None:
    """But for those of other radios, which `test_wifi` and `test_ble` have."""
    elsewhere = {WifiDeauth} | {kind for kind in KINDS.values() if kind.NEEDS_PEER}
    assert {type(fault) for fault in ALL} | elsewhere == set(KINDS.values())


@EACH
def test_it_fires_and_every_byte_is_somewhere(fault: Fault) -> None:
    script = script_for(fault)
    run = play(setup(fault), script)
    assert {event.kind for event in run.of(FaultFired)} == {fault.kind}
    assert_conserved(run, script)
    assert_sound(run, setup(fault))


@EACH
def test_cutting_and_looking_change_nothing(fault: Fault) -> None:
    for cutter in (Cutter(cuts=[1, 170, 3], waits=[0, 900, 300], naps=[1, 40, 77, 500], takes=True),
                   Cutter(naps=[3, 8, 55, 120, 121, 400, 999])):  # fmt: skip
        assert_same(setup(fault), script_for(fault), cutter)


@EACH
def test_its_record_repeats_the_run(fault: Fault) -> None:
    run = play(setup(fault), script_for(fault))
    assert replay(run.events).is_same


@pytest.mark.parametrize("at", range(1, len(SCRIPT)))
def test_a_record_repeats_what_was_injected(at: int) -> None:
    injected: list[Step] = [(ms(1), Inject(fault)) for fault in FIRING]
    script = [*SCRIPT[:at], *injected, *SCRIPT[at:]]
    run = play(setup(), script)
    assert run.of(FaultFired)
    assert_conserved(run, script)
    assert replay(run.events).is_same


@law(25)
@given(CUTTERS)
def test_all_of_them_at_once(cutter: Cutter) -> None:
    whole = play(setup(*FIRING), SCRIPT)
    cut = play(setup(*FIRING), SCRIPT, cutter)
    assert len({event.index for event in whole.of(FaultFired)}) > 10
    assert essence(cut.events) == essence(whole.events)
    assert cut.output == whole.output


@law(25)
@given(st.lists(st.sampled_from(FIRING_THERE), min_size=2, max_size=4), CUTTERS)
def test_several_of_the_network(faults: list[Fault], cutter: Cutter) -> None:
    assert_same(setup(*faults), TALK, cutter)
    run = play(setup(*faults), TALK, cutter)
    assert run.of(FaultFired)
    assert_conserved(run, TALK)
    assert replay(run.events).is_same
