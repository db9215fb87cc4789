"""Counters, and what was run: by which quecsim, on which device, and how to run it again."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from quecsim.render.layout import counted, safe
from quecsim.render.recorded import Recorded
from quecsim.render.text import render_text
from quecsim.report.model import Report
from quecsim.units import format_ns

Pair = tuple[str, str]
_MOST_ASSUMED = 60
_MOST_WORD = 2000
_CASE = ".toml"  # of a case that a search has saved


@dataclass(frozen=True, slots=True)
class Assumed:
    """A value that nobody knows of a real device: what it is here, and why it was chosen."""

    value: str
    source: str


@dataclass(frozen=True, slots=True)
class AboutView:
    """The section. `counters` and `facts` are (name, value); `commands` are (what for, command).
    `text` is all of the report, as it stands in a terminal.
    """

    counters: list[Pair]
    sum: str
    facts: list[Pair]
    assumed: list[Assumed]
    commands: list[Pair]
    text: str


def about_view(recorded: Recorded) -> AboutView:
    """The section for a run."""
    report = recorded.report
    return AboutView(
        counters=list(_counters(report)),
        sum=""
        if report.counters.holds
        else "These numbers do not add up: the record is incomplete, or wrong.",
        facts=[(name, value) for name, value in _facts(recorded) if value],
        assumed=[_assumed(line) for line in report.assumed[:_MOST_ASSUMED]],
        commands=list(_commands(recorded)),
        text=render_text(report, colour=False),
    )


def _counters(report: Report) -> Iterator[Pair]:
    counters = report.counters
    yield "sent by the host", counted(counters.sent, "byte")
    if counters.inserted:
        whence = "heard by nobody" if report.origin.heard_from else "out of noise"
        yield whence, counted(counters.inserted, "byte")
    yield "stored in files", counted(counters.stored, "byte")
    causes = ", ".join(f"{cause} {count}" for cause, count in counters.lost_by_cause.items())
    yield "lost", counted(counters.lost, "byte") + (f" ({causes})" if causes else "")
    yield "read as commands", counted(counters.eaten, "byte")
    if counters.forwarded:
        yield "passed on", counted(counters.forwarded, "byte")
    yield "on their way at the end", counted(counters.in_flight, "byte")
    yield "host held back by flow control", format_ns(report.held_ns)
    yield from _flash(report)
    for why, count in report.unsent.items():
        yield f"from the device, never arrived ({why})", counted(count, "byte")
    if report.urcs_dropped:
        yield "unsolicited result codes never sent", str(report.urcs_dropped)


def _flash(report: Report) -> Iterator[Pair]:
    flash = report.flash
    if flash.erases or flash.programs:
        what = f"{counted(flash.erases, 'erase')}, {counted(flash.programs, 'program')}"
        longest = f"the longest stop {format_ns(flash.longest_ns)}"
        yield "flash busy", f"{format_ns(flash.busy_ns)} ({what}, {longest})"
    if flash.stalls:
        stalls = f"{format_ns(flash.stall_ns)} ({counted(flash.stalls, 'stall')})"
        yield "added by the scenario", stalls


def _facts(recorded: Recorded) -> Iterator[Pair]:
    report = recorded.report
    told = report.origin
    yield "record", safe(recorded.name)
    yield "device", safe(told.title or report.device)
    yield "port and line", safe(told.line or report.port)
    yield "heard from", safe(told.heard_from)
    yield "not heard", safe(", ".join(told.lacks))
    yield "scenario", safe(told.scenario)
    yield "seed", str(report.seed)
    yield "settings", safe(", ".join(f"{key} {value}" for key, value in report.settings.items()))
    yield "host program", _word(shlex.join(told.command))
    yield "quecsim", safe(told.version)
    yield "date", safe(told.date)
    yield "length of the run", format_ns(report.at_ns)
    yield "end of the record", "" if report.is_ended else "the record ends before the run did"


def _word(text: str) -> str:
    text = safe(text)
    return text if len(text) <= _MOST_WORD else f"{text[:_MOST_WORD]}..."


def _assumed(line: str) -> Assumed:
    """`name = value: source`, as `quecsim.report.assumed` writes it."""
    value, _, source = line.partition(": ")
    return Assumed(safe(value), safe(source))


def _commands(recorded: Recorded) -> Iterator[Pair]:
    name = shlex.quote(recorded.name)
    if recorded.name.endswith(_CASE):
        yield "run the saved case again", _word(f"quecsim replay --run-host {name}")
    elif recorded.name and not recorded.report.origin.heard_from:
        payload = " --payload FILE" if recorded.payload_hidden else ""
        yield "run the record again, byte for byte", _word(f"quecsim replay {name}{payload}")
    if recorded.name and not recorded.name.endswith(_CASE):
        yield "read this report in a terminal", _word(f"quecsim report {name}")
    told = recorded.report.origin
    if told.scenario and told.command:
        again = f"quecsim run {shlex.quote(told.scenario)} --seed {recorded.report.seed}"
        yield "run the host program again", _word(f"{again} -- {shlex.join(told.command)}")
