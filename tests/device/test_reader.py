"""Command lines at the port: what is ignored, echoed, repeated, too long, or comes with an LF."""

import pytest

from quecsim.profiles.loader import load_profile, profile_names
from quecsim.trace.eaten import is_mistake
from quecsim.trace.event import CommandLine, Eaten, Result
from quecsim.uart.rate import UnlimitedRate
from quecsim.uart.run import ByteRun
from quecsim.units import ms, s
from tests.device.bench import ERROR, OK, Bench, cme, info, profile

CSQ = info("+CSQ: 24,99")


def byte_ns(count: int) -> int:
    return count * 10 * s(1) // 115200


@pytest.fixture
def bench() -> Bench:
    return Bench()


# the LF after a CR


@pytest.mark.parametrize(("late_ms", "is_part"), [(0, True), (19, True), (21, False)])
def test_an_lf_within_20_ms_belongs_to_the_line(late_ms: int, is_part: bool) -> None:
    """UIS8910DM AT engine: waits up to 20 ms, echoes it before the reply."""
    bench = Bench(profile(at={"command_latency_us": 0}))
    bench.send(b"AT\r")
    bench.run_to(byte_ns(3))
    bench.run_for(ms(late_ms))
    bench.send(b"\n")
    bench.rest()
    assert bytes(bench.output) == (b"AT\r\n" + OK if is_part else b"AT\r" + OK + b"\n")
    assert [eaten.why for eaten in bench.events(Eaten)] == ["LF after CR"]  # no mistake, if late


@pytest.mark.parametrize("device", profile_names())
def test_on_no_device_is_the_lf_of_a_cr_lf_line_a_mistake(device: str) -> None:
    """Neither where nobody waits for it (M95), nor behind the line by which the rate is found."""
    bench = Bench(load_profile(device))
    for line in (b"AT\r\n", b"AT+QFLDS\r\n", b"AT+NOSUCH\r\n"):
        bench.send(line)
        bench.rest()
    assert [each.data for each in bench.events(Eaten) if each.why == "LF after CR"] == [b"\n"] * 3
    assert not [each for each in bench.events(Eaten) if is_mistake(each.why)]


def test_only_the_first_lf_belongs_to_the_line() -> None:
    bench = Bench(profile(at={"lf_wait_ms": 0}))
    bench.send(b"AT\r\n\nx")
    bench.rest()
    pieces = [(each.offset, each.data, each.why) for each in bench.events(Eaten)]
    assert pieces == [(3, b"\n", "LF after CR"), (4, b"\nx", "no command")]


def test_an_lf_ends_the_wait(bench: Bench) -> None:
    bench.send(b"AT\r\n")
    bench.rest()
    assert bench.arrival_ns(OK) == byte_ns(4) + ms(3) + byte_ns(6)


def test_another_byte_ends_the_wait_too_and_begins_the_next_line(bench: Bench) -> None:
    bench.ask("ATE0")
    start_ns = bench.now_ns
    bench.send(b"AT\rAT+CSQ\r")
    assert bench.rest() == OK + CSQ
    first_ns = bench.times[bench.output.find(OK, 10) + 5]
    assert first_ns - start_ns == byte_ns(4) + ms(3) + byte_ns(6)


def test_a_family_that_does_not_echo_the_lf() -> None:
    bench = Bench(profile(at={"echo_lf": False}))
    bench.send(b"AT\r\n")
    assert bench.rest() == b"AT\r" + OK


def test_echo_comes_at_the_time_of_each_byte(bench: Bench) -> None:
    for at_ms, byte in ((0, b"A"), (100, b"T"), (350, b"I")):
        bench.send(byte, at_ns=ms(at_ms))
    bench.rest()
    assert bench.times == [ms(at_ms) + byte_ns(1) + byte_ns(1) for at_ms in (0, 100, 350)]


def test_a_command_in_many_small_writes(bench: Bench) -> None:
    for byte in b"AT+CSQ\r":
        bench.send(bytes((byte,)))
        bench.run_for(ms(7))
    bench.rest()
    assert bytes(bench.output) == b"AT+CSQ\r" + CSQ


# what is no command


@pytest.mark.parametrize("junk", [b"\x1a", b"\xff" * 100, b"\r\r\r", b"hello\r\n", b"\x00", b"A\r"])
def test_what_is_no_command_is_dropped_without_an_answer(bench: Bench, junk: bytes) -> None:
    bench.ask("ATE0")
    bench.send(junk)
    assert bench.rest() == b""
    assert bench.ask("AT") == OK


@pytest.mark.parametrize("junk", [b"\x1a", b"+++", b"xyz", b"\xff\xfe", b"A", b"\n\n"])
def test_text_in_front_of_at_is_ignored(bench: Bench, junk: bytes) -> None:
    bench.ask("ATE0")
    bench.send(junk + b"AT+CSQ\r")
    assert bench.rest() == CSQ
    assert junk in b"".join(eaten.data for eaten in bench.events(Eaten))


def test_a_command_line_is_recorded_with_its_place(bench: Bench) -> None:
    bench.send(b"xx" + b"AT+CSQ\r\n")
    bench.rest()
    (line,) = bench.events(CommandLine)
    assert (line.offset, line.count, line.text) == (2, 7, "+CSQ")
    assert line.at_ns == byte_ns(9)
    (result,) = bench.events(Result)
    assert (result.text, result.line) == ("OK", "+CSQ")


# forms of typing


def test_lower_case(bench: Bench) -> None:
    assert bench.ask("at+csq") == CSQ
    assert bench.ask("at+Qfdel=nothing") == cme(418)
    assert bench.ask("ate1v1") == OK


def test_spaces_outside_strings(bench: Bench) -> None:
    """FCM242D and FOTA manuals: spaces are ignored there."""
    assert bench.ask("AT + CSQ") == CSQ
    assert bench.ask("AT+CMEE = 2") == OK


def test_a_slash_repeats_at_once(bench: Bench) -> None:
    """V.250: without a CR, and without waiting for an LF."""
    bench.ask("AT+CSQ")
    start_ns = bench.now_ns
    bench.send(b"A/")
    assert bench.rest() == b"A/" + CSQ
    assert bench.times[-1] == start_ns + byte_ns(2) + ms(3) + byte_ns(len(CSQ))
    assert bench.ask("AT") == OK


def test_backspace_is_echoed_and_rubs_out(bench: Bench) -> None:
    bench.send(b"AT+CSX\x08Q\r")
    assert bench.rest() == b"AT+CSX\x08Q\r" + CSQ


# limits


def test_the_longest_line_and_one_byte_more(bench: Bench) -> None:
    """UIS8910DM AT engine: 1024 bytes with the CR."""
    fits = b"AT+CSQ" + b" " * (1024 - 7)
    assert bench.ask(fits) == CSQ
    assert bench.ask(fits + b" ") == ERROR
    assert bench.ask("AT") == OK


def test_a_very_long_line_is_one_error_and_nothing_of_it_runs(bench: Bench) -> None:
    assert bench.ask(b"ATE0;+CMEE=2;" + b"x" * 5000) == ERROR
    assert bench.ask("AT+CMEE?") == info("+CMEE: 1")


def test_what_is_beyond_the_limit_is_eaten_at_once(bench: Bench) -> None:
    """A line without end, with a gap in the stream after each byte, fills no memory."""
    reader, offset = bench.rig.device._components.reader, 0
    for offset in range(0, 6000, 2):
        byte = b"AT"[offset // 2 : offset // 2 + 1] or b"x"
        reader.read(ByteRun(offset * byte_ns(1), 0, UnlimitedRate(), byte, offset), None)
    assert reader.pending == 1023
    bench.rig._record.close()
    beyond = [eaten for eaten in bench.events(Eaten) if eaten.why == "beyond the end of a line"]
    assert sum(eaten.count for eaten in beyond) == 3000 - 1023
    assert len(reader.reset()) == 1023
    assert offset == 5998


def test_every_byte_of_a_long_line_is_accounted_for(bench: Bench) -> None:
    bench.ask(b"AT" + b"x" * 5000)
    (line,) = bench.events(CommandLine)
    end = line.offset + line.count
    assert (line.offset, end) == (0, 1023)
    for eaten in bench.events(Eaten):
        assert eaten.offset == end
        end += eaten.count
    assert end == 5003
    counters = bench.rig.counters()
    assert (counters["eaten"], counters["in_flight"]) == (5003, 0)


def test_24_parameters_are_read_and_25_are_too_many(bench: Bench) -> None:
    """UIS8910DM AT engine. No command here takes so many: what differs is whose error it is."""
    assert bench.ask("AT+CMEE=" + ",".join("1" * 24)) == cme(50)
    assert bench.ask("AT+CMEE=" + ",".join("1" * 25)) == ERROR


# while a command runs


def test_what_arrives_while_a_command_runs_waits_in_the_ring(bench: Bench) -> None:
    bench.ask("ATE0")
    bench.send(b"AT\r\nAT+CSQ\r\nATI\r\n")
    assert bench.rest() == OK + CSQ + info("Quectel", "EC200U", "Revision: EC200UCNAAR03A15M08")


def test_a_ring_full_of_commands_loses_the_newest() -> None:
    """A hundred commands in a row against 3 ms each: what does not fit is lost, and told of."""
    bench = Bench(profile(uart={"rx_ring_bytes": 64, "rts_off_bytes": 48, "rts_on_bytes": 16}))
    bench.ask("ATE0")
    bench.send(b"AT\r" * 400)
    replies = bench.rest()
    counters = bench.rig.counters()
    assert counters["lost_ring"] > 0
    assert counters["sent"] == counters["eaten"] + counters["lost"] + counters["in_flight"]
    assert 0 < replies.count(OK) < 400
    bench.send(b"\r")
    bench.rest()
    assert bench.ask("AT").endswith(OK)
