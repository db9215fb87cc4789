"""`quecsim replay`: run records, or saved cases, again, and say what has come of them.

Exit code 0: all the same, or FIXED. 1: some differ, or FAILED. 2: some could not be run (ERROR), or
the user's mistake.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quecsim.cli import complete, screen
from quecsim.cli.again import Given, again_options, read_given
from quecsim.cli.device_options import ProgramCommand, host_option, timeout_option
from quecsim.cli.words import note_old, option
from quecsim.errors import QuecsimError
from quecsim.trace.jsonl import is_trace
from quecsim.units import S

if TYPE_CHECKING:
    from quecsim.fuzz.replay import ReplayedCase
    from quecsim.run.replay import Replayed

_INTERRUPTED = 130
_CODES = {"FIXED": 0, "SAME": 0, "FAILED": 1, "DIFFERS": 1, "ERROR": 2}
_TRACE_ENDINGS = (".jsonl", ".gz")


@dataclass(frozen=True, slots=True)
class _Done:
    """What came of one file: for the exit code, for people, for machines."""

    outcome: str
    text: str
    table: dict[str, Any]


@click.command(
    cls=ProgramCommand,
    epilog="A case needs a host: name yours (--host FILE.py:FUNCTION, or -- PROGRAM {port} "
    "{file}), or let the one run that the file names, with --run-host. A trace needs none.",
)
@click.argument("words", nargs=-1, required=True, metavar="FILE_OR_FOLDER...",
                shell_complete=complete.files)  # fmt: skip
@host_option
@click.option("--run-host", is_flag=True, help="Run the program or function that a case names.")
@option(
    "--repeat",
    old="--confirm",
    type=click.IntRange(1, 100),
    default=3,
    metavar="N",
    help="Run a program N times.  [3]",
)
@again_options(old_ufs="--image")
@timeout_option(60)
@click.option("--json", "as_json", is_flag=True, help="The result as JSON on standard output.")
@click.pass_context
def replay(ctx: click.Context, /, **options: Any) -> int:
    """Run a recorded trace again: `same`, or the first event that differs.

    A trace (of run, check, open or pytest; .jsonl, .jsonl.gz, or - for standard input) is run
    without any host, in virtual time, from what it holds. A case that `quecsim fuzz` has saved
    (.toml) is run with a host: FIXED, FAILED, or ERROR. Of a folder all its files *.toml are run.
    A program is run several times, and is FIXED when it never fails. The host that a case names is
    code: it is run with --run-host alone, and told before.
    """
    from quecsim.check.attempt import CheckInterrupted
    from quecsim.live.signals import Signals

    done: list[_Done] = []
    paths, function = _split(options["words"], options["host"])
    with Signals() as signals:
        try:
            for each in _each(paths, function, ctx.meta.get("program"), options, signals):
                done.append(each)
                if not options["as_json"]:
                    click.echo(each.text)
        except CheckInterrupted:
            screen.message("stopped", "replay")
            return _INTERRUPTED
    if options["as_json"]:
        click.echo(json.dumps([each.table for each in done], indent=2))
    return max(_CODES[each.outcome] for each in done)


def _each(
    paths: list[Path],
    function: str | None,
    program: list[str] | None,
    options: dict[str, Any],
    signals: Any,
) -> Iterator[_Done]:
    """Replay one file after the other."""
    from quecsim.fuzz.program import ProgramHost
    from quecsim.fuzz.replay import HostChoice
    from quecsim.fuzz.replay import replay as replay_case

    if function is not None and program is not None:
        raise QuecsimError("two hosts are named", hint="leave out the function, or the program")
    choice = HostChoice(
        function, tuple(program) if program is not None else None, options["run_host"], _say
    )

    def program_host(words: tuple[str, ...]) -> ProgramHost:
        return ProgramHost(
            words, signals, confirm=options["repeat"], limit_s=options["timeout"] / S
        )

    for path in paths:
        if _is_trace(path):
            yield _trace_done(path, options["ufs"], options["payload"])
        else:
            case = replay_case(path, choice, program_host)
            yield _Done(str(case.outcome), case.text(), _case_table(case))


def _say(text: str) -> None:
    click.echo(f"quecsim replay: {text}", err=True)


# traces


def _is_trace(path: Path) -> bool:
    """By what is in it; where nothing is in it, by its name, for the message."""
    return is_trace(path) or (path.suffix in _TRACE_ENDINGS and not path.is_dir())


def _trace_done(path: Path, image: Path | None, payloads: tuple[Path, ...]) -> _Done:
    try:
        return _replayed(path, read_given(image, payloads))
    except QuecsimError as error:
        text = str(error)
        table = {"file": str(path), "outcome": "ERROR", "sentence": text}
        return _Done("ERROR", f"ERROR  {path}\n  {text}", table)


def _replayed(path: Path, given: Given) -> _Done:
    from quecsim.run.replay import replay as replay_trace
    from quecsim.trace.jsonl import damage_told, read_trace
    from quecsim.trace.pattern import event_text

    _, events = read_trace(path)
    with damage_told(path):
        again = replay_trace(events, given.image, given.payloads)
    table = {
        "file": str(path),
        "outcome": "SAME" if again.is_same else "DIFFERS",
        "events": again.recorded,
        "same": again.same,
        "is_ended": again.is_ended,
        "recorded": event_text(again.was) if again.was else "",
        "replayed": event_text(again.now) if again.now else "",
    }
    lines = [f"same: {again.recorded} events"]
    if not again.is_same:
        lines = [
            f"event {again.same + 1} of {again.recorded} differs",
            f"  recorded: {table['recorded'] or 'no more events'}",
            f"  replayed: {table['replayed'] or 'no more events'}",
        ]
        if differing := _differing(again):
            lines[0] += f" in {differing}"
        if again.is_other_version:
            lines.append(f"  it was recorded by quecsim {again.version}, whose model was another")
    elif not again.is_ended:
        lines[0] += "; the record ends before the run did"
    return _Done(str(table["outcome"]), "\n".join(lines), table)


def _differing(again: "Replayed") -> str:
    """The fields in which two events of one kind differ."""
    was, now = again.was, again.now
    if was is None or type(was) is not type(now):
        return ""
    fields = was.__struct_fields__
    return ", ".join(name for name in fields if getattr(was, name) != getattr(now, name))


# cases


def _split(words: tuple[str, ...], host: str | None) -> tuple[list[Path], str | None]:
    """The files, and the function; once that stood behind the files."""
    function = host
    if host is None and ":" in words[-1] and not Path(words[-1]).exists():
        function, words = words[-1], words[:-1]
        note_old("FILE... MODULE:FUNCTION", f"FILE... --host {function}")
    named = [Path(word) for word in words]
    if not named:
        hint = "quecsim replay TRACE.jsonl, or quecsim replay FILE.toml --host MODULE:FUNCTION"
        raise QuecsimError("no trace and no case is named", hint=hint)
    return [path for one in named for path in _cases(one)], function


def _cases(path: Path) -> list[Path]:
    """The file itself, or all that the folder has."""
    if not path.is_dir():
        return [path]
    found = sorted(path.glob("*.toml"))
    if not found and (record := path / "trace.jsonl").is_file():  # a failure kept by `check`
        return [record]
    if not found:
        hint = "name a case (*.toml), a trace, or a folder that `quecsim check` has kept"
        raise QuecsimError(f"there is no case in {path}, and no trace", hint=hint)
    return found


def _case_table(case: "ReplayedCase") -> dict[str, Any]:
    finding = case.finding
    return {
        "file": str(case.path),
        "outcome": str(case.outcome),
        "host": case.host,
        "saved_cause": case.saved_cause,
        "cause": finding.slug if finding else "",
        "sentence": finding.sentence if finding else case.error,
        "failed_runs": case.failed_runs,
        "runs": case.runs,
    }
