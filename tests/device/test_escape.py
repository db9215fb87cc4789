"""The `+++` detector alone: each verdict, and its deadlines."""

import pytest

from quecsim.device.escape import EscapeDetector, PlusVerdict
from quecsim.profiles.schema import Escape
from quecsim.units import ms

PLUS = ord("+")
DATA, HELD, ESCAPED = PlusVerdict.DATA, PlusVerdict.HELD, PlusVerdict.ESCAPED


def detector(last_ms: int = 0) -> EscapeDetector:
    times = Escape(
        ends_file_data=True,
        dtr_ends_file_data=False,
        before_ms=1000,
        within_ms=500,
        after_ms=500,
    )
    return EscapeDetector(times, ms(last_ms))


def play(*bytes_at_ms: tuple[str, int]) -> list[PlusVerdict]:
    """Verdicts on bytes at times, with plain data passed by as the data mode does it."""
    watch, verdicts = detector(), []
    for text, at_ms in bytes_at_ms:
        if not watch.is_candidate(ord(text), ms(at_ms)):
            watch.passed(ms(at_ms))
            verdicts.append(DATA)
            continue
        verdict = watch.feed(ord(text), ms(at_ms))
        if verdict is DATA:
            watch.release()
            watch.passed(ms(at_ms))
        verdicts.append(verdict)
    return verdicts


@pytest.mark.parametrize(
    ("bytes_at_ms", "verdicts"),
    [
        ([("+", 1000), ("+", 1001), ("+", 1002), ("x", 1502)], [HELD, HELD, HELD, ESCAPED]),
        ([("+", 1000), ("+", 1250), ("+", 1500), ("x", 2000)], [HELD, HELD, HELD, ESCAPED]),
        ([("+", 999), ("+", 1000), ("+", 1001)], [DATA, DATA, DATA]),
        ([("+", 1000), ("+", 1001), ("+", 1501)], [HELD, HELD, DATA]),
        ([("+", 1000), ("+", 1001), ("+", 1002), ("x", 1501)], [HELD, HELD, HELD, DATA]),
        ([("+", 1000), ("+", 1001), ("+", 1002), ("+", 1501)], [HELD, HELD, HELD, DATA]),
        ([("+", 1000), ("x", 1001), ("+", 1002)], [HELD, DATA, DATA]),
        ([("x", 10), ("+", 1009), ("+", 2009)], [DATA, DATA, HELD]),
        ([("x", 10), ("+", 1010)], [DATA, HELD]),
    ],
)
def test_verdicts(bytes_at_ms: list[tuple[str, int]], verdicts: list[PlusVerdict]) -> None:
    """RDA AT engine: 1000 ms before, 500 ms from the first plus to the last, 500 ms after."""
    assert play(*bytes_at_ms) == verdicts


def test_deadlines() -> None:
    watch = detector()
    assert watch.deadline_ns is None
    watch.feed(PLUS, ms(1000))
    assert watch.deadline_ns == ms(1500), "from the first plus: then it is too late for more"
    watch.feed(PLUS, ms(1100))
    assert watch.deadline_ns == ms(1500)
    watch.feed(PLUS, ms(1200))
    assert watch.is_complete
    assert watch.deadline_ns == ms(1700), "from the last plus: then it was an escape"
    watch.release()
    assert (watch.deadline_ns, watch.pluses, watch.is_complete) == (None, 0, False)


def test_the_first_silence_counts_from_the_beginning_of_data_mode() -> None:
    watch = detector(last_ms=5000)
    assert not watch.is_candidate(PLUS, ms(5999))
    assert watch.is_candidate(PLUS, ms(6000))
