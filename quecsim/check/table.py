"""Many checks as one table: for a terminal, and as Markdown."""

from collections.abc import Sequence

from quecsim.check.many import Outcome
from quecsim.check.results import CheckResult

_HEAD = ("scenario", "result", "file", "why")
_GREEN, _RED = "32", "1;31"


def rows(outcomes: Sequence[Outcome]) -> list[tuple[str, str, str, str]]:
    """(scenario, result, what became of the file, why it did not pass) of each."""
    return [_row(outcome) for outcome in outcomes]


def render_table(outcomes: Sequence[Outcome], *, colour: bool, width: int) -> str:
    """The table, and the sum below it, without a line end at the last line."""
    lines = rows(outcomes)
    if not lines:
        return "0 of 0 checks passed"
    widths = [max(len(line[at]) for line in (_HEAD, *lines)) for at in range(3)]
    left = max(20, width - sum(widths) - 6)
    told = [_line(_HEAD, widths, left), *(_line(line, widths, left) for line in lines)]
    if colour:
        told = [_coloured(text, line[1]) for text, line in zip(told, (_HEAD, *lines), strict=True)]
    passed = sum(line[1] == "passed" for line in lines)
    return "\n".join([*told, "", f"{passed} of {len(lines)} checks passed"])


def markdown(outcomes: Sequence[Outcome]) -> str:
    """The same for a page that shows Markdown."""
    told = rows(outcomes)
    passed = sum(line[1] == "passed" for line in told)
    lines = [" | ".join(("", *map(_cell, line), "")).strip() for line in (_HEAD, *told)]
    lines.insert(1, "| --- | --- | --- | --- |")
    return "\n".join(
        [f"### quecsim check: {passed} of {len(told)} passed", "", *lines, ""],
    )


def _row(outcome: Outcome) -> tuple[str, str, str, str]:
    result = outcome.result
    if result is None:
        first = outcome.message.partition("\n")[0].removeprefix("quecsim: ")
        return outcome.scenario, "NOT RUN", "", first
    return result.scenario, _word(result), _verdicts(result), _why(result)


def _word(result: CheckResult) -> str:
    if result.stopped:
        return "STOPPED"
    if not all(run.is_judged for run in result.runs):
        return "NOT JUDGED"
    word = "passed" if result.passed else "FAILED"
    return word if len(result.runs) == 1 else f"{word} {result.passed_runs}/{len(result.runs)}"


def _verdicts(result: CheckResult) -> str:
    return ", ".join(dict.fromkeys(str(run.judgement.verdict) for run in result.runs))


def _why(result: CheckResult) -> str:
    failed = next((run for run in result.runs if not run.judgement.passed), None)
    if failed is None:
        return ""
    told = failed.judgement
    if told.because:
        return told.because
    broken = ", ".join(dict.fromkeys(each.rule for each in told.breaches))
    return broken or (told.reasons[-1] if told.verdict == told.expect else told.sentence)


def _line(cells: Sequence[str], widths: Sequence[int], left: int) -> str:
    *first, why = cells
    short = why if len(why) <= left else f"{why[: left - 3]}..."
    padded = [cell.ljust(size) for cell, size in zip(first, widths, strict=True)]
    return "  ".join([*padded, short]).rstrip()


def _coloured(text: str, word: str) -> str:
    if word == _HEAD[1]:
        return text
    code = _GREEN if word.startswith("passed") else _RED
    return text.replace(f"  {word}", f"  \x1b[{code}m{word}\x1b[0m", 1)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
