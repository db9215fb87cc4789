"""`quecsim help COMMAND`: what `quecsim COMMAND --help` says."""

import click

from quecsim.cli.words import Command


@click.command(cls=Command, name="help")
@click.argument("words", nargs=-1, metavar="[COMMAND]...")
@click.pass_context
def help_(ctx: click.Context, words: tuple[str, ...]) -> None:
    """The help of a COMMAND (`quecsim help run`, `quecsim help ctl wait`), or of all."""
    here = ctx.find_root()
    for word in words:
        if not isinstance(here.command, click.Group):
            raise click.UsageError(f"{here.command_path} has no commands", ctx)
        name, found, _ = here.command.resolve_command(here, [word])
        assert found is not None
        here = found.make_context(name, [], parent=here, resilient_parsing=True)
    click.echo(here.get_help())
