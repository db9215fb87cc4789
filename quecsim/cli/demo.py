"""`quecsim demo`: the story of a certificate that is lost on its way, told in chapters.

Exit code 0: everything came out as told, as far as one wanted to see it. 1: it did not. 2: the
user's mistake. 130: Ctrl-C.
"""

import os
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import click

from quecsim.cli import complete, screen
from quecsim.cli.report_files import Output, write_whole
from quecsim.cli.words import Command
from quecsim.errors import QuecsimError

if TYPE_CHECKING:
    from quecsim.demo.outcomes import Outcomes
    from quecsim.demo.play import DemoOutcome
    from quecsim.demo.story import Chapter
    from quecsim.demo.told import Look
    from quecsim.demo.ways import Way

INTERRUPTED = 130
PAGE = Output("html", "", "quecsim.demo.page:write_story", extra="report")
_MOST_KEY_BYTES = 16  # of one key: an arrow is several bytes


@click.command(cls=Command)
@click.option("--quick", is_flag=True,
              help="Only the certificate, in virtual time: over in a second.")  # fmt: skip
@click.option("--step", is_flag=True, help="Wait for a key after each chapter.")
@click.option("--html", metavar="FILE", shell_complete=complete.files,
              help="Write the story as a page to mail, too.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="The outcome as JSON on standard output.")
def demo(quick: bool, step: bool, html: str | None, as_json: bool) -> int:
    """See where the bytes of an upload get lost, and why.

    A real certificate and a CA bundle are uploaded five ways to a simulated module: from a PC over
    USB, from a microcontroller, from the same with RTS/CTS, in ACK mode, and with pauses; and each
    time the module goes on to a broker with what it has. The certificate goes through a real pseudo
    terminal, in real time; the bundle, which takes 45 s, in virtual time.
    """
    from quecsim.demo import show

    if step and (as_json or not sys.stdin.isatty() or not sys.stdout.isatty()):
        raise QuecsimError("--step asks on a terminal, and there is none", hint="leave it out")
    write = PAGE.loaded() if html is not None else None  # what is missing is told first
    try:
        outcomes = _play_all(is_quick=quick) if as_json else _tell(is_quick=quick, is_step=step)
    except KeyboardInterrupt:
        screen.message("stopped", "demo")
        return INTERRUPTED
    except _LeftError:
        if html is not None:
            screen.message("the story was left before its end, and there is no page of it", "demo")
        return 0
    if as_json:
        click.echo(show.as_json(outcomes.all))
    if html is not None and write is not None and not outcomes.wrong:
        write_whole(PAGE.option, html, partial(write, outcomes, is_quick=quick), "demo")
    return 1 if outcomes.wrong else 0


def _tell(*, is_quick: bool, is_step: bool) -> "Outcomes":
    """Chapter by chapter; it ends at the first that did not come out as told."""
    from quecsim.demo import show
    from quecsim.demo.outcomes import Outcomes
    from quecsim.demo.story import CHAPTERS
    from quecsim.demo.told import blocks_text, heading

    outcomes, look = Outcomes(), _look()
    for number, chapter in enumerate(CHAPTERS, 1):
        _say(heading(number, CHAPTERS), blocks_text(chapter.begin(is_quick), look))
        _play(chapter, outcomes, is_quick=is_quick)
        if outcomes.wrong:
            _say(show.otherwise(outcomes.wrong))
            break
        _say(blocks_text(chapter.tell(outcomes), look))
        if is_step and number < len(CHAPTERS):
            _wait()
    return outcomes


class _LeftError(Exception):
    """Somebody has seen enough."""


def _wait() -> None:
    """Until the user wants to go on. Raises _LeftError if that is never."""
    prompt = "-- any key goes on, q stops --"
    try:
        with _unbuffered(sys.stdin.fileno()) as terminal:
            click.echo(prompt, nl=False)
            key = os.read(terminal, _MOST_KEY_BYTES)
    finally:  # also where Ctrl-C was the key
        click.echo("\r" + " " * len(prompt) + "\r", nl=False)
    if key in (b"q", b"Q", b"\x04", b""):  # Ctrl-D, or the terminal is gone
        raise _LeftError


@contextmanager
def _unbuffered(terminal: int) -> Iterator[int]:
    """Keys come at once and are not shown; what was pressed before counts."""
    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal, termios.TCSADRAIN)
    try:
        yield terminal
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _say(*texts: str) -> None:
    """Each with an empty line behind it."""
    for text in filter(None, texts):
        click.echo(f"{text}\n")
    sys.stdout.flush()


def _look() -> "Look":
    from rich.console import Console

    from quecsim.demo.told import Look

    console = Console()
    return Look(screen.width(), console.color_system is not None and not console.no_color)


def _play(chapter: "Chapter", outcomes: "Outcomes", *, is_quick: bool) -> None:
    if ways := chapter.played():
        outcomes.all += _played(ways, is_quick=is_quick, is_quiet=is_quick)


def _play_all(*, is_quick: bool) -> "Outcomes":
    from quecsim.demo.outcomes import Outcomes
    from quecsim.demo.ways import WAYS

    return Outcomes(list(_played(WAYS, is_quick=is_quick, is_quiet=True)))


def _played(
    ways: "tuple[Way, ...] | list[Way]", *, is_quick: bool, is_quiet: bool
) -> "Iterator[DemoOutcome]":
    from quecsim.demo.display import display
    from quecsim.demo.play import play
    from quecsim.demo.show import played

    with display(sys.stderr, is_quiet=is_quiet) as shown:
        for way in ways:
            for cargo in played(is_quick=is_quick):
                shown.begin(way, cargo)
                outcome = play(way, cargo, shown.progress, is_quick=is_quick)
                shown.end(outcome)
                yield outcome
