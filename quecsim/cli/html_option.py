"""`--html DIR` of the commands that look for failures: a page for each."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from quecsim.run.pages import Pages


def html_option(what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option; `what` has a page."""
    return click.option(
        "--html",
        metavar="DIR",
        type=click.Path(path_type=Path),
        help=f"Also write a page to mail of {what} into this folder.",
    )


def pages_of(folder: Path | None) -> "Pages | None":
    """Where the pages go, if they are wanted. Raises QuecsimError where their packages are missing:
    ask for it before the work begins.
    """
    if folder is None:
        return None
    from quecsim.run.pages import Pages

    return Pages(folder)
