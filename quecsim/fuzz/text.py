"""What a search has found, for people and as JSON."""

import shlex
from textwrap import fill
from typing import Any

from msgspec.structs import replace

from quecsim.fuzz.case import case_text
from quecsim.fuzz.search import Found, SearchResult
from quecsim.scenario.schema import Case, Check
from quecsim.scenario.text import scenario_table, table_text
from quecsim.units import S

_WIDTH = 80


def render(result: SearchResult, *, took_s: float, host: str) -> str:
    """The end of a search: one block for each cause, and what was covered."""
    blocks = [_block(found) for found in result.found]
    rate = result.runs / took_s if took_s > 0 else 0.0
    count = "nothing found" if not result.found else _count(len(result.found), "cause")
    flaky = f", {result.flaky} not confirmed" if result.flaky else ""
    head = (
        f"{host}: {count}{flaky} in {_count(result.cases, 'case')} "
        f"({_count(result.runs, 'run')}, {took_s:.1f} s, {rate:.0f} runs/s)"
    )
    covered = result.coverage.lines()
    tail = ["faults that fired:", *(f"  {line}" for line in covered)] if covered else []
    return "\n".join([*blocks, head, *tail])


def _block(found: Found) -> str:
    finding = found.finding
    place = f" at byte {finding.at_byte}" if finding.at_byte is not None else ""
    when = f" at {finding.at_ns / S:.3f} s" if finding.at_ns is not None else ""
    lines = [f"FOUND  {finding.slug}{when}{place}", _wrapped(finding.sentence)]
    if finding.advice:
        lines.append(_wrapped(f"-> {finding.advice}"))
    more = "" if found.is_reduced else "; not fully reduced (--max-time, or Ctrl-C)"
    lines.append(f"  fails {found.fails}; seen in {_count(found.seen, 'case')}{more}")
    lines += ["", *(f"    {line}".rstrip() for line in short_text(found).splitlines()), ""]
    if found.saved is not None:
        kept = "" if found.saved.is_new else "  (it was there, and is no larger)"
        lines.append(f"  saved as {found.saved.path}{kept}")
        lines.append(f"  replay with: {replay_command(found)}")
    if found.page is not None:
        lines.append(f"  page: {found.page}")
    return "\n".join([*lines, ""])


def _wrapped(text: str) -> str:
    return fill(text, _WIDTH, initial_indent="  ", subsequent_indent="  ")


def short_text(found: Found) -> str:
    """The case as it is saved, without what the block says already."""
    case = found.case
    assert case.case is not None
    bare = Case(payload=case.case.payload, name=case.case.name)
    table = scenario_table(replace(case, case=bare, check=Check()))
    for told in ("title", "shows"):
        del table[told]
    return table_text(table).strip()


def replay_command(found: Found) -> str:
    """The command that runs the saved case again, with the host that has just been run."""
    assert found.saved is not None
    return f"quecsim replay --run-host {shlex.quote(str(found.saved.path))}"


def as_dict(result: SearchResult, *, took_s: float, host: str, seed: int) -> dict[str, Any]:
    """Everything as plain data (docs/FUZZING.md names it)."""
    return {
        "host": host,
        "seed": seed,
        "cases": result.cases,
        "runs": result.runs,
        "took_s": round(took_s, 3),
        "not_confirmed": result.flaky,
        "coverage": result.coverage.as_dict(),
        "found": [_found_dict(found) for found in result.found],
    }


def _found_dict(found: Found) -> dict[str, Any]:
    finding = found.finding
    return {
        "cause": finding.slug,
        "sentence": finding.sentence,
        "advice": finding.advice,
        "at_ns": finding.at_ns,
        "at_byte": finding.at_byte,
        "fails": found.fails,
        "is_reduced": found.is_reduced,
        "seen": found.seen,
        "after_cases": found.after_cases,
        "file": str(found.saved.path) if found.saved else None,
        "replay_with": replay_command(found) if found.saved else None,
        "page": str(found.page) if found.page else None,
        "case": case_text(found.case),
    }


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")
