"""Bluetooth LE: whatever a device wants, others say and the world does, no byte is nowhere, a
record repeats it, and waking more often changes nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.border.ble import (
    BleNews,
    BleWhy,
    Came,
    Heard,
    Joined,
    Left,
    MtuIs,
    NotJoined,
    Parameters,
    ParametersAre,
)
from quecsim.faults import (
    BleMtuRefused,
    BleNotificationLost,
    BleOutOfRange,
    BleSlowInterval,
    BleUnanswered,
    Fault,
)
from quecsim.faults.catalogue import KINDS
from quecsim.rig import Rig
from quecsim.run.replay import replay
from quecsim.trace.event import BleAsked, BleGone, BleHeard, BleLost, FaultFired
from quecsim.units import S, ms
from tests.laws.ble_run import Run
from tests.laws.driver import law
from tests.laws.trial_ble import PEER, UUID, WHAT, client, trial_ble

NEWS: tuple[BleNews, ...] = (
    Heard(PEER), Joined("b" * 12), Joined(PEER, True), NotJoined(BleWhy.REFUSED),
    Left(BleWhy.PEER), MtuIs(100), ParametersAre(Parameters(80, 0, 300)),
    ParametersAre(Parameters(3200, 0, 10)), Came(UUID, b"outside"),
)  # fmt: skip
SLOW = BleSlowInterval(at_ms=0, interval=200)
Do = tuple[str, int]


@pytest.fixture(autouse=True)
def _trial() -> Iterator[None]:
    with trial_ble():
        yield


def out_of_range(rig: Rig, now_ns: int, n: int) -> None:
    rig.inject(now_ns, BleOutOfRange(at_ms=n % 50, for_ms=1 + n * n % 9000))


def power(rig: Rig, now_ns: int, n: int) -> None:
    rig.cut_power(now_ns)
    if n % 3:
        rig.power_on(now_ns)


WORLD: dict[str, Callable[[Rig, int, int], Any]] = {
    "news": lambda rig, now_ns, n: rig.hear_ble(now_ns, NEWS[n % len(NEWS)]),
    "away": out_of_range,
    "slow": lambda rig, now_ns, n: rig.inject(now_ns, SLOW),
    "power": power,
}


def do(run: Run, what: str, n: int) -> None:
    if what in WORLD:
        WORLD[what](run.rig, run.now_ns, n)
    elif run.rig.device.has_power:
        run.want(what, n)


def played(steps: Sequence[tuple[int, Do]], step_ns: int = 0, faults: Sequence[Fault] = ()) -> Run:
    run = Run(step_ns, faults)
    for gap_ms, (what, n) in steps:
        run.go(ms(gap_ms))
        do(run, what, n)
    return run.end()


_DATA = st.sampled_from([("notify", 40), ("write", 244), ("notify", 3), ("write", 100)])
_BEGIN = st.sampled_from([("advertise", 30), ("join", 20), ("join", 62)])
_OTHERS = st.tuples(st.sampled_from(WHAT), st.integers(0, 250))
_WORLD = st.tuples(st.sampled_from(sorted(WORLD)), st.integers(0, 100))
_GAPS = st.sampled_from([0, 1, 30, 400, 3000])
_ANY = st.tuples(_GAPS, st.one_of(_DATA, _DATA, _BEGIN, _OTHERS, _WORLD))
STEPS = st.builds(  # most begin with a connection
    lambda begin, steps: [*begin, *steps],
    st.sampled_from([[(0, ("advertise", 30))], [(0, ("join", 62))], []]),
    st.lists(_ANY, min_size=2, max_size=12),
)


def arrived(run: Run) -> list[int]:
    """The numbers of the pieces that the device was sent, in the order in which they came."""
    heard = [text.split(b",") for text in run.said.split(b"\r\n") if b"Came" in text]
    return [int(parts[1]) for parts in heard if parts[1].isdigit()]


@law(60)
@given(STEPS)
def test_no_byte_is_nowhere_and_the_record_repeats_it(steps: list[tuple[int, Do]]) -> None:
    run = played(steps)
    counters = run.rig.counters()
    assert counters.get("ble_up_on_way", 0) == 0 or run.rig.device.has_power
    given_bytes = sum(event.count for event in run.of(BleAsked))
    gone = sum(event.count for event in run.of(BleGone))
    lost = sum(event.count for event in run.of(BleLost) if event.way == "up")
    assert given_bytes == gone + lost + counters.get("ble_up_on_way", 0)
    heard = sum(event.count for event in run.of(BleHeard))
    lost = counters.get("ble_down_lost", 0) + counters.get("ble_down_on_way", 0)
    assert counters.get("ble_down", 0) == heard + lost
    again = replay(run.events)
    assert again.is_same, (again.was, again.now)


@law(25)
@given(STEPS, st.sampled_from([ms(13), 12_345_678, ms(200)]))
def test_waking_more_often_changes_nothing(steps: list[tuple[int, Do]], step_ns: int) -> None:
    rarely, often = played(steps), played(steps, step_ns)
    assert often.events == rarely.events
    assert often.said == rarely.said


@law(40)
@given(STEPS)
def test_pieces_come_in_order(steps: list[tuple[int, Do]]) -> None:
    """Of one start of the device: each wish has its number, and comes back at most once."""
    kept = [each for each in steps if each[1][0] != "power"]
    run = played(kept)
    assert run.peer is not None
    numbers = [int(data[:6]) for data in run.peer.received]
    assert numbers == sorted(set(numbers))
    back = [number for number in arrived(run) if number]
    assert back == sorted(set(back))
    assert set(back) <= set(numbers)


@law(40)
@given(STEPS)
def test_both_ends_agree_in_the_end_whether_there_is_a_connection(
    steps: list[tuple[int, Do]],
) -> None:
    """When nobody does anything more, and every time-out is over. What somebody else says than who
    is there does not count.
    """
    run = played([each for each in steps if each[1][0] != "news"])
    assert run.peer is not None
    assert run.peer.is_connected is (run.rig._beyond.ble.parameters is not None)


def test_a_device_waits_for_nothing_that_was_before() -> None:
    """Pieces that were on their way when the connection ended, or the power went."""
    run = Run()
    run.want("advertise")
    run.go(S)
    for end in (("leave", 0), ("power", 1)):
        for _ in range(8):
            run.tell("AT+TBLE=notify,200;+TBLE=notify,200")
        do(run, *end)
        run.go(3 * S)
        assert client(run.rig.device.context).air.waiting() == 0
    assert run.end().of(FaultFired) == []


FIRING: list[Fault] = [
    BleMtuRefused(),
    BleMtuRefused(exchange=2, times=2),
    BleNotificationLost(piece=3),
    BleNotificationLost(piece=2, direction="down", times=3),
    BleOutOfRange(piece=2, for_ms=500),
    BleOutOfRange(piece=2, direction="down", for_ms=20_000),
    BleOutOfRange(connection=2, for_ms=900),
    BleOutOfRange(at_ms=150, for_ms=200),
    BleSlowInterval(piece=2, interval=80),
    BleSlowInterval(piece=3, direction="down", interval=80),
    BleSlowInterval(connection=1, interval=800),
    BleSlowInterval(at_ms=900, interval=7),
    BleUnanswered(),
]
TALK: list[tuple[int, Do]] = [
    (0, ("advertise", 10)),
    *((300, ("notify", 100 * each)) for each in range(5)),
    (100, ("mtu", 200)),
    (900, ("leave", 0)),
    (3000, ("join", 6)),
    *((0, ("write", 200)) for _ in range(4)),
    (400, ("leave", 0)),
    (400, ("join", 6)),
    (400, ("write", 200)),
]


@pytest.mark.parametrize("fault", FIRING, ids=lambda fault: fault.words())
def test_each_kind_fires_with_every_law(fault: Fault) -> None:
    run = played(TALK, faults=[fault])
    assert {event.kind for event in run.of(FaultFired)} == {fault.kind}
    assert b"Came" in run.said
    again = replay(run.events)
    assert again.is_same, (again.was, again.now)
    often = played(TALK, ms(61), faults=[fault])
    assert (often.events, often.said) == (run.events, run.said)


def test_every_kind_is_here() -> None:
    assert {type(fault) for fault in FIRING} == {kind for kind in KINDS.values() if kind.NEEDS_PEER}
