"""The rig: both ends of the line on one clock. UART and USB, flow control, mismatch, the ledger."""

from typing import Any

import msgspec
import pytest

from quecsim.checksum import checksum, checksum_text
from quecsim.flash.stall import AddedStall
from quecsim.flash.timing import FlashMode
from quecsim.profiles.schema import Profile
from quecsim.rig import Rig, RigConfig
from quecsim.trace.event import (
    End,
    HostBytes,
    HostHeld,
    HostLine,
    HostReady,
    LineMismatch,
    Lost,
    Rts,
    Start,
)
from quecsim.units import ms, s, us
from tests.device.bench import OK, Bench, cme, info, profile, shipped
from tests.test_checksum import AMAZON

CONNECT = b"\r\nCONNECT\r\n"
CSQ = info("+CSQ: 24,99")
BIG = (AMAZON * 20)[:20_000]


def byte_ns(count: int, baud: int = 115200, bits: int = 10) -> int:
    return count * bits * s(1) // baud


def summary(data: bytes) -> bytes:
    return info(f"+QFUPL: {len(data)},{checksum_text(checksum(data))}")


def small_ring(**uart: object) -> Profile:
    changed = {"rx_ring_bytes": 256, "rts_off_bytes": 192, "rts_on_bytes": 64}
    return profile(uart=changed | uart)


# the UART: pacing


@pytest.mark.parametrize(
    ("baud", "frame", "bits"),
    [(9600, "8N1", 10), (115200, "8N1", 10), (115200, "8E1", 11), (921600, "8N2", 11)],
)
def test_both_directions_are_paced(baud: int, frame: str, bits: int) -> None:
    device = profile(uart={"baud": baud, "frame": frame})
    bench = Bench(device)
    bench.send(b'AT+QFUPL="x",20000\r')
    connect_ns = bench.until(CONNECT)
    bench.send(BIG)
    reply = summary(BIG)
    assert bench.rest() == reply
    assert bench.times[-1] == connect_ns + sum(
        (byte_ns(len(BIG), baud, bits), byte_ns(len(reply), baud, bits))
    )


def test_64_kib_in_one_write_take_their_time_on_the_line() -> None:
    bench = Bench()
    bench.send(b'AT+QFUPL="x",65536\r')
    connect_ns = bench.until(CONNECT)
    bench.send(bytes(65536))
    assert not bench.rig.wants_input
    bench.until(b"+QFUPL: 65536,0\r\n")
    assert bench.times[-1] >= connect_ns + byte_ns(65536)
    assert bench.rig.wants_input


def test_without_a_limit_nothing_takes_line_time() -> None:
    bench = Bench(profile(at={"lf_wait_ms": 0, "command_latency_us": 0}), is_unlimited=True)
    bench.send(b"AT+CSQ\r")
    assert bench.rest() == b"AT+CSQ\r" + CSQ
    assert set(bench.times) == {0}
    assert bench.upload('AT+QFUPL="x",20000', BIG) == summary(BIG)
    assert bench.now_ns == 0


def test_without_a_limit_nothing_is_lost_either() -> None:
    bench = Bench(small_ring(), is_unlimited=True, flash_mode=FlashMode.WORST)
    assert bench.upload('AT+QFUPL="x",20000', BIG) == summary(BIG)
    assert bench.rig.counters()["lost"] == 0


# the USB port


def test_usb_replies_come_in_one_piece() -> None:
    """Some hosts read each reply with a single read: a summary comes with its OK."""
    bench = Bench(port="usb", flash_mode=FlashMode.TYPICAL)
    bench.ask("ATE0")
    for line in ("AT", "AT+CSQ", "ATI", "AT+CSQ;+CFUN?", "AT+QFDEL=x"):
        before = len(bench.times)
        bench.ask(line)
        assert len(set(bench.times[before:])) == 1, line
    bench.send(b'AT+QFUPL="x",20000\r')
    bench.until(CONNECT)
    before = len(bench.times)
    bench.send(BIG)
    assert bench.rest() == summary(BIG)
    assert len(set(bench.times[before:])) == 1


def test_usb_refuses_bytes_instead_of_losing_them() -> None:
    """NAK: the ring and the flash are the same, and every byte arrives."""
    bench = Bench(
        profile(usb={"rx_ring_bytes": 512, "packet_bytes": 64}),
        port="usb",
        flash_mode=FlashMode.WORST,
    )
    assert bench.upload('AT+QFUPL="x",20000', BIG) == summary(BIG)
    counters = bench.rig.counters()
    assert (counters["stored"], counters["lost"]) == (20_000, 0)
    assert bench.file("x") == BIG
    assert bench.events(Rts) == []


def test_the_same_without_nak_loses() -> None:
    bench = Bench(small_ring(), flash_mode=FlashMode.WORST)
    assert bench.upload('AT+QFUPL="x",20000', BIG).endswith(cme(421))
    assert bench.rig.counters()["lost_ring"] > 0


def test_usb_packets_take_their_time() -> None:
    bench = Bench(profile(usb={"packet_us": 1000}), port="usb")
    bench.send(b"AT\r")
    bench.rest()
    assert bench.times == [ms(2)] * 3 + [ms(1) + ms(23) + ms(1)] * 6


def test_usb_has_no_baud_and_no_mismatch() -> None:
    bench = Bench(port="usb")
    bench.rig.host_line(0, 9600, "7E1", "rtscts")
    assert bench.ask("AT") == OK
    assert bench.events(LineMismatch) == []


def test_usb_flow_control_can_be_set_and_read() -> None:
    bench = Bench(port="usb")
    assert bench.ask('AT+QCFG="usbifc",2,2') == OK
    assert bench.ask('AT+QCFG="usbifc"') == info('+QCFG: "usbifc",2,2')
    assert bench.upload('AT+QFUPL="x",20000', BIG) == summary(BIG)


@pytest.mark.parametrize("config", [{"port": "usb"}, {"is_unlimited": True}])
def test_a_host_that_does_not_read_gets_it_all_later_where_nothing_is_lost(
    config: dict[str, Any],
) -> None:
    bench = Bench(**config)
    bench.ask("ATE0")
    bench.rig.host_ready(bench.now_ns, ready=False)
    bench.send(b"AT+CSQ\r")
    assert bench.run_for(s(60)) == b""
    bench.rig.host_ready(bench.now_ns, ready=True)
    assert bench.rest() == CSQ
    assert [event.ready for event in bench.events(HostReady)] == [False, True]


# flow control, device to host


def stalled(**config: Any) -> Bench:
    """20,000 bytes into a 256-byte ring that stands still for 45 ms at every 4096 bytes."""
    uart = config.pop("uart", {})
    assert isinstance(uart, dict)
    bench = Bench(small_ring(**uart), stalls=[AddedStall(ms(45), every_bytes=4096)], **config)
    bench.upload('AT+QFUPL="x",20000', BIG)
    return bench


def test_rts_cts_on_both_ends_loses_nothing() -> None:
    bench = stalled(ifc=(2, 2), host_flow="rtscts")
    assert bench.file("x") == BIG
    assert bench.rig.counters()["lost"] == 0
    assert [event.on for event in bench.events(Rts)] == [False, True] * 4
    assert [event.held for event in bench.events(HostHeld)] == [True, False] * 4


@pytest.mark.parametrize(
    ("ifc", "host_flow", "texts"),
    [
        ((0, 0), "none", ("off", "off")),
        ((2, 2), "none", ("RTS/CTS", "off")),
        ((0, 0), "rtscts", ("off", "RTS/CTS")),
        ((2, 0), "rtscts", ("off", "RTS/CTS")),
        ((2, 2), "xonxoff", ("RTS/CTS", "XON/XOFF")),
    ],
)
def test_one_end_alone_is_as_good_as_none(
    ifc: tuple[int, int], host_flow: str, texts: tuple[str, str]
) -> None:
    bench = stalled(ifc=ifc, host_flow=host_flow)
    losses = bench.events(Lost)
    assert losses
    assert {(lost.device_flow, lost.host_flow) for lost in losses} == {texts}
    per_stall = ms(45) * 115200 // (10 * s(1)) - 256
    assert all(abs(lost.count - per_stall) <= 1 for lost in losses)
    assert bench.events(HostHeld) == []


def test_without_the_wires_both_settings_help_nothing() -> None:
    bench = stalled(ifc=(0, 2), host_flow="rtscts", has_wires=False)
    losses = bench.events(Lost)
    assert losses
    assert losses[0].host_flow == "RTS/CTS without wires"


@pytest.mark.parametrize(("lag_bytes", "is_lossless"), [(1, True), (64, True), (120, False)])
def test_a_driver_that_reacts_too_late_overruns_the_headroom(
    lag_bytes: int, is_lossless: bool
) -> None:
    """The ring has room for 64 bytes above the mark."""
    bench = stalled(ifc=(2, 2), host_flow="rtscts", lag_bytes=lag_bytes)
    assert (bench.rig.counters()["lost"] == 0) == is_lossless
    assert len(bench.events(HostHeld)) >= 2


def test_flow_control_holds_outside_data_mode_only_where_the_device_says_so() -> None:
    """EG800Q manual, AT+IFC: only applies in data mode."""
    flood = b"AT\r" * 400
    for scope, is_lossless in (("data", False), ("always", True)):
        bench = Bench(small_ring(flow_scope=scope), ifc=(2, 2), host_flow="rtscts")
        bench.ask("ATE0")
        bench.send(flood)
        bench.rest()
        assert (bench.rig.counters()["lost"] == 0) == is_lossless


def test_settings_of_the_hosts_port_are_followed_when_they_change() -> None:
    bench = Bench(small_ring(), ifc=(2, 2), stalls=[AddedStall(ms(45), every_bytes=4096)])
    bench.rig.host_line(0, 115200, "8N1", "none")
    bench.upload('AT+QFUPL="a",20000', BIG)
    lost = bench.rig.counters()["lost"]
    assert lost > 0
    bench.rig.host_line(bench.now_ns, 115200, "8N1", "rtscts")
    bench.upload('AT+QFUPL="b",20000', BIG)
    assert bench.file("b") == BIG
    assert bench.rig.counters()["lost"] == lost
    assert [event.flow for event in bench.events(HostLine)] == ["none", "rtscts"]


def test_an_explicit_option_beats_the_hosts_port() -> None:
    bench = Bench(
        small_ring(), ifc=(2, 2), host_flow="none", stalls=[AddedStall(ms(45), at_byte=1)]
    )
    bench.rig.host_line(0, 115200, "8N1", "rtscts")
    bench.upload('AT+QFUPL="a",20000', BIG)
    assert bench.rig.counters()["lost"] > 0


# XON/XOFF


XONXOFF = {"ifc_values": (0, 1, 2)}


def test_xon_xoff_on_both_ends_loses_nothing() -> None:
    data = BIG.replace(b"\x11", b"").replace(b"\x13", b"")
    assert data == BIG, "a PEM holds neither"
    bench = stalled(uart=XONXOFF, ifc=(1, 1), host_flow="xonxoff")
    assert bench.file("x") == BIG
    assert bench.rig.counters()["lost"] == 0
    assert bytes(bench.output).count(b"\x13") == 4
    assert bytes(bench.output).count(b"\x11") == 4


def test_an_xoff_takes_its_byte_time_to_get_there() -> None:
    bench = stalled(uart=XONXOFF, ifc=(1, 1), host_flow="xonxoff")
    asked = [event.at_ns for event in bench.events(Rts) if not event.on]
    held = [event.at_ns for event in bench.events(HostHeld) if event.held]
    assert [later - earlier for earlier, later in zip(asked, held, strict=True)] == [
        byte_ns(1)
    ] * len(asked)


def test_a_host_without_it_sees_the_bytes_and_goes_on_sending() -> None:
    bench = stalled(uart=XONXOFF, ifc=(1, 1), host_flow="none")
    assert bench.rig.counters()["lost"] > 0
    assert b"\x13" in bytes(bench.output)
    assert bench.events(HostHeld) == []


# both ends at different settings


def test_a_mismatch_is_told_of_once() -> None:
    bench = Bench(host_baud=9600)
    assert bench.ask("AT") == OK, "the bytes come through: garbling is a choice of its own"
    bench.ask("AT")
    assert bench.events(LineMismatch) == [LineMismatch(0, "9600 8N1", "115200 8N1", False)]


def test_no_mismatch_no_word() -> None:
    bench = Bench()
    bench.rig.host_line(0, 115200, "8N1", "none")
    bench.ask("AT")
    assert bench.events(LineMismatch) == []


def test_it_is_told_of_again_when_it_is_another() -> None:
    bench = Bench()
    for baud, frame in ((9600, "8N1"), (9600, "8N1"), (115200, "8N1"), (115200, "7E1")):
        bench.rig.host_line(bench.now_ns, baud, frame, "none")
        bench.send(b"x")
        bench.rest()
    assert [event.host for event in bench.events(LineMismatch)] == ["9600 8N1", "115200 7E1"]


def test_a_device_that_changes_its_rate_under_the_host() -> None:
    bench = Bench(garbles=True)
    bench.rig.host_line(0, 115200, "8N1", "none")
    bench.ask("AT+IPR=9600")
    assert bench.ask("AT") != OK
    (mismatch,) = bench.events(LineMismatch)
    assert (mismatch.host, mismatch.device, mismatch.garbled) == ("115200 8N1", "9600 8N1", True)
    bench.rig.host_line(bench.now_ns, 9600, "8N1", "none")
    assert bench.ask("AT").endswith(OK)


def test_garbled_bytes_are_framing_errors_or_junk() -> None:
    bench = Bench(host_baud=9600, garbles=True)
    bench.send(b"AT+CSQ\r" * 10)
    bench.rest()
    assert b"CSQ:" not in bench.output
    counters = bench.rig.counters()
    assert counters["lost_framing"] + counters["eaten"] + counters["in_flight"] == 70
    assert counters["lost_framing"] > 0


# the ledger and the record


def test_the_start_says_what_runs() -> None:
    bench = Bench(port="usb", seed=7, is_unlimited=True)
    (start,) = bench.events(Start)
    assert (start.device, start.seed, start.port) == ("ec200u", 7, "usb")
    assert start.settings == {
        "speed": "unlimited",
        "flash": "instant",
        "host_flow": "auto",
        "ring_bytes": "4096",
        "data_buffer_bytes": "4096",
    }


def test_what_the_host_wrote_is_on_record_in_order() -> None:
    bench = Bench()
    for piece in (b"AT", b"\r", b"AT+CSQ\r"):
        bench.send(piece)
        bench.run_for(ms(50))
    inputs = bench.events(HostBytes)
    assert [(event.offset, event.data) for event in inputs] == [
        (0, b"AT"),
        (2, b"\r"),
        (3, b"AT+CSQ\r"),
    ]


def test_bytes_are_counted_where_they_are_at_any_moment() -> None:
    bench = Bench(small_ring(), stalls=[AddedStall(ms(45), every_bytes=4096)])
    bench.send(b'AT+QFUPL="x",20000\r')
    bench.until(CONNECT)
    bench.send(BIG)
    seen = set()
    for _ in range(40):
        bench.run_for(ms(50))
        counters = bench.rig.counters()
        places = ("stored", "eaten", "lost", "in_flight")
        assert counters["sent"] == 20_019 == sum(counters[place] for place in places)
        seen.add(counters["stored"])
    assert len(seen) > 2


def test_the_end_counts_what_is_still_on_its_way_and_an_open_loss() -> None:
    bench = Bench(small_ring(), stalls=[AddedStall(s(1), at_byte=1)])
    bench.send(b'AT+QFUPL="x",20000\r')
    bench.until(CONNECT)
    bench.send(BIG)
    bench.run_for(ms(500))
    (going_on,) = bench.rig.open_events(bench.now_ns)
    assert isinstance(going_on, Lost)
    assert going_on.count == bench.rig.counters()["lost_ring"]
    bench.rig.finish(bench.now_ns)
    (end,) = bench.events(End)
    assert end.counters == bench.rig.counters()
    assert end.counters["in_flight"] > 10_000
    assert bench.events(Lost)[-1] == going_on


def test_a_deadline_comes_about_every_millisecond_while_bytes_move_and_none_when_not() -> None:
    bench = Bench()
    bench.send(bytes(1000))
    first_ns = bench.rig.deadline_ns()
    assert first_ns is not None
    assert us(800) < first_ns <= ms(1)
    bench.rest()
    assert bench.rig.deadline_ns() is None


def test_run_to_output_stops_at_the_first_byte() -> None:
    bench = Bench()
    bench.ask("ATE0")
    start_ns = bench.now_ns
    bench.send(b"AT\r")
    at_ns = bench.rig.run_to_output(start_ns + s(1))
    assert at_ns == start_ns + byte_ns(3) + ms(23) + byte_ns(1)
    assert [run.data for run in bench.rig.take_output()] == [b"\r"]


def test_run_to_output_stops_even_where_a_timer_is_due_at_that_moment() -> None:
    """AT+IFC takes effect when its reply has left: in the nanosecond of the last byte."""
    bench = Bench()
    bench.send(b"AT+IFC=2,2\r")
    assert bench.until(OK) == bench.now_ns


def test_run_to_queued_stops_when_the_far_uart_takes_more() -> None:
    bench = Bench()
    bench.send(b'AT+QFUPL="x",20000\r')
    connect_ns = bench.until(CONNECT)
    bench.send(BIG)
    at_ns = bench.rig.run_to_queued(connect_ns + s(10), 4095)
    assert bench.rig.input_room == 1
    assert at_ns == connect_ns + byte_ns(len(BIG) - 4095)


def test_run_to_queued_gives_up_at_the_limit_where_the_line_is_held() -> None:
    stalled = Bench(stalls=(AddedStall(s(60), at_byte=1),), ifc=(2, 2), host_flow="rtscts")
    stalled.send(b'AT+QFUPL="x",20000,60\r')
    limit_ns = stalled.until(CONNECT) + s(5)
    stalled.send(BIG)
    assert stalled.rig.run_to_queued(limit_ns, 4095) == limit_ns
    assert not stalled.rig.wants_input
    assert stalled.rig.counters()["lost"] == 0


def test_run_to_output_gives_up_at_the_limit() -> None:
    assert Bench().rig.run_to_output(s(5)) == s(5)


def test_the_seed_draws_the_flashs_times_and_nothing_else_differs() -> None:
    def times(seed: int) -> list[int]:
        bench = Bench(flash_mode=FlashMode.DRAWN, seed=seed)
        bench.upload('AT+QFUPL="x",20000,60', BIG)
        return bench.times

    assert times(1) == times(1)
    assert times(1) != times(2)


def test_files_and_line_settings_from_before_the_run() -> None:
    config = RigConfig(contents={"a": b"abc", "b": b""}, ifc=(2, 2), ipr=9600)
    rig = Rig(shipped(), config)
    rig.start()
    assert rig.device.context.ufs.files() == [("a", 3), ("b", 0)]
    assert (rig.device.settings.ifc, rig.device.settings.baud) == ((2, 2), 9600)


def test_two_rigs_do_not_know_of_each_other() -> None:
    one, other = Bench(), Bench()
    one.upload('AT+QFUPL="x",3', b"abc")
    one.ask("ATE0+CMEE=0")
    assert other.names() == []
    assert other.ask('AT+QFDEL="x"') == cme(418)


def test_the_record_is_plain_data() -> None:
    bench = Bench(small_ring(), flash_mode=FlashMode.TYPICAL)
    bench.upload('AT+QFUPL="x",20000,1', BIG)
    for event in bench.events(object):
        assert msgspec.json.decode(msgspec.json.encode(event))["type"] == type(event).__name__
