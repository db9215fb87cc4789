"""The edges of data mode: bytes before CONNECT, and bytes behind the last one."""

from collections.abc import Iterator

from quecsim.probe.bench import Bench
from quecsim.probe.finding import Finding, not_measured
from quecsim.probe.sending import sending
from quecsim.probe.step import Needs, Step

_RUNS = 3
_EARLY = b"early..."
_DATA = b"data...."
_LINGER_S = 1.0
_LONGEST_MS = 1000
_STEP_MS = 2
_MARGIN_MS = 30


def _early(bench: Bench) -> Iterator[Finding]:
    """Eight bytes right behind the command line, and nothing afterwards."""
    key, method = "files.early_bytes", f"{len(_EARLY)} bytes right behind the command line"
    counts = [_counted(bench) for _ in range(_RUNS)]
    words = {len(_EARLY): "data", 0: "discard"}
    told = f"{method}: {counts} of them are in the file"
    if None in counts:
        yield not_measured(key, "a time-out does not say how many bytes came: see the next step")
        yield from _early_whole(bench, key, method)
    elif len(set(counts)) == 1 and counts[0] in words:
        yield Finding(key, words[counts[0]], told, _RUNS)
    else:
        yield not_measured(key, told)


def _counted(bench: Bench) -> int | None:
    """Of an upload of 64 bytes, how many have come where only the early ones were sent."""
    with sending(bench, 64) as out:
        out.begin(_EARLY)
        return out.end().count


def _early_whole(bench: Bench, key: str, method: str) -> Iterator[Finding]:
    """An upload that is whole with the early bytes: does it end without its time-out?"""
    is_whole = []
    for _ in range(_RUNS):
        with sending(bench, len(_EARLY), timeout_s=2) as out:
            out.begin(_EARLY)
            is_whole.append(out.end().reply.ok)
    if len(set(is_whole)) == 1:
        word = "data" if is_whole[0] else "discard"
        yield Finding(key, word, f"{method}: an upload of so many is {_whole(is_whole[0])}", _RUNS)


def _whole(is_whole: bool) -> str:
    return "whole" if is_whole else "not whole"


EARLY = Step(
    name="early",
    title="sends 8 bytes of an upload before CONNECT",
    seconds=5,
    keys=("files.early_bytes",),
    run=_early,
    needs=Needs(storage_bytes=4096, written_bytes=_RUNS * 4096),
)


def _surplus(bench: Bench) -> Iterator[Finding]:
    """AT right behind the last byte of an upload: is it answered?"""
    key = "files.surplus"
    answers = [_answered(bench) for _ in range(_RUNS)]
    told = f"AT right behind the data is answered in {sum(answers)} of {_RUNS} runs"
    if len(set(answers)) > 1:
        yield not_measured(key, told)
        return
    yield Finding(key, "command" if answers[0] else "discard", told, _RUNS)
    if answers[0]:
        bench.after_data_s = 0.0
        yield not_measured("files.surplus_discard_ms", "what is too much is read as commands")
        return
    finding = _pause(bench)
    if finding.is_measured:
        bench.after_data_s = (finding.high + _MARGIN_MS) / 1000
    yield finding


def _answered(bench: Bench) -> bool:
    with sending(bench, len(_DATA), timeout_s=2) as out:
        out.begin()
        out.send(_DATA + b"AT\r")
        out.end()
        said = out.hears(_LINGER_S)
    return said.count(b"OK\r\n") > 1


def _pause(bench: Bench) -> Finding:
    """How long after the OK the module does not listen yet: AT is sent later and later."""
    key = "files.surplus_discard_ms"
    deaf, hears, runs = 0, _LONGEST_MS, 1
    if not _answered_after(bench, hears):
        return not_measured(key, f"AT is not answered {hears} ms after the OK")
    while hears - deaf > _STEP_MS:
        middle, runs = (deaf + hears) // 2, runs + 1
        deaf, hears = (deaf, middle) if _answered_after(bench, middle) else (middle, hears)
    method = f"AT is answered {hears} ms after the OK, and not after {deaf} ms"
    return Finding(key, (deaf + hears) // 2, method, runs, max(0, deaf - 5), hears + 5)


def _answered_after(bench: Bench, wait_ms: int) -> bool:
    with sending(bench, len(_DATA), timeout_s=2) as out:
        out.begin()
        out.send(_DATA)
        out.end()
        bench.pause(wait_ms / 1000)
        bench.write(b"AT\r")
        said = bench.read(_LINGER_S, b"OK\r\n")
    return b"OK\r\n" in said


SURPLUS = Step(
    name="surplus",
    title="sends AT right behind the data of an upload",
    seconds=4,
    keys=("files.surplus", "files.surplus_discard_ms"),
    run=_surplus,
    needs=Needs(storage_bytes=4096, written_bytes=_RUNS * 4096),
)
