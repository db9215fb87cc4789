"""`quecsim play`: the dialogue of a scenario, line by line, on its device or on a port.

Exit code 0: all is as it stands there. 1: the device said something else. 2: the user's mistake.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from quecsim.cli import complete, screen
from quecsim.cli.words import Command
from quecsim.errors import QuecsimError
from quecsim.scenario.loader import load_scenario

if TYPE_CHECKING:
    from quecsim.scenario.schema import Scenario
    from quecsim.testing.journey import Said


@click.command(cls=Command)
@click.argument("scenario", shell_complete=complete.shipped)
@click.option("--port", metavar="PORT",
              help="Play it on this serial port, in real time.")  # fmt: skip
@click.option("--baud", type=click.IntRange(1, 4_000_000), default=115_200, metavar="N",
              help="The port's rate.  [115200]")  # fmt: skip
@click.option("-q", "--quiet", is_flag=True, help="Only say how it ended.")
def play(scenario: str, port: str | None, baud: int, quiet: bool) -> None:
    """Play the dialogue of SCENARIO, in virtual time: what the host says, and what it is told.

    The scenario has a [journey]. Without --port its own device answers, with its own servers.
    """
    loaded = load_scenario(scenario)
    tell = None if quiet else _tell
    trouble = _play_here(loaded, tell) if port is None else _play_there(loaded, port, baud, tell)
    if trouble:
        screen.message(f"{loaded.name}: {trouble}")
        raise SystemExit(1)
    click.echo(f"{loaded.name}: all as it stands in the scenario")


def _tell(said: "Said") -> None:
    from quecsim.testing.journey import said_text

    click.echo(said_text(said))


def _play_here(scenario: "Scenario", tell: "Callable[[Said], None] | None") -> str:
    from quecsim.testing.journey import run_journey

    return run_journey(scenario, tell).trouble


def _play_there(
    scenario: "Scenario", name: str, baud: int, tell: "Callable[[Said], None] | None"
) -> str:
    """On a port of somebody else's, whose files nobody here can look at."""
    import serial

    from quecsim.testing.journey import Walker, data_of

    journey = scenario.journey
    if journey is None:
        raise QuecsimError(
            f"scenario {scenario.name} has no journey", hint="add a [journey] table to its file"
        )
    try:
        with serial.Serial(name, baud) as port:
            walker = Walker(port, journey, data_of(scenario, journey), tell)
            return walker.go().astray
    except serial.SerialException as error:
        raise QuecsimError(
            f"cannot play on {name}: {error}", hint="quecsim run tells the port it gives"
        ) from None
