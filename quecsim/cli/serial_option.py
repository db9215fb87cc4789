"""`--serial`: a board's real line in place of the pty, and what does not go with it."""

from collections.abc import Mapping
from typing import Any

import click

from quecsim.cli import complete
from quecsim.scenario.schema import Scenario

_ONE_HOST = "the board is the host, and the port has a name already"
serial_option = click.option(
    "--serial",
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
    from quecsim.live.ports.serial_place import check_scenario, refusal

    for word, value in (options or {}).items():
        if value:
            raise refusal(word, _ONE_HOST)
    check_scenario(scenario)
