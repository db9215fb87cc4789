"""The state machine behind the device: its tables are whole, no byte gets lost between phases."""

import pytest

from quecsim.at.effects import DataEndWhy
from quecsim.device.engine import _ON_STOP, _ON_TIMER, _PHASES, _READ
from quecsim.device.shared import Phase, Timer
from quecsim.device.sinks import Sink, SinkStop
from quecsim.flash.stall import AddedStall
from quecsim.flash.timing import FlashMode
from quecsim.trace.event import DataBegin, DataEnd, Lost, RingLevel
from quecsim.units import ms, s
from tests.device.bench import OK, Bench, info, profile

CONNECT = b"\r\nCONNECT\r\n"


def test_every_sink_timer_and_stop_has_its_entry() -> None:
    assert set(_READ) == set(Sink) - {Sink.DEAF, Sink.DATA}
    assert set(_PHASES) == set(Sink)
    assert set(_ON_TIMER) == set(Timer) - {Timer.BACKGROUND}
    assert set(_ON_STOP) == set(SinkStop) - {SinkStop.NONE}


def test_what_waited_in_the_ring_comes_before_what_arrives_later() -> None:
    data = bytes(range(256)) * 8
    bench = Bench(stalls=[AddedStall(ms(20), every_bytes=300)])
    bench.upload(f'AT+QFUPL="x",{len(data)}', data)
    assert bench.file("x") == data
    assert max(event.level for event in bench.events(RingLevel)) > 100


def test_bytes_behind_the_end_of_the_data_are_read_as_commands_out_of_the_ring() -> None:
    """They arrive while the file is being closed."""
    bench = Bench(flash_mode=FlashMode.WORST)
    bench.ask("ATE0")
    reply = bench.upload('AT+QFUPL="x",3', b"ABCAT+CSQ\rAT\r")
    assert reply == info("+QFUPL: 3,242") + info("+CSQ: 24,99") + OK


def test_one_upload_right_behind_the_other_in_one_write() -> None:
    """Nothing is waited for: CONNECT is late, and all the bytes are where they should be."""
    bench = Bench(flash_mode=FlashMode.TYPICAL)
    bench.ask("ATE0")
    bench.send(b'AT+QFUPL="a",3\rABCAT+QFUPL="b",4\rDEFGAT+QFLST\r')
    assert bench.rest().endswith(info('+QFLST: "UFS:a",3', '+QFLST: "UFS:b",4'))
    assert (bench.file("a"), bench.file("b")) == (b"ABC", b"DEFG")
    begins, ends = bench.events(DataBegin), bench.events(DataEnd)
    assert [event.offset for event in begins] == [20, 38]
    assert [event.offset for event in ends] == [23, 42]
    assert {event.why for event in ends} == {DataEndWhy.SIZE.value}


def test_a_command_in_a_chain_behind_an_upload_runs_after_it() -> None:
    bench = Bench()
    bench.ask("ATE0")
    assert bench.upload('AT+QFUPL="x",3;+CSQ', b"ABC") == (
        b"\r\n+QFUPL: 3,242\r\n" + info("+CSQ: 24,99")
    )


def test_power_goes_in_the_middle_of_flash_work() -> None:
    bench = Bench(flash_mode=FlashMode.WORST)
    bench.send(b'AT+QFUPL="x",9000,60\r')
    bench.until(CONNECT)
    bench.send(bytes(9000))
    bench.run_for(ms(500))
    assert bench.rig.device.phase is Phase.BUSY
    bench.rig.cut_power(bench.now_ns)
    bench.rest()
    counters = bench.rig.counters()
    assert (counters["in_flight"], counters["sent"]) == (
        0,
        counters["stored"] + counters["lost"] + counters["eaten"],
    )
    assert sum(lost.count for lost in bench.events(Lost)) == counters["lost"]
    bench.rig.power_on(bench.now_ns)
    bench.run_for(s(15))
    assert bench.ask("AT") == OK


@pytest.mark.parametrize("cut_ms", [1, 5, 30, 200, 700, 1500])
def test_whenever_power_goes_a_closed_file_stays(cut_ms: int) -> None:
    bench = Bench(profile(files={"block_count": 64}), flash_mode=FlashMode.TYPICAL)
    bench.upload('AT+QFUPL="old",5000', b"o" * 5000)
    bench.send(b'AT+QFUPL="new",20000\r' + b"n" * 20_000)
    bench.run_for(ms(cut_ms))
    bench.rig.cut_power(bench.now_ns)
    assert bench.file("old") == b"o" * 5000
    bench.rig.power_on(bench.now_ns)
    bench.run_for(s(15))
    bench.ask('AT+QFDEL="new"')
    assert bench.upload('AT+QFUPL="new",3', b"ABC") == info("+QFUPL: 3,242")
