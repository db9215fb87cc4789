"""How long a module keeps what it cannot send: it waits for the host's RTS, and then gives up."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from quecsim.probe.bench import Bench
from quecsim.probe.finding import Finding, NotMeasuredError
from quecsim.probe.latency import overhead_ns
from quecsim.probe.settings import set_flow
from quecsim.probe.step import Needs, Step

KEY = "uart.tx_drop_ms"
_RTS_CTS = 2
_FIRST_S, _LONGEST_S = 0.05, 20.0
_ANSWER_S = 0.5
_MS = 1_000_000
_CLOSE_NS = _MS // 2
_MOST_RUNS = 40
_CLOSE_PARTS = 2000


@dataclass(frozen=True, slots=True)
class Held:
    """An answer was held back for a time between `low_ns` and `high_ns`; whether it `came` then."""

    low_ns: int
    high_ns: int
    came: bool


def held(bench: Bench, hold_s: float, answer_ns: int) -> Held:
    """Ask AT with RTS off, and let the answer go after `hold_s`; it is there `answer_ns` after the
    command.
    """
    bench.wire.waiting()
    set_rts(bench, on=False)
    try:
        sent_ns = bench.write(b"AT\r\n")
        time.sleep(hold_s)
    finally:
        let_ns = bench.now_ns()
        set_rts(bench, on=True)
        done_ns = bench.now_ns()
    said = bench.read(_ANSWER_S, b"OK\r\n")
    began_ns = sent_ns + answer_ns
    return Held(let_ns - began_ns, done_ns - began_ns, b"OK" in said)


def set_rts(bench: Bench, *, on: bool) -> None:
    """Our RTS. Raises NotMeasuredError where the port has none."""
    try:
        bench.wire.port.rts = on  # type: ignore[attr-defined]
    except (OSError, AttributeError, NotImplementedError) as error:
        raise NotMeasuredError("the port has no RTS line that can be set") from error


def _rts_on(bench: Bench) -> bool:
    set_rts(bench, on=True)
    return True


def _answer_ns(bench: Bench) -> int:
    bench.wire.waiting()
    sent_ns = bench.write(b"AT\r\n")
    pieces = bench.wire.pieces(_ANSWER_S, bool)
    if not pieces:
        raise NotMeasuredError("no answer to AT with RTS on and AT+IFC=2,2: are the wires there?")
    bench.read(_ANSWER_S, b"OK\r\n")
    return pieces[0][0] - sent_ns


def _run(bench: Bench) -> Iterator[Finding]:
    blur_ns = overhead_ns(bench)
    set_rts(bench, on=True)
    bench.undo("RTS on", lambda: _rts_on(bench))
    set_flow(bench, (_RTS_CTS, 0))
    answer_ns = _answer_ns(bench)
    low_ns, high_ns, runs = _bounds(bench, answer_ns)
    while high_ns - low_ns > max(_CLOSE_NS, high_ns // _CLOSE_PARTS) and runs < _MOST_RUNS:
        middle_s = (low_ns + high_ns) / 2e9 + answer_ns / 1e9
        one = held(bench, middle_s, answer_ns)
        runs += 1
        if one.came:
            low_ns = max(low_ns, one.low_ns)
        else:
            high_ns = min(high_ns, one.high_ns)
        if high_ns - low_ns <= 2 * (one.high_ns - one.low_ns):
            break  # setting RTS takes so long that no more can be found out
    method = "AT with RTS off, which is switched on again later and later: whether the answer comes"
    value = round((low_ns + high_ns) / 2 / _MS)
    low_ms, high_ms = max(0, low_ns - blur_ns) // _MS, -(-(high_ns + blur_ns) // _MS)
    yield Finding(KEY, value, method, runs, low_ms, high_ms)


def _bounds(bench: Bench, answer_ns: int) -> tuple[int, int, int]:
    """A time after which it still came, one after which it did not, and the runs for it."""
    hold_s, low_ns, runs = _FIRST_S, 0, 0
    while hold_s <= _LONGEST_S:
        one = held(bench, hold_s, answer_ns)
        runs += 1
        if not one.came:
            return low_ns, one.high_ns, runs
        low_ns, hold_s = one.low_ns, hold_s * 2
    raise NotMeasuredError(f"it kept what it could not send for {low_ns / 1e9:.0f} s, and longer")


STEP = Step(
    name="unread",
    title="holds the module's answers back by RTS, for up to 20 s",
    seconds=20,
    keys=(KEY,),
    run=_run,
    needs=Needs(settings=("echo", "AT+IFC", "RTS")),
    is_long=True,
)
