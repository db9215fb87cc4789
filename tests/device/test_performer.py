"""Commands in time: what keeps the device busy, for how long, and what it says about it."""

import pytest

from quecsim.flash.stall import AddedStall
from quecsim.flash.timing import FlashMode
from quecsim.trace.event import FlashBusy, Lost, Result, RingLevel, Sent, Stalled, Stored
from quecsim.units import ms, s
from tests.device.bench import OK, Bench, cme, info, profile

CONNECT = b"\r\nCONNECT\r\n"


def byte_ns(count: int) -> int:
    return count * 10 * s(1) // 115200


def test_flash_work_takes_the_flashs_time() -> None:
    bench = Bench(flash_mode=FlashMode.TYPICAL)
    bench.send(b'AT+QFUPL="x",3\r')
    connect_ns = bench.until(CONNECT)
    (work,) = bench.events(FlashBusy)
    assert work.why == "created x"
    assert work.at_ns == byte_ns(15) + ms(23)
    assert work.until_ns > work.at_ns
    assert connect_ns == work.until_ns + byte_ns(len(CONNECT))
    kinds = [kind for kind, *_ in work.ops]
    assert kinds == ["program"], "one commit of the directory; reads take time but are not listed"
    assert all(start + duration <= work.until_ns - work.at_ns for *_, start, duration in work.ops)


def test_the_operations_of_one_piece_of_work_follow_one_another() -> None:
    bench = Bench(flash_mode=FlashMode.WORST)
    bench.upload('AT+QFUPL="x",20000,60', bytes(20_000))
    for work in bench.events(FlashBusy):
        starts = [start for *_, start, _ in work.ops]
        assert starts == sorted(starts)
        assert {kind for kind, *_ in work.ops} <= {"erase", "program"}


def test_bytes_that_arrive_meanwhile_wait_in_the_ring() -> None:
    """At 115200 a 4096-byte ring bears 356 ms: an ordinary erase of 45 ms loses nothing."""
    bench = Bench(flash_mode=FlashMode.TYPICAL)
    bench.upload('AT+QFUPL="x",20000', bytes(20_000))
    assert bench.rig.counters()["lost"] == 0
    assert 400 < max(event.level for event in bench.events(RingLevel)) < 4096


def test_a_loss_says_what_the_device_was_doing() -> None:
    device = profile(uart={"rx_ring_bytes": 256, "rts_off_bytes": 192, "rts_on_bytes": 64})
    bench = Bench(device, flash_mode=FlashMode.TYPICAL)
    bench.upload('AT+QFUPL="x",20000,1', bytes(20_000))
    losses = bench.events(Lost)
    assert losses
    for lost in losses:
        assert lost.cause == "ring"
        assert lost.doing.startswith("the flash ")
        assert lost.ring_bytes == 256
        assert lost.full_ns <= lost.at_ns <= lost.last_ns <= lost.drained_ns
        assert (lost.device_flow, lost.host_flow) == ("off", "off")
    assert sum(lost.count for lost in losses) == bench.rig.counters()["lost_ring"]
    busy = [(work.at_ns, work.until_ns) for work in bench.events(FlashBusy)]
    assert all(any(a <= lost.full_ns <= b for a, b in busy) for lost in losses)


def test_a_stall_that_the_scenario_adds() -> None:
    bench = Bench(stalls=[AddedStall(ms(45), at_byte=100)])
    bench.send(b'AT+QFUPL="x",1188\r')
    connect_ns = bench.until(CONNECT)
    bench.send(bytes(1188))
    bench.rest()
    (stall,) = bench.events(Stalled)
    assert stall == Stalled(connect_ns + byte_ns(100), connect_ns + byte_ns(100) + ms(45), 100)
    assert bench.rig.counters()["stored"] == 1188


def test_the_threads_story_in_one_stall() -> None:
    """A small effective ring and 45 ms at the first byte: 1188 bytes arrive, fewer are stored."""
    device = profile(uart={"rx_ring_bytes": 256, "rts_off_bytes": 192, "rts_on_bytes": 64})
    bench = Bench(device, stalls=[AddedStall(ms(45), at_byte=1)])
    assert bench.upload('AT+QFUPL="x",1188,5', bytes(1188)).endswith(cme(421))
    in_45_ms = ms(45) * 115200 // (10 * s(1))
    assert bench.rig.counters()["lost_ring"] == in_45_ms - 256
    (lost,) = bench.events(Lost)
    assert lost.doing == "the stall that was asked for at byte 1 lasted"


def test_stores_are_recorded_when_the_flash_is_done() -> None:
    bench = Bench(flash_mode=FlashMode.TYPICAL)
    bench.upload('AT+QFUPL="x",10000', bytes(10_000))
    stored = bench.events(Stored)
    assert [event.count for event in stored] == [4096, 4096, 1808]
    assert [event.total for event in stored] == [4096, 8192, 10_000]
    ends = {work.until_ns for work in bench.events(FlashBusy)}
    assert all(event.at_ns in ends for event in stored)


@pytest.mark.parametrize("buffer_bytes", [1, 100, 1024, 4096, 8192])
def test_the_data_buffer_decides_how_often_it_stores(buffer_bytes: int) -> None:
    bench = Bench(profile(files={"data_buffer_bytes": buffer_bytes}))
    bench.upload('AT+QFUPL="x",5000', bytes(5000))
    assert {event.count for event in bench.events(Stored)[:-1]} <= {buffer_bytes}
    assert sum(event.count for event in bench.events(Stored)) == 5000


def test_no_latency_means_none() -> None:
    bench = Bench(profile(at={"command_latency_us": 0, "lf_wait_ms": 0}))
    bench.send(b"AT\r")
    bench.rest()
    assert bytes(bench.output) == b"AT\r" + OK
    assert bench.arrival_ns(OK) == byte_ns(4) + byte_ns(6)


def test_everything_sent_is_on_record() -> None:
    bench = Bench()
    bench.ask("AT+CSQ;+CFUN?")
    bench.ask("ATE0")
    bench.upload('AT+QFUPL="x",1024,5,1', bytes(1024))
    assert b"".join(event.data for event in bench.events(Sent)) == bytes(bench.output)


def test_every_line_has_one_result() -> None:
    bench = Bench()
    for line in ("AT", "AT+CSQ;+CFUN?", "AT+NONSENSE", "AT+QFDEL=x", "ATQ1", "AT"):
        bench.ask(line)
    assert [(event.line, event.text) for event in bench.events(Result)] == [
        ("", "OK"),
        ("+CSQ;+CFUN?", "OK"),
        ("+NONSENSE", "ERROR"),
        ("+QFDEL=x", "+CME ERROR: 418"),
        ("Q1", "OK"),
        ("", "OK"),
    ]


def test_a_reply_longer_than_the_transmit_ring_waits_for_room() -> None:
    bench = Bench(profile(uart={"tx_ring_bytes": 64}), contents={f"f{n}": b"" for n in range(20)})
    reply = bench.ask("AT+QFLST")
    assert reply == info(*(f'+QFLST: "UFS:f{n}",0' for n in range(20)))
