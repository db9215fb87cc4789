"""Options that several commands share: what the device, its line and its host's end are like."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from quecsim.cli import complete
from quecsim.cli.service_option import ServiceType
from quecsim.cli.values import Factor, milliseconds, rate, seconds, size
from quecsim.cli.words import Command, note_old, option
from quecsim.errors import QuecsimError
from quecsim.peers.served import plain_host
from quecsim.profiles.toml_check import did_you_mean
from quecsim.quantity import SIZE, TIME, QuantityError, parse, shown
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Scenario, Stall
from quecsim.units import S

_STALL_MOST_MS = 600_000
_STALL = re.compile(r"(every)?([^:]+):([^:]+)")
if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Function = TypeVar("Function", bound=Callable[..., Any])


class ProgramCommand(Command):
    """A command line whose part after `--` is the host program: `program` in the context's meta.

    `words` there is the whole command line as given.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep the program away from click's own parsing."""
        ctx.meta["words"] = list(args)
        if "--" in args:
            place = args.index("--")
            ctx.meta["program"] = args[place + 1 :]
            args = args[:place]
            return super().parse_args(ctx, args)
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            if type(error) is not click.UsageError:  # its children are for other mistakes
                raise
            what = f"{error.message}; put -- before the program: {self.with_program}"
            raise click.UsageError(what, ctx) from None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Behind `--` stand the program and its files."""
        if "program" in ctx.meta:
            return complete.files(ctx, self.params[0], incomplete)
        return super().shell_complete(ctx, incomplete)

    @property
    def with_program(self) -> str:
        """How a program is given: `quecsim check SCENARIO -- PROGRAM {port}`."""
        own = (str(each.name).upper() for each in self.params if isinstance(each, click.Argument))
        return " ".join(["quecsim", str(self.name), *own, "-- PROGRAM {port}"])


def timeout_option(default_s: int) -> Callable[[Function], Function]:
    """`--timeout`, for whatever runs a host program: `timeout` in nanoseconds."""
    return option(
        "--timeout",
        old="--time-limit",
        type=seconds("0.1", "86400"),
        default=default_s * S,
        help=f"How long a program may run, in real time.  [{default_s}s]",
    )


class StallType(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """`BYTE:TIME` or `everyN:TIME`."""

    name = "stall"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Stall:
        """Parse one --stall."""
        match = _STALL.fullmatch(str(value))
        hint = "write BYTE:TIME or everyN:TIME, for instance 1:45ms or every256:40ms"
        if match is None:
            self.fail(f"{shown(str(value))}: {hint}", param, ctx)
        try:
            count = parse(match[2], SIZE, "bytes")
            stall_ms = parse(match[3], TIME, "ms")
        except QuantityError as error:
            self.fail(f"{error}; {hint}", param, ctx)
        if not count or not 0 < stall_ms <= _STALL_MOST_MS:
            most = f"the byte counts from 1, and a stall lasts 1 to {_STALL_MOST_MS} ms"
            self.fail(f"{shown(str(value))}: {most}", param, ctx)
        if match[1]:
            return Stall(stall_ms=stall_ms, every_bytes=count)
        return Stall(stall_ms=stall_ms, at_byte=count)


class QuirkType(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """`NAME=VALUE`."""

    name = "quirk"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Any]:
        """Parse one --quirk: a number, true, false, or a word."""
        name, is_given, text = str(value).partition("=")
        if not is_given or not name or not text:
            self.fail(f"{value!r}: write NAME=VALUE, for instance write_blank_line=false",
                      param, ctx)  # fmt: skip
        words = {"true": True, "false": False}
        return name, int(text) if text.isdecimal() else words.get(text, text)


_OPTIONS = (
    option("--interface", old="--port", type=click.Choice(["uart", "usb"]),
           help="Where the host is connected: the main UART, or the USB AT port."),
    option("--restore", is_flag=True, help="Put the factory's firmware back first."),
    option("--time-scale", type=Factor("0.001", "1000"), help="Model time per real time."),
    option("--seed", type=click.IntRange(0), metavar="N", help="Seed of everything that is drawn."),
    option("--flash", type=click.Choice(["typical", "worst", "drawn", "instant"]),
           help="How fast the flash is."),
    option("--speed", type=click.Choice(["paced", "unlimited"]),
           help="Pace the line at its baud rate, or not at all."),
    option("--baud", type=rate(50, 4_000_000),
           help="The host's baud rate, whatever its port settings say."),
    option("--flow", type=click.Choice(["auto", "none", "rtscts", "xonxoff"]),
           help="The host's flow control; auto: what its port settings say."),
    option("--no-wires", is_flag=True, help="RTS and CTS are not connected."),
    option("--garble", is_flag=True, help="A wrong baud rate spoils the bytes."),
    option("--any-rate", is_flag=True,
           help="Whatever rate and frame the host has set, they match."),
    option("--lag", "lag_bytes", type=size(0, 65_536),
           help="What the host still sends after RTS is gone."),
    option("--reopen", "reopen_ms", type=milliseconds(0, 600_000),
           help="How long AT+IPR, AT+ICF and AT+IFC leave the device deaf."),
    option("--clock", metavar="DATE",
           help="What the device's clock says at the start: 2026-06-01T12:00:00Z, or the date."),
    option("--ring", "ring_bytes", type=size(16, 1 << 20),
           help="Size of the device's receive ring."),
    option("--stall", "stalls", type=StallType(), multiple=True, metavar="BYTE:TIME",
           help="Stop for TIME at a byte of an upload, or each time (everyN:TIME)."),
    option("--quirk", "quirks", type=QuirkType(), multiple=True, metavar="NAME=VALUE",
           shell_complete=complete.quirks,
           help="A value of the device, by its word in [quirks] of a scenario."),
    option("--service", "services", type=ServiceType(), multiple=True,
           metavar="[KIND://]HOST:PORT[=CERTIFICATE|FOLDER]",
           help="A server in process: an MQTT broker, or http://, ftp://, ntp://, echo://, tcp://, "
           "udp://; with TLS where a certificate is named (valid, expired ...) or by https://, "
           "mqtts://, ftps://. http and ftp give the files of FOLDER. One that the scenario has "
           "there stays."),
)  # fmt: skip


def device_options(function: Function) -> Function:
    """The options that change a scenario, for a click command; see `scenario_from`."""
    for add in reversed(_OPTIONS):
        function = add(function)
    return function


_device_option = click.option(
    "--device",
    metavar="DEVICE",
    shell_complete=complete.devices,
    help="Another device than the scenario's.",
)


def scenario_argument(function: Function) -> Function:
    """SCENARIO and `--device`: what is simulated. See `chosen`."""
    argument = click.argument("scenario", required=False, shell_complete=complete.scenarios)
    return argument(_device_option(function))


def scenarios_argument(function: Function) -> Function:
    """The same for several, one after the other."""
    argument = click.argument(
        "scenarios", metavar="[SCENARIO]...", nargs=-1, shell_complete=complete.scenarios
    )
    return argument(_device_option(function))


host_option = click.option(
    "--host",
    metavar="MODULE:FUNCTION",
    shell_complete=complete.files,
    help="Your uploader: function(port, name, data), of a module or of a FILE.py.",
)
old_scenario_option = click.option("--scenario", "old_scenario", hidden=True)


def old_scenario(options: dict[str, Any]) -> tuple[str | None, str | None]:
    """(device, scenario) out of `options`; `DEVICE --scenario NAME` is how it was written once."""
    device, scenario, old = (options.pop(key) for key in ("device", "scenario", "old_scenario"))
    if old is None:
        return chosen(device, scenario)
    note_old("--scenario NAME", "NAME alone (SCENARIO)")
    return device or scenario, old


def chosen(device: str | None, scenario: str | None) -> tuple[str | None, str | None]:
    """(device, scenario): a command's SCENARIO is a file, the name of one that comes with quecsim,
    or a device (its name, or the file of a profile): then it is that device with nothing added.
    """
    from quecsim.profiles.loader import is_profile, profile_names
    from quecsim.scenario.loader import scenario_names

    if scenario is None or scenario in scenario_names():
        return device, scenario
    if scenario.lower() in profile_names() or is_profile(Path(scenario)):
        if device is not None:
            hint = f"write --device {device} alone, or a scenario beside it"
            raise QuecsimError(f"two devices are named: {scenario} and {device}", hint=hint)
        return scenario, None
    if Path(scenario).suffix or Path(scenario).is_file() or len(Path(scenario).parts) > 1:
        return device, scenario
    advice = did_you_mean(scenario, (*scenario_names(), *profile_names()))
    raise QuecsimError(
        f'no scenario is called "{scenario}", and no device',
        hint=f"{advice} A scenario of your own is given by its path.",
    )


def scenario_from(
    device: str | None, scenario: str | Scenario | None, options: dict[str, Any]
) -> Scenario:
    """The scenario with the values of `device_options` on top. Raises QuecsimError."""
    options = dict(options)
    options["wires"] = False if options.pop("no_wires") else None
    for flag in ("garble", "any_rate", "restore"):
        options[flag] = options[flag] or None
    options["quirks"] = dict(options["quirks"])
    services = options.pop("services")
    made = make_scenario(device, scenario, **options)
    taken = {(plain_host(one.host), one.port) for one in made.services}
    added = [one for one in services if (plain_host(one["host"]), one["port"]) not in taken]
    return make_scenario(scenario=made, services=added) if added else made
