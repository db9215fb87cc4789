"""A reply leaves in pieces."""

from quecsim.faults import SplitReply
from quecsim.units import ms
from tests.device.bench import OK, Bench
from tests.faults.bench import fired


def test_replies_in_pieces() -> None:
    bench = Bench(faults=[SplitReply(reply=1, piece_bytes=2, pause_ms=30)])
    assert bench.ask("AT") == OK
    spans = [b - a for a, b in zip(bench.times[2:], bench.times[3:], strict=False)]
    assert sum(span >= ms(30) for span in spans) == 2  # CR LF, OK, CR LF
    assert bench.ask("AT") == OK
    assert sum(span >= ms(30) for span in spans) == 2
    assert fired(bench) == [(0, "split_reply")]
