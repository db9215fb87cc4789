"""Two runs side by side, for a terminal: the sentence, then what differs, causes first."""

from collections.abc import Iterator

from quecsim.render.layout import WIDTH, counted, safe, wrapped
from quecsim.render.printed import printed
from quecsim.report.comparison.model import TITLES, Comparison


def comparison_text(found: Comparison, *, colour: bool, width: int = WIDTH) -> str:
    """At most `width` columns, without a line end at the last line."""
    return "\n\n".join("\n".join(block) for block in _blocks(found, colour, width) if block)


def _blocks(found: Comparison, colour: bool, width: int) -> Iterator[list[str]]:
    yield wrapped(safe(found.sentence), 0)
    if not found.differences:
        yield ["Nothing differs but, perhaps, times."]
        return
    yield _table(found, colour=colour, width=width)
    if found.unlisted:
        yield [f"{counted(found.unlisted, 'more value')} of the set-up differ"]


def _table(found: Comparison, *, colour: bool, width: int) -> list[str]:
    from rich import box
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), width=width)
    made.add_column("", ratio=3, overflow="fold")
    made.add_column(Text(f"before: {safe(found.before)}"), ratio=4, overflow="fold")
    made.add_column(Text(f"after: {safe(found.after)}"), ratio=4, overflow="fold")
    for kind, title in TITLES.items():
        rows = found.of(kind)
        if rows:
            made.add_row(Text(title.upper(), style="bold"))
        for each in rows:
            what, *values = (Text(safe(text)) for text in (each.what, each.before, each.after))
            made.add_row(Padding(what, (0, 0, 0, 2)), *values)
    return printed(made, width=width, colour=colour)
