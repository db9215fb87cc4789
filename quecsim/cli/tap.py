"""`quecsim tap PORT`: between a host program and a real module, with a record of both sides.

Exit code 0: well. 1: an upload fell short, the program failed, or the port has vanished. 2: the
user's own mistake.
"""

import gc
import shlex
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quecsim.cli import complete, screen
from quecsim.cli.device_options import ProgramCommand
from quecsim.cli.output_files import payload_option, refuse_same
from quecsim.cli.port_options import NAMES as PORT_NAMES
from quecsim.cli.port_options import gates_from, port_options
from quecsim.cli.run_log import HERE, LOG_NAMES, log_options, open_logs
from quecsim.errors import QuecsimError
from quecsim.trace.jsonl import STANDARD

if TYPE_CHECKING:
    from quecsim.cli.run_log import Logs
    from quecsim.live.ports.entrance import Gate
    from quecsim.live.program import HostProgram
    from quecsim.live.signals import Signals
    from quecsim.tap.session import TapSession, Told

_DEFAULT_DEVICE = "ec200u"
_FRAMES = [f"{bits}{parity}" for bits in "8765" for parity in "NEOMS"]
_MOST_BREACHES = 8


@click.command(
    cls=ProgramCommand,
    epilog="Everything after -- is a host program: {port} in its arguments becomes the path of the "
    "port, QUECSIM_PORT holds it too, and the tap ends when the program does.",
)
@click.argument("port", shell_complete=complete.files)
@click.option(
    "--link",
    metavar="PATH",
    shell_complete=complete.files,
    help="A stable name for the host's port, removed at the end.",
)
@click.option(
    "--trace",
    metavar="FILE",
    shell_complete=complete.files,
    help="The record, as JSON lines; FILE.gz packs, - is standard output.  [tap-DATE.jsonl here]",
)
@payload_option
@click.option(
    "--profile",
    metavar="DEVICE",
    shell_complete=complete.devices,
    help="By whose commands the bytes are read.  [what the module says when the host asks it; "
    "else ec200u]",
)
@click.option(
    "--frame",
    type=click.Choice(_FRAMES, case_sensitive=False),
    default="8N",
    show_default=True,
    help="Data bits and parity of the module's line: a pseudo terminal does not show the host's.",
)
@port_options
@click.option("--json", "as_json", is_flag=True, help="The result as JSON on standard output.")
@log_options
@screen.quiet_option
@click.pass_context
def tap(ctx: click.Context, /, port: str, **options: Any) -> int:
    """Stand between a host program and the module at PORT: pass every byte on, and record it.

    The host opens the port whose path is the first line of standard output; with a program, or
    where that is for JSON, of standard error. Its baud rate and flow control are set on PORT, which
    is given back as it was found. At the end, on standard error: what became of uploads, by what
    the module said, and what the host did wrong.
    """
    from quecsim.live.signals import Signals
    from quecsim.tap.session import Plan, TapSession

    log = {name: options.pop(name) for name in LOG_NAMES}
    program, as_json = ctx.meta.get("program"), options["as_json"]
    device = _device(options["profile"])
    trace = options["trace"] if options["trace"] is not None else _new_name()
    is_out = trace == STANDARD
    if is_out and (as_json or program is not None):
        other = "the result of --json" if as_json else "the program's output"
        raise QuecsimError(f"--trace - has standard output, and so has {other}",
                           hint="give the trace a file: --trace FILE")  # fmt: skip
    refuse_same({"--trace": trace, "--log": None if log["log"] == HERE else log["log"]})
    gate = _gate(options)
    plan = Plan(
        trace, options["trace_payload"], options["link"], gate, f"{options['frame'].upper()}1",
        tuple(program or ()),
    )  # fmt: skip
    with Signals() as signals, closing(open_logs(log, screen.say)) as logs:
        module = _open_port(port)
        session = TapSession(module, plan, device, watchers=logs.watchers, tell=screen.say)
        for trait in module.traits:
            screen.say(trait)
        runner = _Runner(session, signals, logs, as_json=as_json)
        return runner.run(program, tells_path_apart=is_out or as_json or program is not None)


class _Runner:
    """Serves a tap under signals, with or without a host program."""

    def __init__(
        self, session: "TapSession", signals: "Signals", logs: "Logs", *, as_json: bool
    ) -> None:
        self._session = session
        self._signals = signals
        self._logs = logs
        self._as_json = as_json
        self._program: HostProgram | None = None
        self._was_stopped = False

    def run(self, program: list[str] | None, *, tells_path_apart: bool) -> int:
        """Run to the end; returns the exit code."""
        session = self._session
        try:
            self._signals.wake(session.wake_descriptor)
            if program is None or not screen.is_quiet():
                click.echo(session.path, err=tells_path_apart)
                sys.stdout.flush()
            if session.is_remote:
                screen.say("whoever reaches that place has the module: there is no password, and "
                           "nothing is encrypted")  # fmt: skip
            if program is not None:
                self._start(program)
            gc.freeze()  # what was loaded is not looked through again while bytes wait
            session.serve(self._must_stop)
            code = self._end_program()
            told = session.finish(code, was_stopped=self._was_stopped)
            self._logs.close()
        finally:
            self._signals.wake(-1)
            if self._program is not None:
                self._program.stop()
            session.close()
        _tell(told, as_json=self._as_json)
        return 1 if code or told.gone or told.report.fell_short else 0

    def _start(self, words: list[str]) -> None:
        from quecsim.live.program import HostProgram

        output = sys.stderr.fileno() if self._as_json else None
        self._program = HostProgram(words, {"port": self._session.path}, output=output)

    def _must_stop(self) -> bool:
        return self._signals.is_stopped or (self._program is not None and self._program.has_ended)

    def _end_program(self) -> int | None:
        """Let what it wrote last arrive; where the module has gone it sees that first. Returns its
        exit code; None: there is none.
        """
        program, session = self._program, self._session
        if program is None:
            return None
        if program.has_ended:
            session.settle(lambda: self._signals.is_stopped)
        elif session.has_gone:
            session.let_host_go(self._must_stop)
        self._was_stopped = not program.has_ended
        from quecsim.live.program import how_it_ended

        code = program.stop()
        if code:
            screen.say(f"the host program {how_it_ended(code)}")
        return code


def _gate(options: dict[str, Any]) -> "Gate | None":
    """Where the host comes in, if it is not a pty."""
    gates = gates_from({name: options[name] for name in PORT_NAMES})
    if len(gates) > 1:
        raise QuecsimError("a tap has one way in for its host", hint="leave out --rfc2217 or --tcp")
    if gates and options["link"] is not None:
        raise QuecsimError("--link is a name of the pty, and there is none with --rfc2217 or --tcp",
                           hint="leave it out")  # fmt: skip
    return gates[0] if gates else None


def _device(name: str | None) -> Any:
    from quecsim.profiles.loader import load_profile
    from quecsim.tap.record import Device

    return Device(load_profile(name or _DEFAULT_DEVICE), is_given=name is not None)


def _open_port(port: str) -> Any:
    if "://" in port:
        from quecsim.tap.url_port import UrlPort

        return UrlPort(port)
    from quecsim.tap.tty_port import TtyPort

    return TtyPort(port)


def _new_name() -> str:
    """A file of its own in this folder."""
    stem, number = f"tap-{datetime.now():%Y%m%d-%H%M%S}", 1
    name = f"{stem}.jsonl"
    while Path(name).exists():
        number += 1
        name = f"{stem}-{number}.jsonl"
    return name


def _tell(told: "Told", *, as_json: bool) -> None:
    from quecsim.judge.conduct_rules import breach_text
    from quecsim.render.text import render_text

    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
        return
    screen.tell(render_text(told.report, colour=screen.wants_colour(sys.stderr)))
    known = {(each.kind, each.at_ns) for each in told.report.advice}
    others = [each for each in told.breaches if (each.rule, each.at_ns) not in known]
    for each in others[:_MOST_BREACHES]:
        screen.tell(f"  {breach_text(each)}")
    if len(others) > _MOST_BREACHES:
        screen.tell(f"  and {len(others) - _MOST_BREACHES} more breaches of the rules")
    for text in _notes(told):
        screen.say(text)


def _notes(told: "Told") -> "list[str]":
    """What else is worth knowing, a line each."""
    counts, notes = told.counts, []
    if told.gone:
        notes.append(f"the port has gone: {told.gone}")
    notes.append(
        f"passed on: {counts.from_host} bytes to the module, {counts.from_module} to the host"
    )
    if counts.unheard:
        notes.append(f"{counts.unheard} bytes of the module's came while no host had the port open")
    if counts.taken_back:
        notes.append(f"the host threw away {counts.taken_back} bytes before they were sent")
    if told.unsent:
        notes.append(f"the module did not take {told.unsent} bytes: flow control held them")
    wrong = [f"{key} {told.line_errors[key]}" for key in _ERRORS if told.line_errors.get(key)]
    if wrong:
        notes.append(f"the port's driver has counted errors: {', '.join(wrong)}")
    if told.trace != STANDARD:
        notes.append(f"next: quecsim report {shlex.quote(told.trace)} --html tap.html")
    return notes


_ERRORS = ("overrun", "dropped", "frame", "parity", "break")
