"""A page for each finding: its reduced case is run once more, and what happened is drawn."""

from dataclasses import replace

from quecsim.errors import QuecsimError
from quecsim.fuzz.hosts import FuzzHost
from quecsim.fuzz.search import Found, SearchResult
from quecsim.fuzz.text import replay_command
from quecsim.render.recorded import Recorded
from quecsim.run.pages import Pages
from quecsim.run.recorded import recorded
from quecsim.trace.event import Event


def add_pages(result: SearchResult, host: FuzzHost, pages: Pages) -> str:
    """Give each finding of `result` its page; returns why one has none, if that is so."""
    untold = ""
    for found in result.found:
        try:
            found.page = pages.add(found.finding.slug, _record(found, host))
        except QuecsimError as error:
            untold = str(error)
    return untold


def _record(found: Found, host: FuzzHost) -> Recorded:
    """As it shows: a program's failure need not do so every time."""
    events: list[Event] = []
    has_shown = False
    for _ in range(host.confirm):
        run, events = host.record(found.case)
        has_shown = run.finding is not None and run.finding.explains(found.finding)
        if has_shown:
            break
    name = str(found.saved.path) if found.saved else ""
    verdict = _verdict(found, has_shown=has_shown)
    made = recorded(events, name=name, verdict=verdict, has_passed=False)
    return replace(made, blame=found.finding.sentence, cure=found.finding.advice)


def _verdict(found: Found, *, has_shown: bool) -> str:
    """What was found, as the search says it."""
    finding = found.finding
    lines = [f"{finding.title}: {finding.sentence}"]
    if finding.advice:
        lines.append(f"-> {finding.advice}")
    lines.append(f"fails {found.fails}")
    if not has_shown:
        lines.append("it did not show in the run that is drawn here")
    if found.saved is not None:
        lines.append(f"replay with: {replay_command(found)}")
    return "\n".join(lines)
