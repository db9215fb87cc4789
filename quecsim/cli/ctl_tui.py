"""`quecsim ctl tui`: the full screen of a simulator that runs."""

import click

from quecsim.cli.ctl_client import asked


@click.command("tui")
def tui() -> int:
    """The full screen: ring, flow control, flash, dialogue, files, network; ? tells the keys.

    The simulator goes on when you leave. When it ends, so does this, and says how.
    """
    from quecsim.cli.full_screen import need_terminal

    need_terminal("quecsim ctl tui")
    with asked() as client:
        path = client.path
    from quecsim.tui.app import show

    outcome = show(path)
    if outcome.has_ended:
        click.echo(outcome.text)
    return 0
