"""`quecsim report BEFORE AFTER`: what differs between two runs.

Exit code 0: every file of the second arrived whole. 1: an upload of it fell short.
"""

import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quecsim.cli import screen
from quecsim.cli.report_files import Output, write_whole
from quecsim.errors import QuecsimError
from quecsim.trace.jsonl import STANDARD

if TYPE_CHECKING:
    from quecsim.report.comparison import Run


PAGE = Output("html", "", "quecsim.render.page.two:write_two", extra="report")


def tell_two(
    before: Path, after: Path, *, as_json: bool, html: str | None, others: Mapping[str, Any]
) -> int:
    """Compare them. Raises QuecsimError where one of `others`, options of one trace, is given."""
    from quecsim.render.comparison import comparison_text
    from quecsim.report.comparison import compare
    from quecsim.run.recorded import recorded

    for name, value in others.items():
        if value:
            option = f"--{name.replace('_', '-')}"
            hint = f"quecsim report {after} {option} ..."
            raise QuecsimError(f"{option} takes one trace, and there are two", hint=hint)
    first, second = (_run(path) for path in (before, after))
    found = compare(first, second)
    if html is not None:
        drawn = (recorded(run.events, report=run.report, name=run.name) for run in (first, second))
        write_whole(PAGE.option, html, partial(PAGE.loaded(), found, *drawn))
    if html == STANDARD:
        pass
    elif as_json:
        click.echo(found.to_json())
    else:
        colour = screen.wants_colour(sys.stdout)
        click.echo(comparison_text(found, colour=colour, width=screen.width()))
    return 1 if second.report.fell_short else 0


def _run(path: Path) -> "Run":
    from quecsim.check.kept import trace_of
    from quecsim.report.builder import ReportBuilder
    from quecsim.report.comparison import Run
    from quecsim.trace.event import Start
    from quecsim.trace.jsonl import damage_told, read_trace

    path = trace_of(path)
    header, events = read_trace(path)
    if header.torn_bytes:
        screen.message(f"the last line of {path} is torn, and was left out")
    start = events[0] if events else None
    if not isinstance(start, Start):
        raise QuecsimError(
            "the record does not begin with the start of its run",
            hint="only whole records can be compared",
            where=str(path),
        )
    with damage_told(path):
        builder = ReportBuilder()
        builder.feed(events)
        return Run(str(path), events, builder.report(profile=start.profile))
