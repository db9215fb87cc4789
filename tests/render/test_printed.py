from rich.table import Table

from quecsim.render.printed import printed


def test_lines_without_blanks_at_their_ends() -> None:
    table = Table("a", "b")
    table.add_row("1", "[red]2[/]")
    plain, coloured = (printed(table, width=40, colour=each) for each in (False, True))
    assert all(line == line.rstrip() for line in plain)
    assert plain[0]
    assert plain[-1]
    assert "\x1b" not in "".join(plain)
    assert "\x1b[31m" in "".join(coloured)
