import tomllib
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pytest
import serial
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

import quecsim
from quecsim.errors import QuecsimError
from quecsim.faults import Fault
from quecsim.faults.catalogue import KINDS, checked
from quecsim.rig import Rig
from quecsim.scenario import load_scenario
from quecsim.scenario.build import rig_config
from quecsim.scenario.schema import Scenario, Stall
from quecsim.scenario.text import scenario_text, table_scenario
from quecsim.testing import strategies as ours
from quecsim.testing.command_lines import valid_lines
from quecsim.testing.write_schedule import WriteSchedule
from quecsim.trace.event import HostBytes
from quecsim.units import s

SOME = settings(max_examples=60, deadline=None, derandomize=True, database=None)


@given(ours.scenarios())
@SOME
def test_a_drawn_scenario_can_be_run_and_written_down(scenario: Scenario) -> None:
    Rig(scenario.profile(), rig_config(scenario)).start()
    assert table_scenario(tomllib.loads(scenario_text(scenario)), scenario.name) == scenario


@given(ours.faults())
@SOME
def test_a_drawn_fault_is_one(fault: Fault) -> None:
    assert checked(fault) is fault


def test_every_kind_of_fault_is_drawn() -> None:
    kinds: Counter[str] = Counter()

    @given(ours.faults())
    @settings(SOME, max_examples=400)
    def draw(fault: Fault) -> None:
        kinds[fault.kind] += 1

    draw()
    assert set(kinds) == set(ours.fault_kinds()) == set(KINDS)


@given(ours.scenarios(base=load_scenario("thread-57329"), kinds=["ack_lost"], max_faults=1))
@SOME
def test_what_the_base_says_stays(scenario: Scenario) -> None:
    base = load_scenario("thread-57329")
    assert (scenario.ring, scenario.buffer, scenario.line.interface) == (
        base.ring, base.buffer, base.line.interface,
    )  # fmt: skip
    assert scenario.stalls[:1] == base.stalls
    assert {fault.kind for fault in scenario.faults} <= {"ack_lost"}


def test_an_unknown_kind_is_said() -> None:
    with pytest.raises(QuecsimError, match="no fault 'gremlin'"):
        ours.faults(["gremlin"])


@pytest.mark.parametrize(
    ("strategy", "condition", "simplest"),
    [
        (ours.payloads(), lambda data: len(data) > 1000, b"a" * 1024),
        (ours.payloads(), lambda data: b"\xc3\xbc" in data, "\xfc".encode()),
        (ours.stalls(), lambda stall: stall.stall_ms > 50, Stall(100, at_byte=1)),
        (ours.rings(), lambda ring: ring.rx_bytes is not None, None),
        (ours.write_schedules(), lambda way: way.gap_ns > 0, WriteSchedule(1024, 1_000_000)),
    ],
)
def test_shrinking_ends_at_a_simple_case(
    strategy: st.SearchStrategy[object], condition: Callable[[object], bool], simplest: object
) -> None:
    shrunk = find(strategy, condition, settings=settings(SOME, max_examples=2000))
    if simplest is not None:
        assert shrunk == simplest


def test_a_scenario_shrinks_to_the_one_fault_that_matters() -> None:
    def has_drop(scenario: Scenario) -> bool:
        return any(fault.kind == "drop_bytes" for fault in scenario.faults)

    shrunk = find(ours.scenarios(), has_drop, settings=settings(SOME, max_examples=2000))
    text = scenario_text(shrunk)
    assert [fault.kind for fault in shrunk.faults] == ["drop_bytes"]
    assert len(text.splitlines()) <= 8, text


@given(ours.at_lines())
@settings(SOME, max_examples=150)
def test_whatever_is_typed_the_device_answers_at_afterwards(line: bytes) -> None:
    scenario = load_scenario("typical-flash")
    rig = Rig(scenario.profile(), rig_config(scenario))
    rig.start()
    now_ns = 0
    for data, wait_s in ((line, 30), (b"+++", 3), (b"\r", 3), (b"AT+CFUN=1\r", 20), (b"ATV1\r", 3)):
        rig.advance(now_ns)
        rig.host_write(now_ns, data)
        now_ns += s(wait_s)
        rig.advance(now_ns)
    rig.check()


@pytest.mark.parametrize("device", ["ec200u", "ec200t", "m95", "fcm242d"])
def test_valid_lines_are_accepted_as_lines(device: str) -> None:
    lines = valid_lines(device)
    assert len(set(lines)) > 50
    assert all(line.startswith(b"AT") and b"\r" not in line for line in lines)


def test_a_schedule_writes_in_chunks_with_pauses() -> None:
    with quecsim.open_virtual("ec200u") as device:
        port = serial.serial_for_url(device.url)
        WriteSchedule(chunk_bytes=2, gap_ns=5_000_000).write(port, b"AT+CMEE?\r")
        port.close()
        writes = [event for event in device.events() if isinstance(event, HostBytes)]
    assert [event.data for event in writes] == [b"AT", b"+C", b"ME", b"E?", b"\r"]
    gaps = [after.at_ns - before.at_ns for before, after in pairwise(writes)]
    assert all(5_000_000 <= gap < 6_000_000 for gap in gaps)


def test_show_puts_the_scenario_into_the_failure(capsys: pytest.CaptureFixture[str]) -> None:
    @given(ours.scenarios())
    @settings(SOME, max_examples=5, phases=[Phase.generate, Phase.shrink])
    def fails(scenario: Scenario) -> None:
        ours.show(scenario)
        raise AssertionError("always")

    with pytest.raises(AssertionError) as caught:
        fails()
    assert 'device = "ec200u"' in "\n".join(caught.value.__notes__)
