"""What a reader of the dialogue may choose, whatever the command: `--only` and `--times`."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

import click

from quecsim.cli import complete, screen

if TYPE_CHECKING:
    from quecsim.render.dialogue import DialogueText

_GROUPS = "at, data, lost, flash, flow, line, net, fault, power, run"
_OPTIONS = (
    click.option("--only", multiple=True, metavar="GROUP[,GROUP]...",
                 shell_complete=complete.groups, help=f"Only lines of these groups: {_GROUPS}."),
    click.option("--times", type=click.Choice(["run", "delta", "clock"]),
                 help="Times of the run, since the line before, or of the wall's clock.  [run]"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chosen:
    """`only` as given, `times` None where nothing was said."""

    only: tuple[str, ...]
    times: str | None

    @property
    def word(self) -> str:
        """The first of the options that was given; empty: none."""
        return "--only" if self.only else "--times" if self.times else ""

    def text(self, stream: IO[str] | None, **more: Any) -> "DialogueText":
        """The dialogue for `stream`, or (None) for a file. Raises QuecsimError for a group that
        there is not.
        """
        from quecsim.render.dialogue import DialogueText, Times, groups_of

        return DialogueText(
            groups_of(self.only),
            Times(self.times or "run"),
            colour=stream is not None and screen.wants_colour(stream),
            width=None if stream is None else columns(stream),
            **more,
        )


def columns(stream: IO[str]) -> int | None:
    """Those of the terminal; None in a pipe, where one line stays one line."""
    return shutil.get_terminal_size().columns if stream.isatty() else None


def dialogue_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Both options; see `take_chosen`."""
    for add in reversed(_OPTIONS):
        command = add(command)
    return command


def take_chosen(options: dict[str, Any]) -> Chosen:
    """What was chosen; it is taken out of `options`."""
    return Chosen(options.pop("only"), options.pop("times"))
