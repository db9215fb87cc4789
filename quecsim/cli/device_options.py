"""Options that several commands share: what the device, its line and its host's end are like."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Scenario, Stall

_STALL_MOST_MS = 600_000
_STALL = re.compile(r"(every)?(\d+):(\d+)")
Function = TypeVar("Function", bound=Callable[..., Any])


class ProgramCommand(click.Command):
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

    @property
    def with_program(self) -> str:
        """How a program is given: `quecsim check SCENARIO -- PROGRAM {port}`."""
        own = (str(each.name).upper() for each in self.params if isinstance(each, click.Argument))
        return " ".join(["quecsim", str(self.name), *own, "-- PROGRAM {port}"])


def time_limit_option(default_s: float) -> Callable[[Function], Function]:
    """`--time-limit`, for whatever runs a host program."""
    return click.option(
        "--time-limit",
        type=click.FloatRange(0.1, 86_400),
        default=default_s,
        metavar="S",
        help=f"How long a program may run, in real seconds.  [{default_s:g}]",
    )


class StallType(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """`BYTE:MS` or `everyN:MS`."""

    name = "stall"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Stall:
        """Parse one --stall."""
        match = _STALL.fullmatch(str(value))
        if match is None or not int(match[2]) or not 0 < int(match[3]) <= _STALL_MOST_MS:
            self.fail(f"{value!r}: write BYTE:MS or everyN:MS, for instance 1:45 or every256:40",
                      param, ctx)  # fmt: skip
        count, stall_ms = int(match[2]), int(match[3])
        if match[1]:
            return Stall(stall_ms=stall_ms, every_bytes=count)
        return Stall(stall_ms=stall_ms, at_byte=count)


_OPTIONS = (
    click.option("--restore", is_flag=True, help="Put the factory's firmware back first."),
    click.option("--time-scale", type=click.FloatRange(0.001, 1000), metavar="X",
                 help="Model seconds per real second."),
    click.option("--seed", type=click.IntRange(0), help="Seed of everything that is drawn."),
    click.option("--flash", type=click.Choice(["typical", "worst", "drawn", "instant"]),
                 help="How fast the flash is."),
    click.option("--speed", type=click.Choice(["paced", "unlimited"]),
                 help="Pace the line at its baud rate, or not at all."),
    click.option("--baud", type=click.IntRange(50, 4_000_000), metavar="N",
                 help="The host's baud rate, whatever its port settings say."),
    click.option("--flow", type=click.Choice(["auto", "none", "rtscts", "xonxoff"]),
                 help="The host's flow control; auto: what its port settings say."),
    click.option("--no-wires", is_flag=True, help="RTS and CTS are not connected."),
    click.option("--garble", is_flag=True, help="A wrong baud rate spoils the bytes."),
    click.option("--any-rate", is_flag=True,
                 help="Whatever rate and frame the host has set, they match."),
    click.option("--lag", "lag_bytes", type=click.IntRange(0, 65536), metavar="N",
                 help="Bytes the host still sends after RTS is gone."),
    click.option("--reopen", "reopen_ms", type=click.IntRange(0, 600_000), metavar="MS",
                 help="Deaf for MS after AT+IPR, AT+ICF and AT+IFC."),
    click.option("--ring", "ring_bytes", type=click.IntRange(16, 1 << 20), metavar="N",
                 help="Size of the device's receive ring in bytes."),
    click.option("--stall", "stalls", type=StallType(), multiple=True, metavar="BYTE:MS",
                 help="Stop for MS at a byte of an upload, or each time (everyN:MS)."),
)  # fmt: skip
_PORT = click.option("--port", type=click.Choice(["uart", "usb"]), help="Main UART or USB AT port.")


def device_options(function: Function) -> Function:
    """The options that change a scenario, for a click command; see `scenario_from`."""
    for option in reversed((_PORT, *_OPTIONS)):
        function = option(function)
    return function


def device_or_scenario(device: str | None, scenario: str | None) -> tuple[str | None, str | None]:
    """(device, scenario), where a command's SCENARIO may be a device's name too: then it is that
    device with nothing added.
    """
    from quecsim.profiles.loader import profile_names
    from quecsim.scenario.loader import scenario_names

    is_device = not device and scenario in profile_names() and scenario not in scenario_names()
    return (scenario, None) if is_device else (device, scenario)


def scenario_from(
    device: str | None, scenario: str | Scenario | None, options: dict[str, Any]
) -> Scenario:
    """The scenario with the values of `device_options` on top. Raises QuecsimError."""
    options = dict(options)
    options["wires"] = False if options.pop("no_wires") else None
    for flag in ("garble", "any_rate", "restore"):
        options[flag] = options[flag] or None
    return make_scenario(device, scenario, **options)
