"""A check for people: the verdict first, then why, then what to do about it. For 80 columns."""

from collections.abc import Iterator
from textwrap import wrap

from quecsim.check.results import CheckResult, CheckRun
from quecsim.judge.conduct_rules import breach_text
from quecsim.judge.judgement import Judgement
from quecsim.render.text import advice_text
from quecsim.report.model import Loss, Verdict
from quecsim.report.verdict import bytes_text
from quecsim.units import S

_WIDTH = 80
_MOST_BREACHES = 8
_MOST_LOSSES = 3
_MOST_SAID = 3
_MOST_ADVICE = 6
_GREEN, _RED = "32", "1;31"


def render_run(result_name: str, run: CheckRun, *, colour: bool) -> str:
    """One run, without a line end at the last line."""
    told = run.judgement
    name = f"{result_name} with {run.quirk}" if run.quirk else result_name
    word, code = ("passed", _GREEN) if told.passed else ("FAILED", _RED)
    if not run.is_judged:
        return "\n".join(_wrapped(f"NOT JUDGED  {name}: {told.reasons[0]}", 0, 8))
    head = f"{word}  {name}: {_verdict(told)} ({run.took_s:.1f} s)"
    lines = list(_wrapped(head, 0, 8))
    if colour:
        lines[0] = lines[0].replace(word, f"\x1b[{code}m{word}\x1b[0m", 1)
    lines += _reasons(run)
    for note in _notes(run):
        lines += _wrapped(note, 2, 4)
    if not told.passed:
        if run.kept:
            lines.append(f"  trace: {run.kept}")
        if run.page:
            lines.append(f"  page: {run.page}")
        lines.append(f"  repeat with: {run.repeat_with}")
    return "\n".join(lines)


def render_sum(result: CheckResult) -> str:
    """Several runs together."""
    of = f"{len(result.runs)} run" + ("" if len(result.runs) == 1 else "s")
    more = f"; stopped before the other {result.wanted_runs - len(result.runs)}"
    lines = [f"{result.passed_runs} of {of} passed{more if result.stopped else ''}"]
    for cause, count in result.causes.items():
        first = next(run for run in result.runs if run.judgement.cause == cause)
        reading = f", {first.quirk}" if first.quirk else ""
        lines.append(
            f"  {count:4} x {cause} (first: run {first.number}, seed {first.seed}{reading})"
        )
    return "\n".join(lines)


def _verdict(told: Judgement) -> str:
    if told.expect == "no-upload" and told.verdict is Verdict.NONE:
        return told.sentence
    name = f"{told.name} " if told.name else ""
    return f"{name}{told.verdict}: {told.sentence}"


def _reasons(run: CheckRun) -> Iterator[str]:
    told = run.judgement
    if told.because:
        yield from _wrapped(told.because, 2, 4)
    elif told.losses:
        for loss in told.losses[:_MOST_LOSSES]:
            yield from _wrapped(_loss(loss), 2, 4)
    if told.connection:
        yield from _wrapped(told.connection, 2, 4)
    for each in told.breaches[:_MOST_BREACHES]:
        yield from _wrapped(breach_text(each), 2, 4)
    if len(told.breaches) > _MOST_BREACHES:
        yield f"  and {len(told.breaches) - _MOST_BREACHES} more breaches of the rules"
    if run.exit_code and not told.passed:
        yield f"  {run.ended}"
        if not run.is_shown:
            said = [line for line in run.output.splitlines() if line.strip()]
            for line in said[-_MOST_SAID:]:
                yield from _wrapped(f"it said: {line}", 4, 6)
    for advice in told.advice[:_MOST_ADVICE]:
        yield from _wrapped(advice_text(advice), 2, 4)
    for reason in told.reasons:
        if "broke" not in reason and "not intact:" not in reason:
            yield from _wrapped(reason, 2, 4)


def _loss(loss: Loss) -> str:
    place = loss.offset if loss.at_byte is None else loss.at_byte
    what = f"{bytes_text(loss.count)} from byte {place} on lost"
    return f"{what} at {_seconds(loss.first_ns)}: {loss.why}"


def _notes(run: CheckRun) -> Iterator[str]:
    told = run.judgement
    for fault in told.quiet_faults:
        yield f"note: a fault never fired, so this run says nothing about it: {fault}"
    if told.allowed:
        yield f"note: broken, but switched off with --allow: {', '.join(told.allowed)}"
    for note in (*told.notes, *run.notes):
        yield f"note: {note}"


def _seconds(at_ns: int) -> str:
    return f"{at_ns / S:.3f} s"


def _wrapped(text: str, first: int, rest: int) -> list[str]:
    return wrap(
        "".join(char if char.isprintable() else "?" for char in text),  # of the host, too
        _WIDTH,
        initial_indent=" " * first,
        subsequent_indent=" " * rest,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [""]
