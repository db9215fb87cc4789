"""The laws with each kind of fault, which certainly fires: random cases rarely get that far."""

import pytest
from hypothesis import given

from quecsim.faults import (
    AckLate,
    AckLost,
    BadBlock,
    BitError,
    BitFlip,
    Break,
    ConnectLate,
    DiskFull,
    DropBytes,
    EchoOn,
    ErrorReply,
    ExistingFile,
    Fault,
    FlashOpFails,
    InsertBytes,
    PowerCutFault,
    ResetFault,
    RtsStuck,
    SplitReply,
    UrcFault,
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
]
IDS = [f"{number}-{fault.kind}" for number, fault in enumerate(FIRING)]
EACH = pytest.mark.parametrize("fault", FIRING, ids=IDS)


def setup(*faults: Fault) -> Setup:
    ring = {"rx_ring_bytes": 1400, "rts_off_bytes": 900, "rts_on_bytes": 100}
    config = RigConfig(
        faults=faults,
        ifc=(2, 2),
        host_flow="rtscts",
        stalls=(AddedStall(ms(60), every_bytes=700),),
        contents={"old": b"old"},
    )
    return Setup({"uart": ring}, config)


def test_every_kind_is_here() -> None:
    assert {type(fault) for fault in FIRING} == set(KINDS.values())


@EACH
def test_it_fires_and_every_byte_is_somewhere(fault: Fault) -> None:
    run = play(setup(fault), SCRIPT)
    assert {event.kind for event in run.of(FaultFired)} == {fault.kind}
    assert_conserved(run, SCRIPT)
    assert_sound(run, setup(fault))


@EACH
def test_cutting_and_looking_change_nothing(fault: Fault) -> None:
    for cutter in (Cutter(cuts=[1, 170, 3], waits=[0, 900, 300], naps=[1, 40, 77, 500], takes=True),
                   Cutter(naps=[3, 8, 55, 120, 121, 400, 999])):  # fmt: skip
        assert_same(setup(fault), SCRIPT, cutter)


@EACH
def test_its_record_repeats_the_run(fault: Fault) -> None:
    run = play(setup(fault), SCRIPT)
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
