"""The command line: a page for each command, for the site and for `man`, from click's structures.

What is said of an option is what its help says.
"""

from collections.abc import Iterator

import click

from quecsim.cli.main import cli
from website.generated.markdown import prose
from website.generated.settings import toctree


def commands() -> dict[str, click.Command]:
    """Name -> command, in the order of the help."""
    return _commands(cli, _root())


def help_line(command: click.Command) -> str:
    """What it is for, in one line without a full stop."""
    return command.get_short_help_str(limit=100).removesuffix(".")


def command_list() -> str:
    """The commands, each with what it is for in one line, and their pages below this one."""
    lines = [
        f"* [`quecsim {name}`](reference/quecsim-{name}.md): {prose(help_line(command))}"
        for name, command in commands().items()
    ]
    below = toctree(f"reference/quecsim-{name}" for name in commands())
    # A man page has those below it in itself, and each command has one of its own.
    return "\n".join([*lines, "", "````{only} html", below.strip(), "````", ""])


def command_pages() -> Iterator[tuple[str, str]]:
    """The page of each command."""
    for name, command in commands().items():
        yield f"reference/quecsim-{name}.md", "\n".join(_page(name, command, _root(), level=1))


def _page(name: str, command: click.Command, above: click.Context, level: int) -> Iterator[str]:
    """The command under a heading, and those below it."""
    here = click.Context(command, parent=above, info_name=name)
    mark = "#" * (level + 1)
    yield f"{'#' * level} {here.command_path}\n"
    yield f"{mark} Synopsis\n" if level == 1 else ""
    yield f"```text\n{here.command_path} {' '.join(command.collect_usage_pieces(here))}\n```\n"
    yield f"{mark} Description\n" if level == 1 else ""
    yield f"{prose(command.help)}\n"
    yield f"{prose(command.epilog)}\n"
    yield f"{mark} Options\n" if level == 1 else ""
    yield f"```{{program}} {here.command_path}\n```\n"
    for parameter in command.get_params(here):
        record = parameter.get_help_record(here)
        if record and record[1]:
            yield f"````{{option}} {record[0]}\n{prose(record[1])}\n````\n"
    if isinstance(command, click.Group):
        for below, inner in _commands(command, here).items():
            yield from _page(below, inner, here, level + 1)


def _root() -> click.Context:
    return click.Context(cli, info_name="quecsim", **cli.context_settings)


def _commands(group: click.Group, here: click.Context) -> dict[str, click.Command]:
    found = {name: group.get_command(here, name) for name in group.list_commands(here)}
    return {name: command for name, command in found.items() if command is not None}
