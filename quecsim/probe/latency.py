"""How long a module takes for a command, and how long it waits for a line feed behind the CR.

Measured from the echo of the CR to the first byte of the answer: what adapter and system add is in
both of them. What of that does not cancel is in the interval: it is as wide as the longest time
that an echo took beyond the bytes' own.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from quecsim.probe.bench import Bench
from quecsim.probe.estimate import Estimate, median
from quecsim.probe.finding import Finding, NotMeasuredError, not_measured
from quecsim.probe.settings import with_echo
from quecsim.probe.step import Needs, Step
from quecsim.probe.transfer import byte_ns

LATENCY, LF_WAIT = "at.command_latency_us", "at.lf_wait_ms"
_RUNS = 15
_FEW_RUNS = 8
_SHORT_WAIT_MS = 2
_ANSWER_S = 2.0
_PAUSE_S = 0.05
_US, _MS = 1000, 1_000_000


@dataclass(frozen=True, slots=True)
class Sample:
    """From the echo of the CR to the answer, and what the echo took beyond its bytes; in ns."""

    delay_ns: int
    overhead_ns: int


def ask(bench: Bench, ending: bytes) -> Sample:
    """AT, once. Raises NotMeasuredError where no answer comes."""
    bench.pause(_PAUSE_S)
    sent = b"AT" + ending
    sent_ns = bench.write(sent)
    pieces = bench.wire.pieces(_ANSWER_S, lambda raw: raw.endswith(b"OK\r\n"))
    if not pieces or not pieces[-1][1].endswith(b"\n"):
        raise NotMeasuredError("no answer to AT")
    echo_ns = answer_ns = 0
    seen = 0
    for at_ns, data in pieces:
        echo_ns = echo_ns or (at_ns if seen + len(data) >= 3 else 0)
        seen += len(data)
        if not answer_ns and seen >= 4 and _begins(pieces, seen, sent):
            answer_ns = at_ns
    overhead_ns = echo_ns - sent_ns - round(4 * byte_ns(bench))
    return Sample(answer_ns - echo_ns, max(0, overhead_ns))


def _begins(pieces: list[tuple[int, bytes]], seen: int, sent: bytes) -> bool:
    """Whether the answer has begun with the first `seen` bytes: they are more than the echo."""
    raw = b"".join(data for _, data in pieces)
    echo = len(sent) if raw.startswith(sent) and raw[len(sent) :].startswith(b"\r\n") else 3
    return seen > echo


def _estimates(bench: Bench) -> tuple[Estimate, Estimate, int]:
    """With CR alone, and with CR LF; and what the port cannot resolve."""
    alone = [ask(bench, b"\r") for _ in range(_RUNS)]
    both = [ask(bench, b"\r\n") for _ in range(_RUNS)]
    blur_ns = max(sample.overhead_ns for sample in (*alone, *both)) + round(byte_ns(bench))
    first, second = ([sample.delay_ns for sample in samples] for samples in (alone, both))
    return median(first), median(second), blur_ns


def overhead_ns(bench: Bench) -> int:
    """What adapter, system and this program add to the way there and back, at most, in some tries.

    The echo is on for that, and off afterwards.
    """
    with_echo(bench)
    overhead = max(ask(bench, b"\r").overhead_ns for _ in range(_FEW_RUNS))
    with_echo(bench, on=False)
    return overhead


def _run(bench: Bench) -> Iterator[Finding]:
    with_echo(bench)
    alone, both, blur_ns = _estimates(bench)
    byte = round(byte_ns(bench))
    waits = alone.value - both.value > max(2 * blur_ns, _MS // 2)
    after_lf = Estimate(both.value - byte, both.low - byte, both.high - byte, both.runs)
    latency = (after_lf if waits else alone).wider(blur_ns)
    yield _latency(latency, f"AT, from the echo of its {'LF' if waits else 'CR'} to the answer")
    yield _wait(alone.minus(after_lf).wider(blur_ns).rounded(_MS), waits=waits)


def _latency(latency: Estimate, method: str) -> Finding:
    if latency.low <= 0:
        why = f"at most {latency.high / _MS:.1f} ms; the port does not resolve it better"
        return not_measured(LATENCY, why)
    told = latency.rounded(_US)
    return Finding(LATENCY, told.value, f"{method}; median", told.runs, told.low, told.high)


def _wait(wait: Estimate, *, waits: bool) -> Finding:
    method = "AT with CR alone, against AT with CR and LF; medians"
    if waits:
        return Finding(LF_WAIT, wait.value, method, wait.runs, wait.low, wait.high)
    if wait.high > _SHORT_WAIT_MS:
        why = f"at most {wait.high} ms; the port does not resolve it better"
        return not_measured(LF_WAIT, why)
    return Finding(LF_WAIT, 0, method, wait.runs, 0, wait.high)


STEP = Step(
    name="latency",
    title="asks AT, again and again",
    seconds=3,
    keys=(LATENCY, LF_WAIT),
    run=_run,
    needs=Needs(settings=("echo",)),
    is_long=True,
)
