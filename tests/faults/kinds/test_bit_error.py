"""Bits turn over on the line."""

from quecsim.faults import BitError
from quecsim.report.model import Verdict
from quecsim.trace.event import FaultFired, Noise
from tests.device.bench import OK, Bench
from tests.faults.line import FIRST, PAYLOAD, uploaded, verdict


def test_a_bit_turns_over() -> None:
    bench, heard = uploaded(BitError(at_byte=FIRST + 7, bit=5))
    wanted = bytearray(PAYLOAD)
    wanted[7] ^= 1 << 5
    assert bench.file("x") == wanted
    assert heard.endswith(OK)
    (firing,) = bench.events(FaultFired)
    assert (firing.index, firing.kind) == (0, "bit_error")
    assert f"byte {FIRST + 7}" in firing.what
    assert [(e.offset, e.count, e.what) for e in bench.events(Noise)] == [(FIRST + 6, 1, "altered")]
    word, sentence = verdict(bench)
    assert word is Verdict.WRONG
    assert "1 byte was altered on the line" in sentence


def test_bits_of_several_bytes_are_one_firing() -> None:
    bench, _ = uploaded(BitError(at_byte=FIRST, count=3, bit=0))
    assert bench.file("x")[:4] == bytes((101, 100, 103, 103))
    assert len(bench.events(FaultFired)) == 1
    assert sum(e.count for e in bench.events(Noise)) == 3


def test_a_drawn_bit_is_the_same_for_the_same_seed() -> None:
    first, second = (uploaded(BitError(at_byte=FIRST))[0] for _ in range(2))
    assert first.file("x") == second.file("x") != PAYLOAD


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
