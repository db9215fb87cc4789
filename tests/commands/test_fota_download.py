"""The package on its way in: raw data between FILESTART and FILEEND, and protocol download."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.at.context import Context, Outside
from quecsim.at.effects import CloseData, DataEndWhy, Discard, OpenData, Raw, Steps, Take
from quecsim.flash.timing import FlashMode
from quecsim.trace import event as ev
from quecsim.units import ms, s
from tests.commands.fota import (
    begin,
    device,
    package,
    revision,
    send,
    system_sizes,
    urc,
    urcs,
)
from tests.device.bench import ERROR, OK, Bench

PACKAGE = package(device())
FULL_BYTES = 6_000_000


def test_the_package_is_raw_data_of_exactly_the_length() -> None:
    bench = Bench(device())
    tricky = b"AT\r+++\x11\x13" * 3_000
    begin(bench, len(tricky))
    bench.send(tricky[:5_000])
    bench.run_for(s(2))  # silence around pluses is no escape here
    bench.send(tricky[5_000:])
    bench.until(urc("FILEEND", 0))
    (data,) = bench.events(ev.DataBegin)
    assert (data.command, data.name, data.size) == ("+QFOTADL", "FOTA:package", len(tricky))
    assert bench.rig.device.context.ufs.read_system("fota-package") == tricky


def test_nothing_is_echoed_and_what_follows_is_a_command() -> None:
    bench = Bench(device())
    bad = PACKAGE[:-1] + b"\0"
    begin(bench, len(bad))
    bench.send(bad + b"ATI\r")  # read while the device upgrades, and forgotten by the restart
    assert urc("FILEEND", 0) in bench.rest()
    bench.rig.check()
    assert bench.ask("AT") == OK


@pytest.mark.parametrize("most", [5, 7, 50, 100])
def test_downloading_counts_its_messages(most: int) -> None:
    said = send(Bench(device()), PACKAGE, f",1,{most},0")
    assert said.startswith(urcs("DOWNLOADING", range(1, most + 1)) + urc("FILEEND", 0))
    assert b"UPDATING" not in said


def test_downloading_comes_as_the_package_does() -> None:
    bench = Bench(device())
    begin(bench, len(PACKAGE), ",1,10")
    for tenth in range(1, 11):
        bench.send(PACKAGE[len(PACKAGE) * (tenth - 1) // 10 : len(PACKAGE) * tenth // 10])
        said = bench.run_for(s(3))
        assert said.count(b"DOWNLOADING") <= 2
        seen = bytes(bench.output).count(b"DOWNLOADING")
        assert tenth - 1 <= seen <= tenth  # in whole blocks


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 5_000), st.sampled_from([5, 33, 100]))
def test_every_message_comes_once_whatever_the_size(size: int, most: int) -> None:
    said = send(Bench(device()), bytes(size), f",1,{most},0")
    assert said.startswith(urcs("DOWNLOADING", range(1, most + 1)) + urc("FILEEND", 0))


@pytest.mark.parametrize("missing", [1, 1_000, 20_000])
def test_a_package_that_does_not_come_whole_ends_with_500(missing: int) -> None:
    profile = device()
    assert profile.fota is not None
    bench = Bench(profile)
    begin(bench, len(PACKAGE), ",1,50")
    bench.send(PACKAGE[:-missing])
    bench.until(urc("FILEEND", 500), limit_ns=s(60))
    (end,) = bench.events(ev.DataEnd)
    assert end.why == "idle"
    assert end.received == len(PACKAGE) - missing
    assert bench.rest() == b""  # and nothing more
    assert system_sizes(bench) == {}
    assert (bench.ask("AT"), revision(bench)) == (OK, profile.identity.revision)


def test_the_time_out_runs_from_the_last_byte() -> None:
    profile = device()
    assert profile.fota is not None
    bench = Bench(profile)
    begin(bench, 100)
    bench.run_for(ms(profile.fota.idle_ms - 1_000))
    bench.send(b"x")
    bench.run_for(ms(profile.fota.idle_ms - 1_000))
    assert b"FILEEND" not in bytes(bench.output)
    bench.run_for(ms(2_000))
    assert urc("FILEEND", 500) in bytes(bench.output)


def test_a_package_that_does_not_fit_is_refused_at_once() -> None:
    bench = Bench(device())
    assert bench.ask(f'AT+QFOTADL="FILE:{FULL_BYTES}"') == ERROR
    free = bench.rig.device.context.ufs.free_system_bytes()
    assert bench.ask(f'AT+QFOTADL="FILE:{free + 1}"') == ERROR
    begin(bench, free)


def test_the_guides_example_package_fits() -> None:
    for name in ("ec200t", "uc200t", "ec200s", "eg912y"):
        begin(Bench(device(name)), 4_884_688)


def test_a_full_flash_ends_it_with_500() -> None:
    bench = Bench(device())
    ufs = bench.rig.device.context.ufs
    begin(bench, 300_000)
    ufs.write_system(
        "hog", bytes(ufs.free_system_bytes() + ufs.free_bytes() - 100_000)
    )  # somebody else took the room
    bench.send(bytes(300_000))
    said = bench.rest()
    assert said.startswith(urc("FILEEND", 500))
    (end,) = bench.events(ev.DataEnd)
    assert end.why == "error"
    assert system_sizes(bench) == {}
    bench.rig.check()
    assert bench.ask("\rAT").endswith(OK)


def test_early_bytes_belong_to_the_package() -> None:
    bench = Bench(device())
    bench.send(b'AT+QFOTADL="FILE:%d"\r' % len(PACKAGE) + PACKAGE[:3_000])
    bench.until(urc("FILESTART"))
    bench.send(PACKAGE[3_000:])
    bench.until(urc("END", 0))


def test_a_flash_that_stands_still_loses_bytes_without_flow_control() -> None:
    bench = Bench(device(), flash_mode=FlashMode.WORST, ipr=921_600, host_flow="none")
    said = send(bench, PACKAGE)
    assert said.startswith(urc("FILEEND", 500))
    assert bench.rig.counters()["lost_ring"] > 0


def test_flow_control_on_both_sides_loses_none() -> None:
    bench = Bench(device(), flash_mode=FlashMode.WORST, ipr=921_600, ifc=(2, 2), host_flow="rtscts")
    said = send(bench, PACKAGE)
    assert urc("END", 0) in said
    assert bench.rig.counters()["lost"] == 0
    assert any(event.held for event in bench.events(ev.HostHeld))


def test_lost_bytes_made_up_by_others_are_damage() -> None:
    """The host sends on until the count is full: the package is complete, and wrong."""
    bench = Bench(device(), flash_mode=FlashMode.WORST, ipr=921_600, host_flow="none")
    begin(bench, len(PACKAGE))
    bench.send(PACKAGE)
    bench.run_for(s(5))
    missing = bench.rig.counters()["lost"]
    assert missing > 0
    for _ in range(missing // 1_000 + 1):
        bench.send(bytes(1_000))
        bench.run_for(s(1))
    said = bytes(bench.output) + bench.rest()
    assert urc("FILEEND", 0) in said
    assert urc("END", 506) in bytes(bench.output)


# protocol download


def test_protocol_download_answers_and_is_silent() -> None:
    profile = device()
    assert profile.fota is not None
    bench = Bench(profile)
    bench.send(b'AT+QFOTADL="FILE:1000",2\r')
    bench.until(b"\r\n010003\r\n")
    bench.send(b"\x01\x00\x03" + bytes(2_000) + b"AT\r")
    assert bench.rest() == b""
    begun, ended = bench.events(ev.DataBegin)[0], bench.events(ev.DataEnd)[0]
    assert ended.at_ns - begun.at_ns >= ms(profile.fota.idle_ms)
    counters = bench.rig.counters()
    assert (counters["stored"], counters["lost"], counters["in_flight"]) == (0, 0, 0)
    eaten = [event for event in bench.events(ev.Eaten) if "protocol" in event.why]
    assert sum(event.count for event in eaten) == 2_006
    assert b"".join(event.data for event in eaten) == b"\x01\x00\x03" + bytes(2_000) + b"AT\r"
    assert bench.ask("AT") == OK


def test_whoever_knows_the_rest_can_say_it() -> None:
    def frames(_context: Context, length: int) -> Steps:
        yield OpenData("+QFOTADL,2", "frames", length, ack=False, timeout_ns=s(5),
                       is_idle_timer=True, can_escape=False)  # fmt: skip
        taken = yield Take(length)
        yield Discard(taken.data, "understood")
        yield Raw(b"\x06")
        yield CloseData(DataEndWhy.SIZE, "")

    bench = Bench(device(), outside=Outside(protocol_download=frames))
    bench.send(b'AT+QFOTADL="FILE:4",2\r')
    bench.until(b"\r\n010003\r\n")
    bench.send(b"four")
    assert bench.rest() == b"\x06"
    assert bench.ask("AT") == OK
