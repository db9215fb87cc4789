"""`quecsim check` of several scenarios: which, with which words, and what is told of them all."""

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quecsim.cli.html_option import pages_of
from quecsim.cli.screen import message, wants_colour, width
from quecsim.errors import QuecsimError

if TYPE_CHECKING:
    from collections.abc import Callable

    from quecsim.check.many import Outcome
    from quecsim.check.suite import SuiteEntry

INTERRUPTED = 130
_NOT_PASSED_ON = ("scenarios", "is_all", "suite", "jobs", "junit", "as_json", "quiet", "file")


def check_many(
    ctx: click.Context, scenarios: Sequence[str], several: dict[str, Any], options: dict[str, Any]
) -> int:
    """Check all of them; returns the exit code. Raises QuecsimError for the user's mistakes."""
    from quecsim.check import many

    program = ctx.meta.get("program") or []
    if not program:
        hint = "put -- before the program: quecsim check SCENARIO... -- PROGRAM {port}"
        raise QuecsimError("there is no program to check", hint=hint)
    entries, file = _entries(scenarios, several, options)
    words = given_words(ctx)
    if several["is_all"] and not str(options["device"]).endswith(".toml"):  # they are of it already
        words = [word for word in words if not word.startswith("--device=")]
    if file is not None:
        words.append(f"--file={file}")
    pages_of(options["html"])  # before many programs have run for nothing
    jobs = several["jobs"] or (many.default_jobs() if options["serial"] is None else 1)
    if options["serial"] is not None and jobs > 1:
        raise QuecsimError("one board can be checked at a time", hint="leave out -j")
    _end_as_with_ctrl_c()
    with _progress(len(entries), is_wanted=not options["quiet"]) as told:
        outcomes, is_stopped = many.run_many(entries, words, program, jobs, _teller(options, told))
    _conclude(outcomes, options, is_stopped=is_stopped)
    return INTERRUPTED if is_stopped else many.exit_code_of(outcomes)


def _end_as_with_ctrl_c() -> None:
    """Whatever else would end this process on the spot ends its checks first. nohup stays so."""
    for number in (signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)


def _entries(
    scenarios: Sequence[str], several: dict[str, Any], options: dict[str, Any]
) -> "tuple[list[SuiteEntry], Path | None]":
    """What is to be checked, and the file that is uploaded in each."""
    from quecsim.check.suite import SuiteEntry, all_of, read_suite

    entries = [SuiteEntry(name) for name in scenarios]
    file: Path | None = None
    if several["suite"] is not None:
        more, file = read_suite(several["suite"])
        entries += more
    if several["is_all"]:
        entries += all_of(options["device"])
    return entries, options["file"] or file


def given_words(ctx: click.Context) -> list[str]:
    """The options that were given and that each check gets, as one word each."""
    words = list(ctx.meta["words"])
    words = words[: words.index("--")] if "--" in words else words
    values, _rest, order = ctx.command.make_parser(ctx).parse_args(args=words)
    given: list[str] = []
    for param in dict.fromkeys(order):
        assert param.name is not None
        if not isinstance(param, click.Option) or param.name in _NOT_PASSED_ON:
            continue
        word, value = param.opts[-1], values[param.name]
        if param.is_flag:
            given.append(word)
        else:
            given += [f"{word}={each}" for each in (value if param.multiple else [value])]
    return given


def _teller(options: dict[str, Any], told: "Callable[[], None]") -> "Callable[[Outcome], None]":
    """What is said of each as it ends: all that a check alone says, unless it has passed."""
    from quecsim.check.text import render_run

    def tell(outcome: "Outcome") -> None:
        if options["as_json"]:
            pass
        elif outcome.result is None:
            click.echo(f"NOT RUN  {outcome.scenario}: {_bare(outcome.message)}\n")
        else:
            for run in outcome.result.runs:
                if not run.judgement.passed:
                    click.echo(
                        render_run(outcome.scenario, run, colour=wants_colour(sys.stdout)) + "\n"
                    )
        sys.stdout.flush()
        told()

    return tell


def _bare(message: str) -> str:
    return message.removeprefix("quecsim: ")


def _conclude(outcomes: "Sequence[Outcome]", options: dict[str, Any], *, is_stopped: bool) -> None:
    from quecsim.check import many
    from quecsim.check.table import render_table

    if options["as_json"]:
        click.echo(many.as_json(outcomes, is_stopped=is_stopped))
    else:
        click.echo(render_table(outcomes, colour=wants_colour(sys.stdout), width=width(sys.stdout)))
    tell_others(outcomes, options["junit"])
    if is_stopped:
        message("stopped", "check")


def tell_others(
    outcomes: "Sequence[Outcome]", junit: Path | None, *, is_alone: bool = True
) -> None:
    """Those who read of it elsewhere: a JUnit file; GitHub, unless it is told of all together.

    Raises QuecsimError where one of them cannot be told; the others are, and it comes last, so
    that nobody loses the result for it.
    """
    from quecsim.check.github import tell_github
    from quecsim.check.junit import write_junit

    with ExitStack() as untold:
        if is_alone:
            untold.callback(tell_github, outcomes, os.environ, sys.stderr)
        if junit is not None:
            untold.callback(write_junit, outcomes, junit)


@contextmanager
def _progress(count: int, *, is_wanted: bool) -> "Iterator[Callable[[], None]]":
    """A bar on a terminal; nothing elsewhere."""
    if not (is_wanted and sys.stderr.isatty()):
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("checks", total=count)
        yield lambda: bar.advance(task)
