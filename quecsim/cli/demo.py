"""`quecsim demo`: the same files uploaded four ways, and a picture of where the bytes went.

Exit code 0: the four ways came out as told. 1: they did not. 130: Ctrl-C.
"""

import sys
from typing import TYPE_CHECKING

import click

from quecsim.cli import screen
from quecsim.cli.words import Command

if TYPE_CHECKING:
    from quecsim.demo.play import DemoOutcome

INTERRUPTED = 130


@click.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="The outcome as JSON on standard output.")
def demo(as_json: bool) -> int:
    """See where the bytes of an upload get lost, and why.

    A real certificate and a CA bundle are uploaded four ways to a simulated module: from a PC over
    USB, from a microcontroller, from the same with RTS/CTS, and in ACK mode. The certificate goes
    through a real pseudo terminal, in real time; the bundle, which takes 45 s, in virtual time.
    """
    from quecsim.demo import show

    if not as_json:
        click.echo(show.introduction() + "\n")
        sys.stdout.flush()
    try:
        outcomes = _play_all(is_quiet=as_json)
    except KeyboardInterrupt:
        screen.message("stopped", "demo")
        return INTERRUPTED
    click.echo(show.as_json(outcomes) if as_json else _told(outcomes))
    return 0 if all(outcome.is_as_told for outcome in outcomes) else 1


def _told(outcomes: "list[DemoOutcome]") -> str:
    from rich.console import Console

    from quecsim.demo import show

    console = Console()
    colour = console.color_system is not None and not console.no_color
    width = screen.width()
    parts = (
        show.table(outcomes, colour=colour, width=width),
        show.pictures(outcomes, colour=colour, width=width),
        show.words(outcomes),
        show.next_steps(),
    )
    return "\n\n".join(parts)


def _play_all(*, is_quiet: bool) -> "list[DemoOutcome]":
    from quecsim.demo.display import display
    from quecsim.demo.play import play
    from quecsim.demo.ways import CARGOES, WAYS

    outcomes = []
    with display(sys.stderr, is_quiet=is_quiet) as shown:
        for way in WAYS:
            for cargo in CARGOES:
                shown.begin(way, cargo)
                outcome = play(way, cargo, shown.progress)
                shown.end(outcome)
                outcomes.append(outcome)
    return outcomes
