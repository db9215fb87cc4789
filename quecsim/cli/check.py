"""`quecsim check`: run a host program against a scenario's device, and judge both.

Exit code 0: passed. 1: failed. 2: the user's own mistake. 130: Ctrl-C.
"""

import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quecsim.check import ONE_OF_MANY
from quecsim.cli import complete, screen
from quecsim.cli.check_many import check_many
from quecsim.cli.device_options import (
    ProgramCommand,
    chosen,
    device_options,
    scenario_from,
    scenarios_argument,
    timeout_option,
)
from quecsim.cli.html_option import html_option, pages_of
from quecsim.cli.network_options import NAMES, network_from, network_options
from quecsim.cli.serial_option import refuse_misfits, serial_option
from quecsim.cli.words import option
from quecsim.errors import QuecsimError
from quecsim.judge.conduct_rules import RULES
from quecsim.units import S

if TYPE_CHECKING:
    from collections.abc import Callable

    from quecsim.check.results import CheckResult, CheckRun
    from quecsim.check.series import SeriesPlan

INTERRUPTED = 130
_FOLDER = "quecsim-failures"


def _list_rules(ctx: click.Context, _param: click.Parameter, is_wanted: bool) -> None:
    """--rules: say what they are, and end."""
    if is_wanted and not ctx.resilient_parsing:
        formatter = click.HelpFormatter(width=screen.width())
        formatter.write_dl([(name, rule.means) for name, rule in RULES.items()])
        click.echo(formatter.getvalue(), nl=False)
        ctx.exit()


@click.command(
    cls=ProgramCommand,
    epilog="Everything after -- is the host program: {port} in its arguments becomes the port's "
    "path and {file} that of the file to upload; QUECSIM_PORT and QUECSIM_FILE hold them too. "
    "Exit code 0 of the program means that it believes the upload went well.",
)
@scenarios_argument
@click.option(
    "--all",
    "is_all",
    is_flag=True,
    help="Every scenario that comes with quecsim for the device (--device, or else the EC200U).",
)
@click.option(
    "--suite",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The checks of a suite file (TOML).",
)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 1000),
    metavar="N",
    help="How many of several checks run side by side.  [as many as processors]",
)
@click.option(ONE_OF_MANY, is_flag=True, hidden=True)
@click.option(
    "--file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="What the program uploads; without it, the scenario's own payload.",
)
@click.option(
    "--name",
    default="",
    metavar="NAME",
    help="The file's name on the device; without it, that of the last upload.",
)
@click.option(
    "--expect",
    type=click.Choice(["intact", "failure", "honest", "no-upload"]),
    help="What is right here; without it, what the scenario says (intact). no-upload: the program "
    "uploads nothing, and is judged by its connections.",
)
@click.option(
    "--allow",
    multiple=True,
    metavar="RULE",
    shell_complete=complete.rules,
    help="Switch a rule off (repeatable).",
)
@click.option(
    "--rules",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_rules,
    help="List the rules, and end.",
)
@click.option("--need-faults", is_flag=True, help="Fail if a fault of the scenario never fired.")
@click.option(
    "--need-connection", is_flag=True, help="Fail if the program got no connection to a server."
)
@timeout_option(120)
@click.option(
    "--repeat", type=click.IntRange(1, 100_000), default=1, metavar="N", help="Run it N times."
)
@click.option("--vary-seed", is_flag=True, help="With --repeat: each run has the next seed.")
@click.option(
    "--vary-quirks",
    multiple=True,
    metavar="WHICH",
    shell_complete=complete.readings,
    help="Also run it on the device as others of its kind are: all, or a quirk (repeatable).",
)
@option(
    "--failures",
    old="--keep",
    metavar="DIR",
    default=_FOLDER,
    type=click.Path(path_type=Path),
    help=f"Where trace and output of a failure are kept.  [{_FOLDER}]",
)
@html_option("each failure that is kept")
@click.option(
    "--junit",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Also write the result as a JUnit file.",
)
@click.option("--json", "as_json", is_flag=True, help="The result as JSON on standard output.")
@click.option("-q", "--quiet", is_flag=True, help="Do not pass the program's output through.")
@click.option("--power-on", is_flag=True, help="Begin at power-up, with the start-up texts.")
@serial_option
@network_options
@device_options
@click.pass_context
def check(ctx: click.Context, /, **options: Any) -> int:  # fmt: skip
    """Run a host program against SCENARIO's device, and say whether it is right.

    SCENARIO is a file, the name of one that comes with quecsim, or a device. Judged are the file
    that the device has in the end, and the host's conduct on the way (--rules). Failures leave a
    trace. Several SCENARIOs (or --all, --suite) are checked side by side, and summed up in a table.
    """
    scenarios = options.pop("scenarios")
    several = {key: options.pop(key) for key in ("is_all", "suite", "jobs")}
    if several["is_all"] or several["suite"] is not None or len(scenarios) > 1:
        return check_many(ctx, scenarios, several, options)
    options["scenario"] = next(iter(scenarios), None)
    name = options["scenario"] or options["device"] or ""
    try:
        result = _run(ctx, options)
    except QuecsimError as error:
        if options["junit"] is not None:
            from quecsim.check.junit import write_junit
            from quecsim.check.many import Outcome

            with suppress(QuecsimError):  # that the file cannot be written either is no help now
                write_junit([Outcome(name, None, str(error))], options["junit"])
        raise
    _conclude(result, options)
    if result.stopped:
        screen.message("stopped", "check")
        return INTERRUPTED
    return 0 if result.passed else 1


def _run(ctx: click.Context, options: dict[str, Any]) -> "CheckResult":
    from quecsim.check.series import run_series
    from quecsim.live.signals import Signals

    with tempfile.TemporaryDirectory(prefix="quecsim-file-") as folder, Signals() as signals:
        series = _series(ctx, options, Path(folder))
        return run_series(series, signals, _teller(options["as_json"], series))


def _series(ctx: click.Context, options: dict[str, Any], folder: Path) -> "SeriesPlan":
    from quecsim.check.plan import CheckPlan, known_rules, payload_of
    from quecsim.check.series import SeriesPlan

    own = ("scenario", "device", "file", "name", "expect", "allow", "need_faults",
           "need_connection", "timeout", "repeat", "vary_seed", "vary_quirks", "failures",
           "junit", "html", "as_json", "quiet",
           "power_on", "one_of_many", "serial", *NAMES)  # fmt: skip
    pages = pages_of(options["html"])
    line = {key: value for key, value in options.items() if key not in own}
    scenario = scenario_from(*chosen(options["device"], options["scenario"]), line)
    refuse_misfits(options["serial"], scenario)
    program = ctx.meta.get("program") or []
    if not program:
        hint = "write: quecsim check SCENARIO -- PROGRAM {port}"
        raise QuecsimError("there is no program to check", hint=hint)
    file, data, is_compared = payload_of(scenario, program, options["file"], folder)
    plan = CheckPlan(
        scenario,
        tuple(program),
        file,
        data,
        is_compared,
        name=options["name"],
        expect=options["expect"] or scenario.check.expect,
        allow=known_rules(options["allow"]),
        need_faults=options["need_faults"],
        need_connection=options["need_connection"],
        limit_s=options["timeout"] / S,
        is_up=not options["power_on"],
        network=network_from(scenario, options),
        serial=options["serial"],
    )
    return SeriesPlan(
        plan,
        tuple(ctx.meta["words"]),
        options["failures"],
        options["repeat"],
        options["vary_seed"],
        is_shown=not (options["quiet"] or options["one_of_many"]),
        quirks=options["vary_quirks"],
        pages=pages,
    )


def _teller(as_json: bool, series: "SeriesPlan") -> "Callable[[CheckRun], None]":
    """What is told of each run as it ends: all of a single one and of failures."""
    from quecsim.check.text import render_run

    def tell(run: "CheckRun") -> None:
        if not as_json:
            text = render_run(
                series.check.scenario.name, run, colour=screen.wants_colour(sys.stdout)
            )
            click.echo(text)
            sys.stdout.flush()

    return tell


def _conclude(result: "CheckResult", options: dict[str, Any]) -> None:
    import msgspec

    from quecsim.check.many import Outcome
    from quecsim.cli.check_many import tell_others

    if options["as_json"]:
        click.echo(msgspec.json.format(msgspec.json.encode(result), indent=2).decode())
    elif result.wanted_runs > 1:
        from quecsim.check.text import render_sum

        click.echo(render_sum(result))
    outcomes = [Outcome(result.scenario, result)]
    tell_others(outcomes, options["junit"], is_alone=not options["one_of_many"])
