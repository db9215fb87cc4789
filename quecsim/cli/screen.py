"""How wide text is, and who wants to read it: one answer for help, tables and messages.

On a terminal text is wrapped at its width; in a pipe tables are as on 80 columns, and messages are
one line each, for `grep`.

`-q` leaves out what is said beside the result, `-v` says more (docs/COMMANDS.md).
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from textwrap import wrap
from typing import IO

import click

_LEAST, _USUAL, _WIDEST = 40, 80, 100
_QUIET = "quecsim.quiet"
_above: Callable[[str], None] | None = None


def width(stream: IO[str] | None = None) -> int:
    """The columns for text on `stream` (standard output): those of the terminal, within reason."""
    out = stream if stream is not None else sys.stdout
    if not out.isatty():
        return _USUAL
    return min(max(shutil.get_terminal_size().columns, _LEAST), _WIDEST)


def wants_colour(stream: IO[str]) -> bool:
    """Colour on a terminal, unless it is unwanted (no-color.org) or cannot be."""
    is_plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not is_plain


def wrapped(text: str, columns: int) -> str:
    """Each line of a message at that width; what goes on is indented by two more."""
    lines = []
    for line in text.splitlines():
        indent = " " * (len(line) - len(line.lstrip()))
        lines += wrap(
            line, columns, subsequent_indent=f"{indent}  ", break_long_words=False,
            break_on_hyphens=False,
        ) or [""]  # fmt: skip
    return "\n".join(lines)


def message(text: str, command: str = "") -> None:
    """`quecsim COMMAND: TEXT` on standard error: mistakes, and what must be known."""
    told = f"{' '.join(['quecsim', command]).strip()}: {text}"
    tell(wrapped(told, width(sys.stderr)) if sys.stderr.isatty() else told)


def say(text: str, command: str = "") -> None:
    """A message beside the result: not with `-q`."""
    if not is_quiet():
        message(text, command)


def aside(text: str) -> None:
    """A line beside the result, as it is: not with `-q`."""
    if not is_quiet():
        tell(text)


def tell(text: str) -> None:
    """Lines on standard error; above what is drawn there, if anything is."""
    if _above is not None:
        _above(text)
    else:
        click.echo(text, err=True)


@contextmanager
def drawing(above: Callable[[str], None]) -> Iterator[None]:
    """Something is drawn at the bottom of standard error's terminal: `above` tells lines there."""
    global _above
    _above = above
    try:
        yield
    finally:
        _above = None


def is_quiet() -> bool:
    """`-q` was given."""
    ctx = click.get_current_context(silent=True)
    return ctx is not None and bool(ctx.meta.get(_QUIET))


def _remember(ctx: click.Context, _param: click.Parameter, is_wanted: bool) -> bool:
    ctx.meta[_QUIET] = is_wanted
    return is_wanted


quiet_option = click.option(
    "-q",
    "--quiet",
    is_flag=True,
    expose_value=False,
    callback=_remember,
    help="Only the result, and mistakes.",
)
