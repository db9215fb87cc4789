"""`quecsim replay`: run saved cases again, and say what has become of them.

Exit code 0: all FIXED. 1: some FAILED. 2: some could not be run (ERROR), or the user's mistake.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quecsim.cli.device_options import ProgramCommand, time_limit_option
from quecsim.errors import QuecsimError

if TYPE_CHECKING:
    from quecsim.fuzz.replay import Replayed

_INTERRUPTED = 130
_CODES = {"FIXED": 0, "FAILED": 1, "ERROR": 2}


@click.command(
    cls=ProgramCommand,
    epilog="The case names its host; another one may be named behind the files: MODULE:FUNCTION, "
    "FILE.py:FUNCTION, or -- PROGRAM {port} {file}.",
)
@click.argument("words", nargs=-1, required=True, metavar="FILE_OR_FOLDER... [MODULE:FUNCTION]")
@click.option(
    "--confirm",
    type=click.IntRange(1, 100),
    default=3,
    metavar="N",
    help="Run a program N times.  [3]",
)
@time_limit_option(60.0)
@click.option("--json", "as_json", is_flag=True, help="The result as JSON on standard output.")
@click.pass_context
def replay(ctx: click.Context, /, **options: Any) -> int:  # fmt: skip
    """Run the cases that `quecsim fuzz` has saved: FIXED, FAILED, or ERROR.

    Of a folder all its files *.toml are run. A program is run several times, and is FIXED when it
    never fails.
    """
    from quecsim.check.attempt import Interrupted
    from quecsim.fuzz.program import ProgramHost
    from quecsim.fuzz.replay import HostChoice
    from quecsim.fuzz.replay import replay as replay_one
    from quecsim.live.signals import Signals

    program = ctx.meta.get("program")
    paths, function = _split(options["words"])
    if function is not None and program is not None:
        raise QuecsimError("two hosts are named", hint="leave out the function, or the program")
    choice = HostChoice(function, tuple(program) if program is not None else None)
    done = []
    with Signals() as signals:

        def program_host(words: tuple[str, ...]) -> ProgramHost:
            return ProgramHost(
                words, signals, confirm=options["confirm"], limit_s=options["time_limit"]
            )

        for path in paths:
            try:
                done.append(replay_one(path, choice, program_host))
            except Interrupted:
                click.echo("quecsim replay: stopped", err=True)
                return _INTERRUPTED
            if not options["as_json"]:
                click.echo(done[-1].text())
    if options["as_json"]:
        click.echo(json.dumps([_as_dict(each) for each in done], indent=2))
    return max(_CODES[each.outcome] for each in done)


def _split(words: tuple[str, ...]) -> tuple[list[Path], str | None]:
    """The files, and the function behind them."""
    function = words[-1] if ":" in words[-1] and not Path(words[-1]).exists() else None
    named = [Path(word) for word in (words[:-1] if function else words)]
    if not named:
        raise QuecsimError("no case is named", hint="quecsim replay FILE.toml [MODULE:FUNCTION]")
    return [path for one in named for path in _cases(one)], function


def _cases(path: Path) -> list[Path]:
    """The file itself, or all that the folder has."""
    if not path.is_dir():
        return [path]
    found = sorted(path.glob("*.toml"))
    if not found:
        raise QuecsimError(f"there is no case in {path}", hint="a case is a file *.toml")
    return found


def _as_dict(done: "Replayed") -> dict[str, Any]:
    finding = done.finding
    return {
        "file": str(done.path),
        "outcome": str(done.outcome),
        "host": done.host,
        "saved_cause": done.saved_cause,
        "cause": finding.slug if finding else "",
        "sentence": finding.sentence if finding else done.error,
        "failed_runs": done.failed_runs,
        "runs": done.runs,
    }
