"""`quecsim completion SHELL`: the script that makes a shell complete quecsim's words."""

import click
from click.shell_completion import get_completion_class

from quecsim.cli.main import VARIABLE
from quecsim.cli.words import Command


@click.command(
    cls=Command,
    epilog='In ~/.bashrc: eval "$(quecsim completion bash)". In ~/.zshrc: eval "$(quecsim '
    'completion zsh)". For fish: quecsim completion fish > '
    "~/.config/fish/completions/quecsim.fish.",
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that makes SHELL complete commands, options, devices, scenarios, faults."""
    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(ctx.find_root().command, {}, "quecsim", VARIABLE).source())
