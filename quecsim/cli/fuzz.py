"""`quecsim fuzz`: draw scenarios for a host, find what breaks it, and make that small.

Exit code 0: nothing found. 1: found. 2: the user's own mistake. 130: Ctrl-C.
"""

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quecsim.cli import complete, screen
from quecsim.cli.device_options import (
    ProgramCommand,
    device_options,
    host_option,
    old_scenario,
    old_scenario_option,
    scenario_argument,
    scenario_from,
    timeout_option,
)
from quecsim.cli.html_option import html_option, pages_of
from quecsim.cli.interrupt import Interrupt
from quecsim.cli.values import seconds
from quecsim.cli.words import note_old, option
from quecsim.errors import QuecsimError
from quecsim.files import read_file
from quecsim.units import S

if TYPE_CHECKING:
    from quecsim.fuzz.finding import CaseRun
    from quecsim.fuzz.hosts import FuzzHost
    from quecsim.fuzz.search import Search, SearchResult
    from quecsim.run.pages import Pages
    from quecsim.scenario.schema import Scenario

_INTERRUPTED = 130
_FOLDER = "quecsim-findings"
_TELL_S = 0.2
# How many smaller cases a reduction tries, at most.
_VIRTUAL_TIME_CASES, _REAL_TIME_CASES = 600, 60
_MOST_COMBINATIONS = 100_000


@click.command(
    cls=ProgramCommand,
    epilog="The host is MODULE:FUNCTION or FILE.py:FUNCTION, a function(port, name, data) that "
    "uploads `data` as `name` over an open pyserial port, and returns False or raises where that "
    "failed; it runs in virtual time. Or, after --, any program with {port} and {file} in its "
    "arguments; it runs in real time.",
)
@scenario_argument
@old_scenario_option
@host_option
@click.option(
    "--file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Upload this file; without it, payloads are drawn.",
)
@click.option("--name", default="UFS:ca.pem", metavar="NAME", help="Its name on the device.")
@option(
    "--max-time",
    type=seconds("0.1", "1000000"),
    default=60 * S,
    help="How long it may take, in real time: search and reduction.  [60s]",
)
@click.option("--max-cases", type=click.IntRange(1), metavar="N", help="How many cases to try.")
@click.option(
    "--fault",
    "kinds",
    multiple=True,
    metavar="KIND",
    shell_complete=complete.faults,
    help="Only faults of this kind (repeatable).",
)
@click.option(
    "--every",
    "every",
    multiple=True,
    metavar="KIND[:POINT]",
    shell_complete=complete.aimed_faults,
    help="No search: the fault at every point of one upload, such as "
    "power_cut:flash_op (repeatable: every combination).",
)
@click.option(
    "--step",
    type=click.IntRange(1),
    default=1,
    metavar="N",
    help="With --every: only each N-th point.",
)
@click.option(
    "--findings",
    metavar="DIR",
    default=_FOLDER,
    type=click.Path(path_type=Path),
    help=f"Where findings are kept.  [{_FOLDER}]",
)
@html_option("each finding")
@click.option(
    "--confirm",
    type=click.IntRange(1, 100),
    default=3,
    metavar="N",
    help="A program's failure counts when most of N runs show it.  [3]",
)
@timeout_option(60)
@screen.quiet_option
@click.option("--json", "as_json", is_flag=True, help="The result as JSON on standard output.")
@device_options
@click.pass_context
def fuzz(ctx: click.Context, /, **options: Any) -> int:  # fmt: skip
    """Find the scenario that breaks an uploader, as small as it gets, and save it.

    The host is a Python function (--host), run in virtual time, or a program after --, run on a
    pty. What SCENARIO (a file, the name of one that comes with quecsim, or a device) says stays as
    it is. Every finding is saved as a scenario file, which `quecsim replay` runs again. Ctrl-C ends
    the search, and what was found is told all the same.
    """
    program = ctx.meta.get("program")
    _take_old_target(options)
    if (program is None) == (options["host"] is None):
        hint = (
            "quecsim fuzz --host my_uploader.py:upload, "
            "or quecsim fuzz -- ./my-uploader {port} {file}"
        )
        raise QuecsimError("what is to be fuzzed: a function or a program?", hint=hint)
    if program is None:
        return _fuzz_function(options)
    return _fuzz_program(options, tuple(program))


def _fuzz_function(options: dict[str, Any]) -> int:
    from quecsim.fuzz.hosts import FunctionHost
    from quecsim.virtual.function import load_function

    function = options["host"]
    base = _base(options)
    host = FunctionHost(load_function(function), function)
    return _search(options, base, host, function=function)


def _take_old_target(options: dict[str, Any]) -> None:
    """Once the function stood where SCENARIO stands."""
    word = options["scenario"]
    if word is not None and ":" in word and not Path(word).exists():
        note_old("TARGET", f"--host {word}")
        options["host"], options["scenario"] = word, None


def _fuzz_program(options: dict[str, Any], program: tuple[str, ...]) -> int:
    from quecsim.fuzz.program import ProgramHost
    from quecsim.live.program import names_port
    from quecsim.live.signals import Signals

    if not names_port(program):
        _say("no {port} among the program's arguments; it has QUECSIM_PORT")
    base = _base(options)
    with Signals() as signals:
        end_s = time.monotonic() + options["max_time"] / S
        host = ProgramHost(
            program,
            signals,
            confirm=options["confirm"],
            limit_s=options["timeout"] / S,
            left_s=lambda: end_s - time.monotonic(),
        )
        return _search(options, base, host, program=program)


def _base(options: dict[str, Any]) -> "Scenario":
    """What every case is made from; its claim is another upload's."""
    from msgspec.structs import replace

    own = ("host", "scenario", "device", "old_scenario", "file", "name", "max_time", "max_cases",
           "kinds", "every", "step", "findings", "html", "confirm", "timeout", "as_json",
           "seed")  # fmt: skip
    line = {key: value for key, value in options.items() if key not in own}
    device, scenario = old_scenario(options)
    options["names_device"] = device is not None or scenario is not None
    made = scenario_from(device, scenario, line)
    return replace(made, claim=None)


def _search(
    options: dict[str, Any],
    base: "Scenario",
    host: "FuzzHost",
    *,
    function: str | None = None,
    program: tuple[str, ...] | None = None,
) -> int:
    from quecsim.fuzz.search import Search
    from quecsim.fuzz.text import as_dict, render

    pages = pages_of(options["html"])
    begin_s = time.monotonic()
    seed = options["seed"] if options["seed"] is not None else 1
    asked = nullcontext() if program else Interrupt()  # a program has signals of its own
    with _progress(begin_s) as tell, asked as interrupt:
        search = Search(
            host,
            folder=options["findings"],
            function=function,
            program=program,
            fixed=_fixed(options, base),
            most_reducing_cases=_REAL_TIME_CASES if program else _VIRTUAL_TIME_CASES,
            is_over=lambda: time.monotonic() - begin_s >= options["max_time"] / S,
            is_stopped=lambda: interrupt is not None and interrupt.is_asked,
            tell=tell,
        )
        is_stopped = _run(search, options, base, seed)
    result, took_s = search.result, time.monotonic() - begin_s
    if not result.cases and not is_stopped:
        raise QuecsimError("not one run came to its end in --max-time", hint="give it longer")
    untold = "" if pages is None or is_stopped else _add_pages(result, host, pages)
    if options["as_json"]:
        told = as_dict(result, took_s=took_s, host=host.label, seed=seed)
        click.echo(json.dumps(told, indent=2))
    else:
        click.echo(render(result, took_s=took_s, host=host.label))
    for message in filter(None, (result.not_saved, untold)):
        screen.message(message, "fuzz")
    if is_stopped:
        screen.message("stopped", "fuzz")
        return _INTERRUPTED
    return 1 if result.found else 0


def _add_pages(result: "SearchResult", host: "FuzzHost", pages: "Pages") -> str:
    from quecsim.fuzz.pages import add_pages

    return add_pages(result, host, pages)


def _run(search: "Search", options: dict[str, Any], base: "Scenario", seed: int) -> bool:
    """Search to the end; True where Ctrl-C has ended it."""
    try:
        if options["every"]:
            _run_every(search, options, base)
        else:
            _say(f"seed {seed}")
            search.run(_cases(search, options, base, seed), options["max_cases"])
    except KeyboardInterrupt:
        return True
    return False


def _cases(
    search: "Search", options: dict[str, Any], base: "Scenario", seed: int
) -> "Iterable[Scenario]":
    from quecsim.fuzz.draw import drawn_cases
    from quecsim.fuzz.first import first_cases
    from quecsim.testing.strategies import faults

    kinds = options["kinds"] or None
    faults(kinds)  # says which kinds there are
    payload = _payload(options, base)
    name = options["name"]

    def connects() -> bool:
        return search.result.coverage.connects

    def joins() -> bool:
        return search.result.coverage.joins

    drawn = drawn_cases(
        base,
        seed,
        name=name,
        payload=payload,
        kinds=kinds,
        is_real_time=search.host.confirm > 1,
        is_over=search.is_over,
        connects=connects,
        joins=joins,
    )
    return chain(first_cases(base, name, payload, kinds, connects, joins), drawn)


def _run_every(search: "Search", options: dict[str, Any], base: "Scenario") -> None:
    from quecsim.fuzz.case import make_case
    from quecsim.fuzz.exhaust import Plan, parse_every
    from quecsim.scenario.payload import payload_bytes

    everies = [parse_every(text) for text in options["every"]]
    payload = _payload(options, base)
    case = make_case(
        base, payload if payload is not None else payload_bytes("certificate"), options["name"]
    )
    first = _first_run(search.host, case)
    plan = Plan(case, everies, first.points or {}, options["step"])
    if not len(plan):
        raise QuecsimError(
            f"no such point in this upload: {plan.text()}", hint="upload more, or aim elsewhere"
        )
    if len(plan) > _MOST_COMBINATIONS and options["max_cases"] is None:
        raise QuecsimError(
            f"too many combinations: {plan.text()}", hint="take a larger --step, or --max-cases"
        )
    _say(f"{plan.text()}")
    search.run(chain([case], plan.cases()), options["max_cases"])
    if search.result.cases <= len(plan):
        done = search.result.cases - 1
        _say(f"{done} of {len(plan)} cases done (--max-time, --max-cases)")


def _first_run(host: "FuzzHost", case: "Scenario") -> "CaseRun":
    """The upload whose points are aimed at."""
    from quecsim.fuzz.hosts import TimeUp

    try:
        return host.run(case)
    except TimeUp:
        raise QuecsimError(
            "one upload takes longer than the whole search", hint="give it a longer --max-time"
        ) from None


def _say(text: str) -> None:
    screen.say(f"{text}", "fuzz")


def _payload(options: dict[str, Any], base: "Scenario") -> bytes | None:
    from quecsim.fuzz.finding import uploads_nothing

    file: Path | None = options["file"]
    if file is None:
        return b"" if uploads_nothing(base) else None
    try:
        return read_file(file)
    except OSError as error:
        hint = "--file is what the host uploads, for instance a certificate"
        raise QuecsimError(f"cannot read {file}: {error.strerror}", hint=hint) from None


def _fixed(options: dict[str, Any], base: "Scenario") -> frozenset[str]:
    """The tables that a reduction leaves alone: what the user has asked for."""
    from quecsim.scenario.text import scenario_table

    given = set(scenario_table(base)) - {"fault", "stall", "files", "device"}
    if options["names_device"]:
        given.add("device")
    return frozenset(given)


@contextmanager
def _progress(begin_s: float) -> "Iterator[Callable[[SearchResult], None]]":
    """One line that says how far it is, on a terminal; nothing elsewhere."""
    if screen.is_quiet() or not sys.stderr.isatty():
        yield lambda _result: None
        return
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    last_s = 0.0
    with Live(console=Console(stderr=True), transient=True, auto_refresh=False) as live:

        def tell(result: "SearchResult") -> None:
            nonlocal last_s
            now_s = time.monotonic()
            if now_s - last_s >= _TELL_S:
                last_s = now_s
                live.update(Text(_line(result, now_s - begin_s)), refresh=True)

        yield tell


def _line(result: "SearchResult", took_s: float) -> str:
    rate = result.cases / max(took_s, 0.001)
    causes = ", ".join(found.finding.slug for found in result.found)
    points = "\n".join(f"  {line}" for line in result.coverage.lines()[:12])
    return (
        f"{result.cases} cases, {rate:.0f}/s, {took_s:.0f} s; "
        f"{len(result.found)} found{': ' + causes if causes else ''}\n{points}"
    )
