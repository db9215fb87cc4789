"""`quecsim compare`: does a profile behave as a module?

Exit code 0: all replies agree. 1: some differ. 2: the user's mistake.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quecsim.cli import complete, screen
from quecsim.cli.interrupt import Interrupt
from quecsim.cli.values import rate
from quecsim.cli.words import Command, option
from quecsim.errors import QuecsimError

if TYPE_CHECKING:
    from quecsim.likeness.comparison import Comparison, Record
    from quecsim.likeness.script import Script
    from quecsim.likeness.search import Explained
    from quecsim.profiles.schema import Profile
    from quecsim.trace.event import Event

_DIFFERENCES = "differences.json"
_USER_MISTAKE, _INTERRUPTED = 2, 130


@click.command(cls=Command)
@click.argument("what", metavar="TRACE|PROFILE", shell_complete=complete.files)
@click.argument("port", metavar="[PORT]", required=False, shell_complete=complete.files)
@click.option(
    "--profile",
    "device",
    metavar="DEVICE",
    shell_complete=complete.devices,
    help="Of a TRACE: the device to compare with, a name or a profile file.  [that of the record]",
)
@click.option(
    "--script",
    metavar="FILE",
    type=click.Path(path_type=Path),
    shell_complete=complete.files,
    help="At a PORT: what is said to the module, line by line, in place of our own script.",
)
@click.option(
    "--runs", type=click.IntRange(1, 100), metavar="N", help="At a PORT: say it N times.  [3]"
)
@option("--baud", type=rate(1, 4_000_000), help="The rate of the PORT.  [115200]")
@click.option(
    "-o",
    "--output",
    metavar="FILE.jsonl|FOLDER",
    type=click.Path(path_type=Path),
    help="Keep the module's session, with what differs, for a report.",
)
@click.option("--no-search", is_flag=True, help="Do not look for values that would explain it.")
@click.option("--json", "as_json", is_flag=True, help="The comparison as JSON.")
@screen.quiet_option
def compare(what: str, port: str | None, **options: Any) -> int:
    """Compare a module with a profile: what both say to the same host, and how fast.

    TRACE is the record of a module, tapped, imported or probed (a simulated one will do, too): what
    its host sent is said to the simulated device of the profile, in virtual time.

    With PROFILE (a device, or a profile file) and PORT a script is said to the module there and to
    the simulated device. It uses files of its own alone, deletes them, and puts settings back.
    """
    if port is None:
        _refuse(options, ("script", "runs", "baud"), "is for a PORT: quecsim compare PROFILE PORT")
        return _compare_trace(what, options)
    _refuse(options, ("device",), "is for a TRACE; with a PORT the profile comes first")
    return _compare_port(what, port, options)


def _refuse(options: dict[str, Any], names: Sequence[str], why: str) -> None:
    for name in names:
        if options[name] is not None:
            word = "profile" if name == "device" else name
            raise QuecsimError(f"--{word} {why}")


# a record


def _compare_trace(trace: str, options: dict[str, Any]) -> int:
    from quecsim.check.kept import trace_of
    from quecsim.trace.jsonl import damage_told, read_trace

    path = trace_of(Path(trace))
    _must_be_a_trace(path)
    header, events = read_trace(path)
    if header.torn_bytes:
        screen.message(f"the last line of {path} is torn, and was left out")
    with damage_told(path):
        profile = _profile(events, options["device"])
        return _tell(events, profile, options)


def _must_be_a_trace(path: Path) -> None:
    """The name of a device, alone, is a likely slip."""
    from quecsim.profiles.loader import is_profile, profile_names

    if path.name in profile_names() or is_profile(path):
        raise QuecsimError(
            f"{path} is a profile: with what is it to be compared?",
            hint=f"name the module's port: quecsim compare {path} /dev/ttyUSB2; or a record: "
            f"quecsim compare TRACE --profile {path}",
        )


def _profile(events: "Sequence[Event]", device: str | None) -> "Profile":
    """The one that was asked for, or that of the record."""
    from quecsim.commands.catalogue import load_device
    from quecsim.likeness.listened import start_of

    if device is not None:
        return load_device(device)
    start = start_of(events)
    if start.profile is None:
        raise QuecsimError(
            "the values of the record's device are not known to this quecsim",
            hint="say with which device to compare: --profile DEVICE",
        )
    return start.profile


# a port


def _compare_port(device: str, name: str, options: dict[str, Any]) -> int:
    from quecsim.commands.catalogue import load_device
    from quecsim.host.port import open_port
    from quecsim.likeness.module import session

    profile = load_device(device)
    script = _script(options["script"])
    runs, baud = options["runs"] or 3, options["baud"] or 115_200
    port = open_port(name, baud=baud, rtscts=False, timeout_s=5)
    try:
        _introduce(script, runs, name, profile)
        with _bar("module") as progress:
            asked = session(port, name, profile, script, runs, progress)
    except KeyboardInterrupt as stop:
        screen.message(f"stopped; {stop}" if str(stop) else "stopped", "compare")
        return _INTERRUPTED
    finally:
        port.close()
    for words in asked.not_restored:
        screen.message(f"not put back: {words}", "compare")
    return _tell(asked.events, profile, options)


def _script(path: Path | None) -> "Script":
    from quecsim.likeness.script import checked, default_script, read_script

    if path is None:
        return default_script()
    if path.suffix != ".toml":
        return read_script(path)
    from quecsim.likeness.script import Script
    from quecsim.scenario.journey import steps_of
    from quecsim.scenario.loader import load_scenario
    from quecsim.testing.journey import data_of

    scenario = load_scenario(path)
    if scenario.journey is None:
        raise QuecsimError(f"{path} has no [journey]", hint="a script is a text, or a journey")
    journey = scenario.journey
    return checked(Script(path.name, tuple(steps_of(journey)), data_of(scenario, journey)))


def _introduce(script: "Script", runs: int, name: str, profile: "Profile") -> None:
    """What is about to be done to the module."""
    files = {0: "no file", 1: "one file of its own", 2: "two files of its own"}[script.files]
    deleted = ", deleted in the end" if script.files else ""
    times = "once" if runs == 1 else f"{runs} times"
    screen.aside(
        f"{name} beside {profile.title}: the {len(script.steps)} steps of {script.name}, {times}, "
        f"with {files}{deleted}; echo and AT+CMEE are put back"
    )


# both


def _tell(events: "Sequence[Event]", profile: "Profile", options: dict[str, Any]) -> int:
    """Compare, look for what explains it, and say it; the exit code."""
    from quecsim.likeness import words
    from quecsim.likeness.comparison import compare as compared
    from quecsim.likeness.comparison import record_of

    record = record_of(events, profile)
    found = compared(record, profile)
    with Interrupt() as interrupt:
        explained = _explained(record, profile, found, interrupt, options)
    table = words.table(record, profile, found, explained)
    if options["output"] is not None:
        _keep(options["output"], events, table)
    if options["as_json"]:
        click.echo(json.dumps(table, indent=2))
    elif screen.is_quiet():
        click.echo(words.verdict(found))
    else:
        click.echo(words.text(record, profile, found, explained))
    if interrupt.is_asked:
        return _INTERRUPTED
    if not found.compared:
        return _USER_MISTAKE
    return 1 if found.differences else 0


def _explained(
    record: "Record",
    profile: "Profile",
    found: "Comparison",
    interrupt: Interrupt,
    options: dict[str, Any],
) -> "Explained":
    from quecsim.likeness.search import Explained, explain

    if options["no_search"]:
        return Explained(found, is_whole=True)
    with _bar("values tried") as progress:

        def goes_on(done: int, total: int) -> bool:
            progress(done, total)
            return not interrupt.is_asked

        return explain(record, profile, found, goes_on)


def _keep(place: Path, events: "Sequence[Event]", table: dict[str, Any]) -> None:
    """The record with what was found, in a file; or both apart, in a folder."""
    from msgspec.structs import replace

    from quecsim.check.kept import TRACE
    from quecsim.cli.report_files import write_whole
    from quecsim.likeness.listened import start_of
    from quecsim.trace.jsonl import TraceWriter

    start = start_of(events)
    if start.observed is not None:
        events = [replace(start, observed=replace(start.observed, compared=table)), *events[1:]]
    is_folder = place.suffix != ".jsonl"
    try:
        if is_folder:
            place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise QuecsimError(
            f"cannot make {place}: {error.strerror}", hint="choose another place for --output"
        ) from None
    record = place / TRACE if is_folder else place
    write_whole("--output", str(record), lambda file: _write(TraceWriter(file), events), "compare")
    if is_folder:
        told = json.dumps(table, indent=2).encode() + b"\n"
        path = str(place / _DIFFERENCES)
        write_whole("--output", path, lambda file: _write_bytes(file, told), "compare")


def _write(writer: Any, events: "Sequence[Event]") -> None:
    writer.write(events)


def _write_bytes(file: Any, data: bytes) -> None:
    file.write(data)


@contextmanager
def _bar(words: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, if that is a terminal."""
    if screen.is_quiet() or not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = TextColumn(words), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
