"""Several jobs at once, data that goes elsewhere than a file, and news: by trial commands."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from quecsim.device.jobs import MOST_BACKGROUND
from quecsim.flash.timing import FlashMode
from quecsim.trace.event import (
    DataEnd,
    Eaten,
    FlashBusy,
    Forwarded,
    JobBegin,
    JobEnd,
    Lost,
    TransferEnd,
    Urc,
)
from quecsim.units import ms, s
from tests.device.bench import OK, Bench, cme, info, job_news, profile
from tests.device.trial_commands import trial_commands

CONNECT = b"\r\nCONNECT\r\n"


@pytest.fixture(autouse=True)
def _trials() -> Iterator[None]:
    with trial_commands():
        yield


def urc(text: str) -> bytes:
    return f"\r\n{text}\r\n".encode()


def quiet(**config: Any) -> Bench:
    bench = Bench(**config)
    bench.ask("ATE0")
    return bench


def forwarded(bench: Bench) -> int:
    counters = bench.rig.counters()
    assert counters["sent"] == sum(
        counters.get(place, 0) for place in ("stored", "forwarded", "lost", "eaten", "in_flight")
    )
    assert sum(event.count for event in bench.events(Forwarded)) == counters.get("forwarded", 0)
    return counters.get("forwarded", 0)


def ends(bench: Bench) -> list[str]:
    return [event.why for event in bench.events(DataEnd)]


# data that goes elsewhere


def test_by_count() -> None:
    bench = quiet()
    assert bench.upload("AT+TCOUNT=1300", bytes(1300)) == info("+TCOUNT: 1300,size")
    assert (forwarded(bench), ends(bench)) == (1300, ["size"])
    assert [event.total for event in bench.events(Forwarded)] == [512, 1024, 1300]
    assert {event.transfer for event in bench.events(Forwarded)} == {1}


def test_silence_ends_it() -> None:
    bench = quiet()
    bench.send(b"AT+TCOUNT=100\r")
    begin_ns = bench.until(CONNECT)
    bench.send(b"x" * 30)
    assert bench.rest() == info("+TCOUNT: 30,idle")
    assert bench.now_ns >= begin_ns + s(2)
    assert (forwarded(bench), ends(bench)) == (30, ["idle"])


def test_the_escape_ends_it() -> None:
    bench = quiet()
    bench.send(b"AT+TCOUNT=100\r")
    bench.until(CONNECT)
    bench.send(b"x" * 30)
    bench.run_for(ms(1500))
    bench.send(b"+++")
    assert bench.rest().endswith(info("+TCOUNT: 30,escape"))
    assert (forwarded(bench), ends(bench)) == (30, ["escape"])


def test_a_prompt_and_ctrl_z() -> None:
    bench = quiet()
    bench.send(b"AT+TPROMPT\r")
    bench.until(b"\r\n> ")
    bench.send(b"hello\x1aAT\r")
    assert bench.rest() == info("+TPROMPT: 5,terminator") + OK
    assert (forwarded(bench), ends(bench)) == (5, ["terminator"])
    assert [event.data for event in bench.events(Eaten)] == [b"\x1a"]


def test_esc_takes_the_text_back() -> None:
    bench = quiet()
    bench.send(b"AT+TPROMPT\r")
    bench.until(b"\r\n> ")
    bench.send(b"hello\x1b")
    assert bench.rest() == OK
    assert (forwarded(bench), ends(bench)) == (0, ["cancel"])


def test_a_job_that_ends_ends_its_data_mode_and_its_transfer() -> None:
    bench = quiet()
    bench.send(b"AT+TFORGET\r")
    bench.until(CONNECT)
    bench.send(b"0123456789AT+CSQ\r")
    assert bench.rest() == cme(3) + info("+CSQ: 24,99")
    assert ends(bench) == ["error"]
    assert [(event.result, event.error) for event in bench.events(TransferEnd)] == [
        ("+CME ERROR: 3", 3)
    ]
    assert [(event.count, event.cause) for event in bench.events(Lost)] == [(10, "storage")]


# transparent mode


def answer(bench: Bench, line: str) -> bytes:
    """The reply up to its OK, while jobs go on in the background."""
    bench.unseen()
    bench.send(line.encode() + b"\r")
    begin = len(bench.output)
    bench.until(OK)
    return bytes(bench.output[begin:])


def linked(**config: Any) -> Bench:
    bench = quiet(**config)
    bench.send(b"AT+TLINK\r")
    bench.until(CONNECT)
    return bench


def news(bench: Bench, name: str, value: object) -> bool:
    return job_news(bench.rig, bench.now_ns, name, value)


def test_packets_go_when_they_are_full_or_the_host_pauses() -> None:
    bench = linked()
    for _ in range(4):
        assert news(bench, "credit", 1)
    bench.send(b"x" * 150)
    bench.run_for(ms(200))
    assert [event.count for event in bench.events(Forwarded)] == [64, 64, 22]
    assert forwarded(bench) == 150


def test_a_peer_without_credit_fills_the_ring() -> None:
    device = profile(uart={"rx_ring_bytes": 256, "rts_off_bytes": 192, "rts_on_bytes": 64})
    bench = Bench(device)
    bench.ask("ATE0")
    bench.send(b"AT+TLINK\r")
    bench.until(CONNECT)
    bench.send(bytes(300))
    bench.run_for(s(1))
    bench.rig.finish(bench.now_ns)
    bench.run_for(0)
    assert forwarded(bench) == 0
    assert [(event.count, event.doing) for event in bench.events(Lost)] == [
        (300 - 256, "the peer took nothing")
    ]


def test_back_pressure_reaches_a_host_with_flow_control() -> None:
    device = profile(uart={"rx_ring_bytes": 256, "rts_off_bytes": 192, "rts_on_bytes": 64})
    bench = Bench(device, ifc=(2, 2), host_flow="rtscts")
    bench.ask("ATE0")
    bench.send(b"AT+TLINK\r")
    bench.until(CONNECT)
    bench.send(b"x" * 1000)
    bench.run_for(s(1))
    assert bench.rig.is_host_held
    for _ in range(40):
        assert news(bench, "credit", 1)
        bench.run_for(ms(100))
    assert (forwarded(bench), bench.rig.counters()["lost"]) == (1000, 0)


def test_both_ways_at_once() -> None:
    bench = linked()
    for _ in range(10):
        news(bench, "credit", 1)
    bench.send(b"u" * 300)
    for _ in range(5):
        assert news(bench, "down", b"d" * 100)
        bench.run_for(ms(7))
    bench.run_for(s(1))
    assert forwarded(bench) == 300
    assert bytes(bench.output).endswith(CONNECT + b"d" * 500)


def test_a_host_that_holds_the_device_back_holds_the_peer_back() -> None:
    device = profile(uart={"tx_drop_ms": 60_000})
    bench = Bench(device, ifc=(2, 2), host_flow="rtscts")
    bench.ask("ATE0")
    bench.send(b"AT+TLINK\r")
    bench.until(CONNECT)
    bench.rig.host_ready(bench.now_ns, ready=False)
    taken = 0
    while news(bench, "down", b"d" * 1000):
        taken += 1
        assert taken < 1000
    bench.rig.host_ready(bench.now_ns, ready=True)
    bench.run_for(s(20))
    assert bytes(bench.output).count(b"d") == 1000 * taken


def test_the_escape_and_dtr_end_it_and_commands_are_read_again() -> None:
    bench = linked()
    news(bench, "credit", 1)
    bench.run_for(ms(1500))
    bench.send(b"+++")
    assert bench.rest() == OK
    assert bench.ask("AT") == OK
    bench.send(b"AT+TLINK\r")
    bench.until(CONNECT)
    news(bench, "credit", 1)
    bench.rig.host_dtr(bench.now_ns, is_on=False)
    assert bench.rest() == OK
    assert ends(bench) == ["escape", "dtr"]
    assert bench.ask("AT") == OK


def test_dtr_that_goes_while_the_peer_has_no_credit_is_not_forgotten() -> None:
    bench = linked()
    bench.rig.host_dtr(bench.now_ns, is_on=False)
    bench.rig.host_dtr(bench.now_ns, is_on=True)
    bench.run_for(ms(100))
    assert ends(bench) == []
    news(bench, "credit", 1)
    assert bench.rest() == OK
    assert ends(bench) == ["dtr"]


# a job of the background that takes the line over


def test_a_job_that_takes_over_reads_no_commands_until_it_ends() -> None:
    bench = quiet()
    bench.send(b"AT+TALONE=100\r")
    bench.until(OK)
    bench.until(urc("+TALONE: now"))
    bench.send(b"AT\r")
    assert bench.rest() == urc("+TALONE: over") + OK


def test_it_waits_for_the_command_and_for_what_is_to_be_said() -> None:
    bench = quiet()
    bench.send(b"AT+TALONE=100\r")
    bench.until(OK)
    bench.send(b"AT+TCOUNT=10\r")
    bench.until(CONNECT)
    assert bench.run_for(s(1)) == b""
    bench.send(bytes(10))
    said = [urc(f"+TALONE: {word}") for word in ("soon", "now", "over")]
    assert bench.rest() == info("+TCOUNT: 10,size") + b"".join(said)


def test_what_was_to_take_over_goes_with_the_power() -> None:
    bench = quiet()
    bench.send(b"AT+TALONE=100\r")
    bench.until(OK)
    bench.send(b"AT+TCOUNT=10\r")
    bench.until(CONNECT)
    bench.run_for(ms(500))
    bench.rig.cut_power(bench.now_ns)
    bench.rig.power_on(bench.now_ns)
    assert b"+TALONE: now" not in bench.rest()


# jobs in the background


def test_a_job_in_the_background_leaves_the_command_line_free() -> None:
    bench = quiet(flash_mode=FlashMode.TYPICAL)
    assert answer(bench, "AT+TSTORE=3") == OK
    assert answer(bench, "AT+CSQ") == info("+CSQ: 24,99")
    assert bench.rest() == urc("+TSTORE: done")
    (begin,), (end,) = bench.events(JobBegin), bench.events(JobEnd)
    assert (begin.job, begin.name, end.job, end.why) == (1, "a download", 1, "done")
    assert len(bench.file("download")) == 3 * 4096


@pytest.mark.parametrize("ring_bytes", [128, 4096])
def test_flash_work_of_several_jobs_takes_turns_and_the_wait_is_told(ring_bytes: int) -> None:
    ring = {"rx_ring_bytes": ring_bytes, "rts_off_bytes": 96, "rts_on_bytes": 32}
    bench = Bench(profile(uart=ring), flash_mode=FlashMode.TYPICAL)
    bench.ask("ATE0")
    bench.send(b'AT+TSTORE=60;+QFUPL="up",20000\r')
    bench.until(CONNECT)
    bench.send(bytes(20_000))
    bench.rest()
    busy = bench.events(FlashBusy)
    assert all(one.until_ns <= other.at_ns for one, other in pairwise(busy))
    whys = [
        event.why for event in busy if event.why in ("storing the download", "storing the data")
    ]
    turns = sum(one != other for one, other in pairwise(whys))
    lost = bench.events(Lost)
    assert turns >= 2 if lost else turns >= 8, "they take turns"
    assert bool(lost) == (ring_bytes < 4096)
    assert not lost or any("storing the download" in event.doing for event in lost)
    counters = bench.rig.counters()
    assert counters["stored"] + counters["lost"] + counters["eaten"] == counters["sent"]


def test_news_is_announced_when_nobody_else_speaks() -> None:
    bench = quiet()
    assert answer(bench, "AT+TWAIT=5000") == OK
    bench.send(b'AT+QFUPL="x",100\r')
    bench.until(CONNECT)
    assert news(bench, "news", "hello")
    bench.run_for(ms(100))
    assert not bench.events(Urc)
    bench.send(bytes(100))
    assert bench.rest() == info("+QFUPL: 100,0") + urc("+TWAIT: hello")


def test_patience_ends() -> None:
    bench = quiet()
    answer(bench, "AT+TWAIT=500")
    assert bench.rest() == urc("+TWAIT: None")


def test_the_number_of_jobs_is_bounded() -> None:
    bench = quiet()
    for _ in range(MOST_BACKGROUND):
        assert answer(bench, "AT+TWAIT=60000") == OK
    bench.send(b"AT+TWAIT=60000\r")
    bench.until(cme(3))
    assert len(bench.events(JobBegin)) == MOST_BACKGROUND


def test_the_power_ends_all_of_them() -> None:
    bench = quiet(flash_mode=FlashMode.TYPICAL)
    answer(bench, "AT+TSTORE=100")
    answer(bench, "AT+TWAIT=60000")
    bench.run_for(ms(300))
    bench.rig.cut_power(bench.now_ns)
    assert [(event.job, event.why) for event in bench.events(JobEnd)] == [
        (1, "power"),
        (2, "power"),
    ]
    bench.rig.power_on(bench.now_ns)
    bench.run_for(s(15))
    news(bench, "news", 1)
    assert bench.ask("AT").endswith(OK)
    assert not any(event.text.startswith("+T") for event in bench.events(Urc))
