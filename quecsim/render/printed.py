"""What Rich draws, as lines of text."""

from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType


def printed(drawn: "RenderableType", *, width: int, colour: bool) -> list[str]:
    """At most `width` columns wide, without blanks at the ends of lines, and without empty lines
    before and after; without `colour` there is no control code in them.
    """
    from rich.console import Console

    out = StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
    )
    console.print(drawn)
    return [line.rstrip() for line in out.getvalue().strip("\n").split("\n")]
