"""`quecsim ctl`: look into a running simulator and steer it, over its control socket.

Exit codes: 0 done; 1 not so (an event that did not come, a file that is not there, an upload that
fell short); 2 the user's own mistake, or no simulator to ask.
"""

import sys
import tomllib
from pathlib import Path
from typing import Any

import click

from quecsim.cli import (
    complete,
    ctl_wifi,  # noqa: F401 - adds its commands to `network`
    screen,
)
from quecsim.cli.ctl_ble import ble
from quecsim.cli.ctl_client import as_json_option, asked, show, steered, write_out
from quecsim.cli.ctl_log import log
from quecsim.cli.ctl_network import network
from quecsim.cli.ctl_tui import tui
from quecsim.cli.values import SinceType, seconds
from quecsim.cli.words import Group, option
from quecsim.errors import QuecsimError
from quecsim.flash.names import sayable
from quecsim.units import S


@click.group(cls=Group, invoke_without_command=True)
@option(
    "--ctl",
    "socket",
    old="--socket",
    metavar="PATH",
    shell_complete=complete.sockets,
    help="The simulator's control socket.",
)
@click.option(
    "--port",
    metavar="PORT",
    shell_complete=complete.ports,
    help="The port of the simulator that is meant.",
)
@click.pass_context
def ctl(ctx: click.Context, socket: str | None, port: str | None) -> int:
    """Look into a running simulator, and steer it.

    Without --ctl or --port it is that of $QUECSIM_CTL (which host programs get that
    `quecsim run -- PROGRAM` starts), or the only one that runs.
    """
    if socket and port:
        raise QuecsimError("--ctl and --port both say which one", hint="leave out one of them")
    ctx.meta["socket"], ctx.meta["port"] = socket, port
    if ctx.invoked_subcommand is None:
        return _list_simulators(as_json=False)
    return 0


@ctl.command("list")
@as_json_option
def list_(as_json: bool) -> int:
    """The simulators that run."""
    return _list_simulators(as_json=as_json)


ctl.add_command(network)
ctl.add_command(ble)
ctl.add_command(log)
ctl.add_command(tui)


def _list_simulators(*, as_json: bool) -> int:
    import msgspec

    from quecsim.live.control.client import simulators

    found = [
        {"socket": str(path), **msgspec.structs.asdict(greeting)} for path, greeting in simulators()
    ]
    if not found and not as_json:
        screen.message("no simulator is running")
    show(found, as_json=as_json, text=lambda found: "\n".join(map(_simulator_text, found)))
    return 0


def _simulator_text(found: dict[str, Any]) -> str:
    return f"{found['port']}  {found['scenario']} ({found['power']})  --ctl {found['socket']}"


@ctl.command()
@as_json_option
def files(as_json: bool) -> int:
    """The files on UFS, with their sizes in bytes."""
    with asked() as client:
        found = client.files()
    show(found, as_json=as_json, text=_file_table)
    return 0


def _file_table(files: dict[str, int]) -> str:
    """Names as QFLST has them: an image of another maker may hold what a terminal obeys."""
    shown = ((name.partition(":"), size) for name, size in files.items())
    return _table({f"{storage}:{sayable(name)}": size for (storage, _, name), size in shown})


def _table(values: dict[str, int]) -> str:
    width = max(map(len, values), default=0)
    return "\n".join(f"{name:<{width}} {value:>8}" for name, value in values.items())


@ctl.command()
@click.argument("name")
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
              help="Write it there instead of standard output.")  # fmt: skip
def read(name: str, output: Path | None) -> int:
    """The bytes of the file NAME, as they are on the device."""
    try:
        with asked() as client:
            data = client.read_file(name)
    except FileNotFoundError as error:
        screen.message(str(error))
        return 1
    write_out(data, output)
    return 0


@ctl.command()
@as_json_option
def counters(as_json: bool) -> int:
    """Where all bytes are: sent = stored + lost + eaten + in_flight."""
    with asked() as client:
        found = client.counters()
    show(found, as_json=as_json, text=_table)
    return 0


@ctl.command()
@as_json_option
def hosts(as_json: bool) -> int:
    """How hosts reach the device, and who has the line."""
    import msgspec

    with asked() as client:
        found = client.hosts()
    show(msgspec.to_builtins(found), as_json=as_json, text=_host_table)
    return 0


def _host_table(ways: list[dict[str, Any]]) -> str:
    width = max(len(way["port"]) for way in ways)
    return "\n".join(f"{way['port']:<{width}}  {_stand(way)}" for way in ways)


def _stand(way: dict[str, Any]) -> str:
    if way["has_line"]:
        return f"{way['client']} has the line".lstrip()
    return "nobody" if "://" in way["port"] else "waits"


@ctl.command()
@as_json_option
def report(as_json: bool) -> int:
    """What happened to the bytes so far; exit code 1 if an upload fell short."""
    import msgspec

    from quecsim.render.text import render_text
    from quecsim.report.model import Report

    with asked() as client:
        made = msgspec.json.decode(client.report(), type=Report)
    click.echo(
        made.to_json() if as_json else render_text(made, colour=screen.wants_colour(sys.stdout))
    )
    return 1 if made.fell_short else 0


@ctl.command()
@as_json_option
def faults(as_json: bool) -> int:
    """The faults of the scenario and those injected, with how often each fired."""
    with asked() as client:
        found = client.faults()
    show(found, as_json=as_json, text=lambda found: "\n".join(map(_fault_text, found)))
    return 0


def _fault_text(fault: dict[str, Any]) -> str:
    times = "time" if fault["fired"] == 1 else "times"
    return f"{fault['fired']:>6} {times:<5}  {fault['kind']:<14} {fault['text']}"


@ctl.command()
@click.argument("kind", shell_complete=complete.faults)
@click.argument("values", nargs=-1, metavar="[KEY=VALUE]...")
@as_json_option
def inject(kind: str, values: tuple[str, ...], as_json: bool) -> int:
    """A fault of that KIND from now on; the values are those of a scenario's [[fault]].

    Times and bytes count from now: `power_cut at_ms=0 off_ms=500`, `ack_lost ack=1`,
    `error_reply command=+QFUPL reply="+CME ERROR: 409"`.
    """
    given = {key: _value(text) for key, text in map(_pair, values)}
    with steered() as client:
        index = client.inject(kind, given)
    show({"index": index}, as_json=as_json, text=lambda found: f"fault {found['index']}")
    return 0


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise QuecsimError(f"{text!r} is no KEY=VALUE", hint="write for instance: at_ms=0")
    return key, value


def _value(text: str) -> Any:
    """A value as in TOML; what is none is a text without its quotes."""
    try:
        parsed = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    return parsed["value"] if set(parsed) == {"value"} else text


@ctl.command()
@click.argument("to", type=click.Choice(["off", "on", "cycle", "wake"]), required=False)
@as_json_option
def power(to: str | None, as_json: bool) -> int:
    """Switch the device's power off, on, or off and on, or wake it (GPIO24); say how it stands."""
    with steered() if to else asked() as client:
        state = client.power(to)
    show({"power": state}, as_json=as_json, text=lambda found: str(found["power"]))
    return 0


@ctl.command()
@as_json_option
def restore(as_json: bool) -> int:
    """Put the factory's firmware back, also into a device that does not start any more."""
    with steered() as client:
        state = client.restore_firmware()
    show({"power": state}, as_json=as_json, text=lambda found: str(found["power"]))
    return 0


@ctl.command()
@click.argument("event", shell_complete=complete.events)
@click.argument("fields", nargs=-1, metavar="[FIELD=VALUE]...")
@option("--timeout", "timeout_ns", type=seconds("0", "1000000000"),
        help="How long to wait, in real time; then the exit code is 1.")  # fmt: skip
@click.option("--since", type=SinceType(), default="now", show_default=True, metavar="WHEN",
              help="From when on: start, now, or the number of an event.")  # fmt: skip
@as_json_option
def wait(
    event: str, fields: tuple[str, ...], timeout_ns: int | None, since: Any, as_json: bool
) -> int:
    """Wait for an EVENT of docs/TRACE.md, such as `DataBegin name=ca.pem`.

    `*` in a value stands for anything: `CommandLine text=AT+QFUPL*`.
    """
    wanted = dict(map(_pair, fields))
    timeout_s = None if timeout_ns is None else timeout_ns / S
    with asked() as client:
        found = client.wait(event, wanted, since=since, timeout_s=timeout_s)
    if found is None:
        screen.message(f"no {' '.join([event, *fields])} within {timeout_s:g} s")
        return 1
    click.echo(found if as_json else _event_text(found))
    return 0


@ctl.command()
@click.option("-f", "--follow", is_flag=True, help="Go on with all that happens, until the end.")
@click.option("--since", type=SinceType(), default="start", show_default=True, metavar="WHEN",
              help="From when on: start, now, or the number of an event.")  # fmt: skip
def events(follow: bool, since: Any) -> int:
    """What has happened, as the JSON lines of a trace, each with its number."""
    from quecsim.live.control.client import SimulatorEndedError

    with asked() as client:
        try:
            for line in client.events(since=since, follow=follow):
                click.echo(line)
        except SimulatorEndedError:
            if not follow:  # a simulator that ends is what --follow waits for
                raise
    return 0


def _event_text(line: bytes) -> str:
    import msgspec

    from quecsim.trace.event import Event
    from quecsim.trace.pattern import event_text

    number = msgspec.json.decode(line)["event_number"]
    event: Event = msgspec.json.decode(line, type=Event)
    return f"{number}: {event_text(event)}"
