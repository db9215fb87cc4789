"""`quecsim report TRACE --dialogue`: what was said and what happened, one line each."""

import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quecsim.cli.dialogue_options import Chosen, dialogue_options, take_chosen
from quecsim.errors import QuecsimError
from quecsim.trace.jsonl import STANDARD

if TYPE_CHECKING:
    from quecsim.trace.event import Event

_PIECE_EVENTS = 500


def dialogue_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--dialogue`, `--only` and `--times`; see `take_dialogue`."""
    flag = click.option(
        "--dialogue", is_flag=True, help="Not the report: what was said and happened, line by line."
    )
    return flag(dialogue_options(command))


def take_dialogue(options: dict[str, Any], others: dict[str, Any]) -> Chosen | None:
    """How the dialogue is wanted; None: it is not. It is taken out of `options`.

    Raises QuecsimError where one of `others` is given that has no place beside it, or one of the
    other `options` has standard output.
    """
    is_wanted, chosen = options.pop("dialogue"), take_chosen(options)
    if not is_wanted:
        if chosen.word:
            raise QuecsimError(f"{chosen.word} is about the dialogue", hint="add --dialogue")
        return None
    for word, value in others.items():
        if value:
            raise QuecsimError(
                f"{word} has no place in the dialogue", hint="leave out one of the two"
            )
    for name, path in options.items():
        if path == STANDARD:
            raise QuecsimError(
                f"--{name} - has standard output, and so has the dialogue",
                hint=f"give it a file: --{name} FILE",
            )
    return chosen


def refuse_case(case: Path) -> None:
    """A case holds no events. Raises QuecsimError."""
    hint = f"`quecsim replay {shlex.quote(str(case))}` runs it again"
    raise QuecsimError("a case of `quecsim fuzz` has no dialogue of its own", hint=hint)


def tell_dialogue(events: "Sequence[Event]", chosen: Chosen) -> None:
    """Print it, as far as the events go."""
    text = chosen.text(sys.stdout)
    for place in range(0, len(events), _PIECE_EVENTS):
        _print(text.feed(events[place : place + _PIECE_EVENTS]))
    _print(text.end())


def _print(rows: Sequence[str]) -> None:
    if rows:
        click.echo("\n".join(rows))
