"""What ends an upload from the host's side: +++ with its guard times, and DTR."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress

from quecsim.host.port import Port
from quecsim.probe.bench import Bench
from quecsim.probe.finding import Finding, not_measured
from quecsim.probe.sending import Sending, sending
from quecsim.probe.step import Needs, Step

_LONG_S = 1.4
_LONGER_S = 2.6
_TIMEOUT_S = 30
_SIZE = 64
_USUAL_MS = (1000, 500)
_NEAR = 0.05
_LOOK_S = 0.6
_NEVER = "+++ does not end an upload"

Trial = Callable[[Sending, int], bool]
"""Tries the escape with one of its times in ms, in an upload that has begun; whether that ended."""


def _guards(bench: Bench) -> Iterator[Finding]:
    long_s = next((each for each in (_LONG_S, _LONGER_S) if _ends(bench, each)), None)
    if long_s is None:
        yield Finding("escape.ends_file_data", False, f"{_NEVER}, with {_LONGER_S} s around it")
        yield from (not_measured(key, _NEVER) for key in GUARDS.keys[1:])
        return
    yield Finding("escape.ends_file_data", True, f"+++ with {long_s} s around it")
    longest = round(long_s * 1000)
    for name, trial, is_least in (
        ("before", _before(long_s), True),
        ("within", _within(long_s), False),
        ("after", _after(long_s), True),
    ):
        yield _guard(bench, f"escape.{name}_ms", trial, longest, is_least=is_least)


def _ends(bench: Bench, guard_s: float) -> bool:
    return _tried(bench, _before(guard_s), round(guard_s * 1000))


def _tried(bench: Bench, trial: Trial, guard_ms: int) -> bool:
    """Whether data mode has ended."""
    with sending(bench, _SIZE, timeout_s=_TIMEOUT_S) as out:
        out.begin()
        out.send(b"data")
        has_ended = trial(out, guard_ms)
        if not has_ended:
            out.fill()
        out.end()
    return has_ended


def _before(long_s: float) -> Trial:
    def trial(out: Sending, guard_ms: int) -> bool:
        out.hears(guard_ms / 1000)
        out.send(b"+++")
        return out.has_ended(long_s + _LOOK_S)

    return trial


def _within(long_s: float) -> Trial:
    def trial(out: Sending, span_ms: int) -> bool:
        out.hears(long_s)
        for gap_ms in (span_ms / 2, span_ms / 2, 0):
            out.send(b"+")
            out.hears(gap_ms / 1000)
        return out.has_ended(long_s + _LOOK_S)

    return trial


def _after(long_s: float) -> Trial:
    def trial(out: Sending, guard_ms: int) -> bool:
        out.hears(long_s)
        out.send(b"+++")
        out.hears(guard_ms / 1000)
        out.send(b"\n")
        return out.has_ended(_LOOK_S)

    return trial


def _guard(bench: Bench, key: str, trial: Trial, longest: int, *, is_least: bool) -> Finding:
    """Where the escape begins to work (`is_least`), or no longer does: near a usual time, or else
    by halves.
    """
    runs = 0

    def is_above(guard_ms: int) -> bool:
        nonlocal runs
        runs += 1
        return _tried(bench, trial, guard_ms) == is_least

    low, high = 0, longest if is_least else 2 * longest
    highest = high
    for usual in _USUAL_MS:
        near = round(usual * _NEAR)
        if not low < usual < high:
            continue
        if is_above(usual - near):
            high = usual - near
        elif is_above(usual + near):
            low, high = usual - near, usual + near
            break
        else:
            low = usual + near
            break
    while high - low > max(20, 2 * _NEAR * high):
        middle = (low + high) // 2
        low, high = (low, middle) if is_above(middle) else (middle, high)
    if high == highest and not is_least:
        return not_measured(key, f"the pluses may be {low} ms apart, and no more was tried")
    usual_in = [usual for usual in _USUAL_MS if low < usual < high]
    value = usual_in[0] if usual_in else (low + high) // 2
    works, fails = (high, low) if is_least else (low, high)
    method = f"+++ works with {works} ms, and not with {fails} ms"
    return Finding(key, value, method, runs, low, high)


GUARDS = Step(
    name="escape",
    title="ends uploads by +++, with shorter and longer pauses",
    seconds=30,
    keys=("escape.ends_file_data", "escape.before_ms", "escape.within_ms", "escape.after_ms"),
    run=_guards,
    needs=Needs(storage_bytes=4096, written_bytes=10 * 4096),
)


def _dtr(bench: Bench) -> Iterator[Finding]:
    """DTR off and on again in an upload, under AT&D1."""
    key = "escape.dtr_ends_file_data"
    found = re.search(r"&D:?\s*([012])", "\n".join(bench.command("AT&V").lines))
    if not found:
        yield not_measured(key, "the module does not say how it takes DTR (AT&V)")
        return
    if found[1] == "0":
        bench.undo("AT&D0", lambda: bench.command("AT&D0").ok)
        bench.command("AT&D1")
    with sending(bench, 4096, timeout_s=1) as out:
        out.begin()
        out.send(b"data")
        if not _dropped(bench, out):
            out.end()
            yield not_measured(key, "this port has no DTR")
            return
        has_ended = out.has_ended(0.5)
        out.end()
    if has_ended:
        yield Finding(key, True, "DTR off under AT&D1")
    else:
        yield not_measured(key, "DTR changes nothing, or does not reach the module")


def _dropped(bench: Bench, out: Sending) -> bool:
    """DTR off for a moment; False where the port has none."""
    port = bench.wire.port
    bench.undo("DTR on", lambda: _with_dtr(port))
    with suppress(OSError, AttributeError):
        port.dtr = False  # type: ignore[attr-defined]
        out.hears(0.1)
        _with_dtr(port)
        return True
    return False


def _with_dtr(port: Port) -> bool:
    """DTR on again, where the port has it."""
    with suppress(OSError, AttributeError):
        port.dtr = True  # type: ignore[attr-defined]
    return True


DTR = Step(
    name="dtr",
    title="takes DTR away in an upload",
    seconds=2,
    keys=("escape.dtr_ends_file_data",),
    run=_dtr,
    needs=Needs(storage_bytes=4096, written_bytes=4096, settings=("AT&D",)),
)
