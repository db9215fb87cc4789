"""`quecsim probe PORT`: measures a real module, and writes a profile of it.

Exit code 0: all steps were taken. 1: it was stopped, nothing was measured, or something could not
be put back. 2: the user's own mistake, or no module at the port. 130: Ctrl-C.
"""

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from quecsim.cli import complete, probe_text, screen
from quecsim.cli.output_files import refuse_same
from quecsim.cli.values import rate
from quecsim.cli.words import Command, option
from quecsim.errors import QuecsimError

if TYPE_CHECKING:
    from quecsim.observed.heard import Source
    from quecsim.probe.bench import Bench
    from quecsim.probe.plan import Plan
    from quecsim.probe.probe import Probed, Progress
    from quecsim.probe.profile_writer import Written
    from quecsim.profiles.schema import Profile

FELL_SHORT = 1
INTERRUPTED = 130
_DEFAULT_DEVICE = "ec200u"
_WRITE_TIMEOUT_S = 10.0
_YES = "yes"


@click.command(cls=Command)
@click.argument("port", metavar="PORT", shell_complete=complete.files)
@click.option(
    "--quick/--long",
    "is_quick",
    default=True,
    help="The quick part alone, a minute or two; or the long part behind it.",
)
@click.option("--only", metavar="STEP", multiple=True, help="Only this step, of either part.")
@click.option("--skip", metavar="STEP", multiple=True, help="Not this step.")
@click.option("--steps", "lists", is_flag=True, help="List the steps, and end; PORT is not opened.")
@click.option(
    "-o",
    "--output",
    "out",
    metavar="FILE",
    type=click.Path(path_type=Path),
    shell_complete=complete.files,
    help="Where the profile goes.  [MODEL-measured.toml here]",
)
@click.option(
    "--log",
    metavar="FILE",
    type=click.Path(path_type=Path),
    shell_complete=complete.files,
    help="Where every exchange goes, as a trace.  [the profile's name, with .jsonl]",
)
@click.option("--force", is_flag=True, help="Replace these files if they exist.")
@click.option(
    "--like",
    metavar="DEVICE",
    shell_complete=complete.devices,
    help="The device that the profile extends.  [the one whose model is nearest]",
)
@option(
    "--baud",
    type=rate(1, 4_000_000),
    default=115_200,
    show_default=True,
    help="The rate of the port.",
)
@click.option("--allow-reset", is_flag=True, help="The module may be restarted, to see it start.")
@click.option("-y", "--yes", is_flag=True, help="Do it without being asked.")
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON on standard output.")
@screen.quiet_option
@click.pass_context
def probe(ctx: click.Context, /, port: str, **options: Any) -> None:
    """Measure the module at PORT, and write a profile whose values say `measured`.

    What it will do is told first, and wants a yes. It touches only files of its own, puts back
    every setting, also after Ctrl-C, and leaves network and SIM alone. PORT is a serial port, a
    pty or a URL (rfc2217://...).
    """
    plan = _plan(options)
    if options["lists"]:
        _list(plan)
        return
    try:
        ctx.exit(_probe(port, plan, options))
    except KeyboardInterrupt:
        screen.message("stopped before anything was changed", "probe")
        ctx.exit(INTERRUPTED)


def _plan(options: dict[str, Any]) -> "Plan":
    from quecsim.probe.plan import make_plan

    return make_plan(
        with_long=not options["is_quick"],
        only=options["only"],
        skip=options["skip"],
        with_restart=options["allow_reset"],
    )


def _list(plan: "Plan") -> None:
    for step in plan.steps:
        part = "long " if step.is_long else "quick"
        click.echo(f"{step.name:12} {part} {step.seconds:5} s  {step.title}")


def _probe(where: str, plan: "Plan", options: dict[str, Any]) -> int:
    """Do it; the exit code."""
    from quecsim.host import port as ports
    from quecsim.probe.bench import Bench
    from quecsim.probe.identity import said_of_itself
    from quecsim.probe.log import ProbeLog
    from quecsim.probe.nearest import nearest_profile
    from quecsim.probe.probe import run_probe
    from quecsim.probe.reach import reach

    base = _base(options["like"] or _DEFAULT_DEVICE)
    if options["out"] is not None:
        _files(options, base)  # before the port is opened: it would be in vain
    port = ports.open_port(where, baud=options["baud"], rtscts=False, timeout_s=_WRITE_TIMEOUT_S)
    with closing(port):
        bench = Bench(port, base=base, allows_restart=options["allow_reset"])
        log = ProbeLog(_source(where, options))
        bench.wire.log = log
        reach(bench.wire, where)
        said = said_of_itself(bench)
        near = nearest_profile(said)
        if options["like"] is None and near is not None:
            bench.base = base = near
        out, log_file = _files(options, base)
        _introduce(where, said, base, is_known=options["like"] is not None or near is not None)
        _ask(plan, options)
        with _opened(log_file) as stream:
            log.begin(stream, base)
            with _progress(plan) as progress:
                probed = run_probe(bench, plan, progress, tell=_tell)
            log.end(bench.now_ns())
        if log.failure:
            screen.message(f"the log ends early: {log.failure}", "probe")
    written = _written(bench, probed, where, log_file)
    if written.measured:
        out.write_text(written.text, encoding="utf-8")
    show = probe_text.as_json if options["as_json"] else probe_text.as_text
    click.echo(show(base, probed, written, out if written.measured else None, log_file))
    return _code(probed)


def _base(name: str) -> "Profile":
    from quecsim.commands.catalogue import load_device

    return load_device(name)


def _source(where: str, options: dict[str, Any]) -> "Source":
    from quecsim.observed.heard import Source

    return Source(
        words=f"probe of {where}",
        lacks=("byte-times", "modem-lines"),
        baud=options["baud"],
        frame="8N1",
        date=datetime.now().astimezone().isoformat(timespec="seconds"),
        command=tuple(sys.argv),
    )


def _files(options: dict[str, Any], base: "Profile") -> tuple[Path, Path]:
    """Where profile and log go. Raises QuecsimError where they cannot."""
    out = options["out"] or Path(f"{base.name}-measured.toml")
    if out.suffix != ".toml":
        raise QuecsimError("a profile's file ends in .toml", where=str(out))
    log_file = options["log"] or out.with_suffix(".jsonl")
    refuse_same({"--output": str(out), "--log": str(log_file)})
    for path in (out, log_file):
        if not path.absolute().parent.is_dir():
            raise QuecsimError(f"there is no folder {path.parent}", where=str(path))
        if path.exists() and not options["force"]:
            hint = "--force replaces it; or name another file with -o and --log."
            raise QuecsimError("the file exists", where=str(path), hint=hint)
    return out, log_file


def _introduce(where: str, said: str, base: "Profile", *, is_known: bool) -> None:
    words = " ".join(said.split("\n")[:3]) or "a module that does not say what it is"
    screen.aside(f"{where}: {words}")
    if not is_known:
        screen.aside(
            f"no shipped device is near to it: the profile extends {base.name} (--like DEVICE)"
        )


def _ask(plan: "Plan", options: dict[str, Any]) -> None:
    """Say what will be done, and want a yes. Raises QuecsimError where there is none."""
    for line in probe_text.plan_lines(plan):
        screen.aside(line)
    if options["yes"]:
        return
    if not _has_somebody():
        hint = "--yes does it without being asked"
        raise QuecsimError("nobody is there to say yes", hint=hint)
    answer = click.prompt("Do it? (yes/no)", default="no", show_default=False, err=True)
    if answer.strip().lower() != _YES:
        raise QuecsimError("nothing was done", hint=f"it wants `{_YES}`")


def _has_somebody() -> bool:
    return sys.stdin.isatty()


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        stream = path.open("wb")
    except OSError as error:
        raise QuecsimError(f"cannot write {path}: {error.strerror}") from error
    try:
        yield stream
    finally:
        with suppress(OSError):  # the log itself has told of a disk that is full
            stream.close()


def _tell(text: str) -> None:
    screen.message(text, "probe")


@contextmanager
def _progress(plan: "Plan") -> Iterator["Progress"]:
    """What says which step runs: a bar with the time that remains, or a line for each step."""
    if screen.is_quiet() or not sys.stderr.isatty():
        yield lambda step, done_s, all_s: screen.aside(
            f"{step.name}: {step.title} (about {probe_text.minutes(all_s - done_s)} left)"
        )
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=plan.seconds)
        yield lambda step, done_s, all_s: bar.update(
            task,
            completed=done_s,
            description=f"{step.name}, about {probe_text.minutes(all_s - done_s)} left",
        )


def _written(bench: "Bench", probed: "Probed", where: str, log_file: Path) -> "Written":
    from quecsim.probe.profile_writer import Occasion, profile_text

    revision = probed.findings.get("identity.revision")
    firmware = str(revision.value) if revision is not None and revision.is_measured else "unknown"
    occasion = Occasion(
        f"{datetime.now():%Y-%m-%d}", where, firmware, log_file.name, probed.stopped
    )
    return profile_text(bench.base, probed.findings.values(), probed.notes, occasion)


def _code(probed: "Probed") -> int:
    if probed.interrupted:
        return INTERRUPTED
    is_well = probed.measured and not probed.stopped and not probed.not_restored
    return 0 if is_well else FELL_SHORT
