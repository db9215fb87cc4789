"""`--serial`: a board's real line in place of the pty, and what does not go with it."""

from collections.abc import Iterator, Mapping
from typing import Any

import click

from quecsim.cli import complete
from quecsim.errors import QuecsimError
from quecsim.scenario.schema import Line, Scenario

_NO_LAG = Line().lag_bytes
OPTION = "--serial"
serial_option = click.option(
    OPTION,
    metavar="PATH|URL",
    shell_complete=complete.files,
    help="A board is at the other end of this UART adapter (/dev/ttyUSB0, rfc2217://HOST:PORT, "
    "socket://HOST:PORT), and its firmware is the host.",
)


def refuse_misfits(
    serial: str | None, scenario: Scenario, options: Mapping[str, Any] | None = None
) -> None:
    """Raises QuecsimError where `serial` is given, and something with it that only a simulated far
    end has: one of the command line's own `options`, by their words, or of the scenario.
    """
    if serial is None:
        return
    given = [word for word, value in (options or {}).items() if value]
    for what, why in [*((word, _ONE_HOST) for word in given), *_misfits(scenario)]:
        raise QuecsimError(
            f"{what} cannot be had with a real line: {why}",
            where=OPTION,
            hint="leave one of the two out",
        )


_ONE_HOST = "the board is the host, and the port has a name already"


def _misfits(scenario: Scenario) -> Iterator[tuple[str, str]]:
    line, host = scenario.line, scenario.host
    if line.interface != "uart":
        yield "another interface than the UART", "an adapter has no USB device in it"
    if line.time_scale != 1.0:
        yield "a time scale", "the board's clock is real"
    if line.speed != "paced":
        yield "an unlimited speed", "the line is as fast as it is"
    if line.baud is not None or line.any_rate:
        yield "the host's baud rate", "it is the board's own"
    if line.lag_bytes != _NO_LAG:
        yield "the host's lag", "the board stops as soon as it does"
    if line.garble:
        yield "garbling", "a wrong rate spoils the bytes by itself"
    if host.flow != "auto":
        yield "the host's flow control", "it is the board's own"
    if not host.wires:
        yield "a line without RTS and CTS", "take the wires off"
