"""The rate of a line, from the times of its bytes."""

import pytest

from quecsim.captures.line_rate import LineRate
from quecsim.units import S

BAUDS = [9_600, 115_200, 230_400, 460_800, 921_600, 3_000_000]


def heard(baud: int, *, bits: int = 10, jitter_ns: int = 0, pause_every: int = 7) -> LineRate:
    rate, at_ns = LineRate(), 0
    for number in range(60):
        at_ns += bits * S // baud + (jitter_ns if number % 2 else -jitter_ns)
        at_ns += S if number % pause_every == 0 else 0
        rate.hear(at_ns, 1)
    return rate


@pytest.mark.parametrize("baud", BAUDS)
def test_the_usual_rates(baud: int) -> None:
    assert heard(baud).found() == (baud, "8N1")
    assert heard(baud, bits=11).found() == (baud, "")


def test_an_analyser_samples_coarsely() -> None:
    assert heard(115_200, jitter_ns=500).found() == (115_200, "8N1")


def test_a_host_that_never_sends_back_to_back_does_not_tell() -> None:
    assert heard(115_200, pause_every=1).found() == (0, "")


def test_few_bytes_and_pieces_do_not_tell() -> None:
    rate = LineRate()
    for number in range(10):
        rate.hear(number * 86_805, 1)
    assert rate.found() == (0, "")
    for number in range(100):
        rate.hear(number * 86_805, 5)
    assert rate.found() == (0, "")
