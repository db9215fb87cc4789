"""The table of power states, and what each way down does to bytes and settings."""

import pytest

from quecsim.device.power import TRANSITIONS, PowerEvent, PowerState
from quecsim.trace.event import DataEnd, Lost, Power, SendDropped
from quecsim.units import ms, s
from tests.device.bench import OK, Bench, info


def test_the_table_leads_everywhere_and_back() -> None:
    reached = set(TRANSITIONS.values())
    assert reached == set(PowerState)
    assert {state for state, _ in TRANSITIONS} == set(PowerState)
    assert {event for _, event in TRANSITIONS} == set(PowerEvent)


def test_power_can_be_cut_in_every_state_that_has_it() -> None:
    for state in PowerState:
        if state is not PowerState.OFF:
            assert TRANSITIONS[state, PowerEvent.POWER_CUT] is PowerState.OFF


def test_cutting_the_power_of_a_device_that_is_off_does_nothing() -> None:
    bench = Bench()
    bench.ask("AT")
    bench.rig.cut_power(bench.now_ns)
    bench.rig.cut_power(bench.now_ns)
    assert [event.state for event in bench.events(Power)] == ["on", "off"]


def test_a_cut_while_it_boots() -> None:
    bench = Bench(is_up=False)
    bench.run_for(s(1))
    bench.rig.cut_power(bench.now_ns)
    assert bench.rest() == b""
    assert bench.rig.deadline_ns() is None


def test_a_cut_in_data_mode_ends_it_and_accounts_for_every_byte() -> None:
    bench = Bench()
    bench.send(b'AT+QFUPL="x",100\r')
    bench.until(b"CONNECT\r\n")
    bench.send(b"y" * 40)
    bench.run_for(ms(1))
    bench.rig.cut_power(bench.now_ns)
    bench.rest()
    (end,) = bench.events(DataEnd)
    assert end.why == "power"
    counters = bench.rig.counters()
    assert counters["in_flight"] == 0
    assert counters["lost"] == 40
    assert sum(lost.count for lost in bench.events(Lost)) == 40


def test_a_cut_in_the_middle_of_a_line_loses_it() -> None:
    bench = Bench()
    bench.send(b"AT+CS")
    bench.run_for(ms(2))
    bench.rig.cut_power(bench.now_ns)
    assert bench.rig.counters()["lost_power"] == 5


def test_what_had_not_left_the_transmitter_is_gone() -> None:
    bench = Bench()
    bench.send(b"ATI\r")
    bench.until(b"Quectel")
    bench.rig.cut_power(bench.now_ns)
    assert bench.rest() == b""
    (dropped,) = bench.events(SendDropped)
    assert dropped.why == "power"
    assert bench.output.endswith(b"Quectel")


def test_open_files_are_closed_by_a_power_down_and_not_by_a_cut() -> None:
    bench = Bench(contents={"x": b"0123456789"})
    bench.ask('AT+QFOPEN="x"')
    bench.ask("AT+QFSEEK=1027,4")
    bench.ask("AT+QFTUCAT=1027")
    bench.ask("AT+QPOWD")
    assert bench.file("x") == b"0123"
    bench.rig.power_on(bench.now_ns)
    bench.run_for(s(15))
    bench.ask('AT+QFOPEN="x"')
    bench.ask("AT+QFTUCAT=1027")
    bench.rig.cut_power(bench.now_ns)
    assert bench.file("x") == b"0123"


@pytest.mark.parametrize("times", [1, 3])
def test_up_again_after_a_cut(times: int) -> None:
    bench = Bench()
    for _ in range(times):
        bench.ask("ATE0")
        bench.rig.cut_power(bench.now_ns)
        bench.rig.power_on(bench.now_ns)
        bench.run_for(s(15))
        bench.send(b"AT\r")
        assert bench.rest() == b"AT\r" + OK, "echo is on again: nothing was kept"
    assert bench.ask("AT+CFUN?") == info("+CFUN: 1")
