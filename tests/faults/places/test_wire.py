"""What noise does to the bytes of either direction, and that each fault fires."""

import pytest

from quecsim.faults import BitError, Break, DropBytes, Fault, InsertBytes
from quecsim.report.builder import ReportBuilder
from quecsim.report.model import Verdict
from quecsim.trace.event import DataEnd, FaultFired, Lost, Noise, SendDropped
from quecsim.units import ms
from tests.device.bench import OK, Bench

COMMAND = 'AT+QFUPL="x",100,1'
FIRST = len(COMMAND) + 1 + 1  # the number of the file's first byte in the stream
DATA = bytes(range(100, 200))


def uploaded(*faults: Fault) -> tuple[Bench, bytes]:
    bench = Bench(faults=faults)
    heard = bench.upload(COMMAND, DATA)
    bench.rig.check()
    counters = bench.rig.counters()
    places = sum(counters[name] for name in ("stored", "eaten", "lost", "in_flight"))
    assert counters["sent"] + counters.get("inserted", 0) == places
    return bench, heard


def verdict(bench: Bench) -> tuple[Verdict, str]:
    builder = ReportBuilder()
    builder.feed(bench.record())
    report = builder.report(counters=bench.rig.counters())
    assert report.counters.holds
    return report.uploads[0].verdict, report.uploads[0].sentence


def test_a_bit_turns_over() -> None:
    bench, heard = uploaded(BitError(at_byte=FIRST + 7, bit=5))
    wanted = bytearray(DATA)
    wanted[7] ^= 1 << 5
    assert bench.file("x") == wanted
    assert heard.endswith(OK)
    (fired,) = bench.events(FaultFired)
    assert (fired.index, fired.kind) == (0, "bit_error")
    assert f"byte {FIRST + 7}" in fired.what
    assert [(e.offset, e.count, e.what) for e in bench.events(Noise)] == [(FIRST + 6, 1, "altered")]
    word, sentence = verdict(bench)
    assert word is Verdict.DAMAGED
    assert "1 byte was altered on the line" in sentence


def test_bits_of_several_bytes_are_one_firing() -> None:
    bench, _ = uploaded(BitError(at_byte=FIRST, count=3, bit=0))
    assert bench.file("x")[:4] == bytes((101, 100, 103, 103))
    assert len(bench.events(FaultFired)) == 1
    assert sum(e.count for e in bench.events(Noise)) == 3


def test_a_drawn_bit_is_the_same_for_the_same_seed() -> None:
    first, second = (uploaded(BitError(at_byte=FIRST))[0] for _ in range(2))
    assert first.file("x") == second.file("x") != DATA


def test_bits_at_a_rate_are_drawn_by_the_seed() -> None:
    files = []
    for seed in (1, 1, 2):
        bench = Bench(faults=[BitError(per_million=60_000)], seed=seed)
        bench.send(b"A" * 2000)
        bench.rest()
        files.append([event.offset for event in bench.events(Noise)])
        assert len(bench.events(FaultFired)) == len(files[-1])
        assert 60 < len(files[-1]) < 200
    assert files[0] == files[1] != files[2]


def test_the_line_swallows_bytes() -> None:
    bench, heard = uploaded(DropBytes(at_byte=FIRST + 10, count=4))
    assert bench.file("x") == DATA[:10] + DATA[14:]
    assert b"+CME ERROR: 421" in heard
    (lost,) = bench.events(Lost)
    assert (lost.offset, lost.count, lost.cause) == (FIRST + 9, 4, "noise")
    assert len(bench.events(FaultFired)) == 1
    assert bench.rig.counters()["lost_noise"] == 4


def test_bytes_that_nobody_sent() -> None:
    bench, heard = uploaded(InsertBytes(at_byte=FIRST + 50, bytes=(0, 255)))
    assert bench.file("x") == (DATA[:50] + b"\0\xff" + DATA[50:])[:100]
    assert heard.endswith(OK + DATA[-2:])  # the echo of what came after the file
    counters = bench.rig.counters()
    assert (counters["inserted"], counters["sent"]) == (2, FIRST - 1 + 100)
    assert len(bench.events(FaultFired)) == 1
    (noise,) = bench.events(Noise)
    assert (noise.offset, noise.count, noise.what) == (FIRST + 49, 2, "inserted")
    assert noise.inserted_at < 0
    assert verdict(bench)[0] is Verdict.DAMAGED


def test_a_command_with_a_byte_too_many_is_another_command() -> None:
    bench = Bench(faults=[InsertBytes(at_byte=5, bytes=(ord("X"),))])
    assert b"ERROR" in bench.ask("AT+CSQ")
    assert len(bench.events(FaultFired)) == 1


def test_a_break_is_a_nul_and_silence() -> None:
    bench, _ = uploaded(Break(at_byte=FIRST + 20, break_ms=2))
    (fired,) = bench.events(FaultFired)
    gone = sum(lost.count for lost in bench.events(Lost))
    assert 20 <= gone <= 24  # a byte takes 87 us
    assert bench.file("x") == DATA[:20] + b"\0" + DATA[20 + gone :]
    assert bench.events(Lost)[0].offset == FIRST + 19
    assert bench.events(Lost)[-1].last_ns <= fired.at_ns + ms(2)


def test_a_break_at_a_time() -> None:
    bench = Bench(faults=[Break(at_ms=30, break_ms=5)])
    bench.send(b"AT+C", at_ns=ms(29))
    bench.send(b"SQ\r", at_ns=ms(31))
    bench.rest()
    assert [event.at_ns for event in bench.events(FaultFired)] == [ms(30)]
    assert bench.rig.counters()["lost_noise"] == 3


@pytest.mark.parametrize(
    ("fault", "heard"),
    [
        (BitError(direction="to_host", at_byte=6, bit=0), b"AT\r\r\nNK\r\n"),
        (DropBytes(direction="to_host", at_byte=6), b"AT\r\r\nK\r\n"),
        (InsertBytes(direction="to_host", at_byte=6, bytes=(33, 34)), b'AT\r\r\n!"OK\r\n'),
        (Break(direction="to_host", at_byte=7, break_ms=1), b"AT\r\r\nO\0"),
    ],
)
def test_the_other_direction(fault: Fault, heard: bytes) -> None:
    bench = Bench(faults=[fault])
    bench.send(b"AT\r")
    assert bench.rest() == heard
    (fired,) = bench.events(FaultFired)
    assert "to the host" in fired.what
    dropped = len(b"AT\r\r\nOK\r\n") - sum(byte in b"AT\r\nOK" for byte in heard)
    lost = sum(event.count for event in bench.events(SendDropped))
    assert lost == (0 if isinstance(fault, BitError) else dropped)


def test_a_fault_that_is_injected_counts_from_then_on() -> None:
    bench = Bench()
    assert bench.ask("AT") == OK
    index = bench.rig.inject(bench.now_ns, DropBytes(at_byte=2))
    assert index == 0
    bench.ask("AT")
    (lost,) = bench.events(Lost)
    assert lost.offset == 3 + 1
    bench.rig.inject(bench.now_ns, DropBytes(direction="to_host", at_byte=1))
    bench.send(b"\rAT\r")
    assert bench.rest().startswith(b"AT\r\r\nOK")
    assert [event.index for event in bench.events(FaultFired)] == [0, 1]


def test_without_a_fault_nothing_is_counted() -> None:
    bench, _ = uploaded()
    assert "inserted" not in bench.rig.counters()
    assert bench.events(FaultFired) == []
    points = bench.rig.fault_points()
    assert points["byte"] == FIRST - 1 + 100
    assert points["connect"] == 1
    assert points["data_byte"] == 100
    assert points["command"] == 1
    assert points["flash_op"] > 0
    assert points["byte_to_host"] == len(bench.output)
    assert [event.received for event in bench.events(DataEnd)] == [100]
