"""How long a module is deaf after AT+IFC: the bytes that it loses right behind the OK.

With the echo on it shows by itself which bytes it has heard: the first of them came behind the gap.
"""

from collections.abc import Iterator

from quecsim.probe.bench import Bench
from quecsim.probe.estimate import median
from quecsim.probe.finding import Finding, NotMeasuredError
from quecsim.probe.latency import overhead_ns
from quecsim.probe.patterns import kept_pieces, pattern
from quecsim.probe.settings import flow, with_echo
from quecsim.probe.step import Needs, Step
from quecsim.probe.transfer import byte_ns, drained

KEY = "uart.reopen_ms"
_RUNS = 6
_SPANS_S = (0.05, 0.5, 3.0)
_MS = 1_000_000
_COARSE_NS = 5 * _MS
_QUIET_S = 0.3


def deaf_ns(bench: Bench, command: str, span_s: float) -> tuple[int, int] | None:
    """The time from the end of the OK to the end of the last lost byte, and to that of the first
    one heard; None where none of `span_s` was.
    """
    text = pattern(max(16, round(span_s * 1e9 / byte_ns(bench))), 1)
    bench.wire.waiting()
    bench.write(command.encode() + b"\r")
    said = bench.read_timed(5.0, b"OK\r\n")
    if not b"".join(data for _, data in said).endswith(b"OK\r\n"):
        raise NotMeasuredError(f"no OK to {command}")
    sent_ns = bench.write(text)
    echoed = drained(bench, _QUIET_S + len(text) * byte_ns(bench) / 1e9)
    bench.write(b"\r")
    drained(bench, _QUIET_S)
    bench.sync()
    pieces = kept_pieces(text, echoed)
    if not pieces:
        return None
    since_ns = sent_ns - said[-1][0]
    lost_ns = round(pieces[0].place * byte_ns(bench))
    low_ns = since_ns + lost_ns if pieces[0].place else 0
    return low_ns, since_ns + lost_ns + round(byte_ns(bench))


def _run(bench: Bench) -> Iterator[Finding]:
    before = flow(bench)
    if before is None:
        raise NotMeasuredError("the module has no AT+IFC")
    blur_ns = overhead_ns(bench)  # the OK was over that much earlier, and the bytes begin later
    with_echo(bench)
    command = f"AT+IFC={before[0]},{before[1]}"
    for span_s in _SPANS_S:
        if (first := deaf_ns(bench, command, span_s)) is not None:
            break
    else:
        raise NotMeasuredError(f"it hears nothing for {_SPANS_S[-1]:g} s after {command}")
    found = [first, *(deaf_ns(bench, command, span_s) for _ in range(_RUNS - 1))]
    bounds = [each for each in found if each is not None]
    low = median([low_ns for low_ns, _ in bounds])
    high = median([high_ns for _, high_ns in bounds])
    value = 0 if not low.value else round((low.value + high.value) / 2 / _MS)
    latest_ns = high.high + blur_ns
    if latest_ns > max(_COARSE_NS, 2 * low.low):
        raise NotMeasuredError(f"at most {latest_ns / _MS:.0f} ms: the port does not resolve it")
    method = f"{command}, then bytes right behind its OK: the first one that it echoes"
    yield Finding(KEY, value, method, len(bounds), max(0, low.low // _MS), -(-latest_ns // _MS))


STEP = Step(
    name="deaf",
    title="sets AT+IFC to what it is, and sends bytes right behind the OK",
    seconds=10,
    keys=(KEY,),
    run=_run,
    needs=Needs(settings=("echo",)),
    is_long=True,
)
