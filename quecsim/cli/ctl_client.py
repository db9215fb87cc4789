"""What the commands of `quecsim ctl` share: which simulator is asked, and how it is shown."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quecsim.cli import screen
from quecsim.errors import QuecsimError
from quecsim.files import create_private

if TYPE_CHECKING:
    from quecsim.live.control.client import ControlClient

as_json_option = click.option("--json", "as_json", is_flag=True, help="The answer as JSON.")


def asked() -> "ControlClient":
    """The simulator that is asked."""
    from quecsim.live.control.client import find

    meta = click.get_current_context().meta
    return find(meta["socket"], meta["port"])


def steered() -> "ControlClient":
    """The simulator that is about to change; where nobody named it, people are told which."""
    client = asked()
    meta = click.get_current_context().meta
    if not (meta["socket"] or meta["port"] or os.environ.get("QUECSIM_CTL")):
        which = client.greeting()
        screen.message(f"{which.port} ({which.scenario}), the only one that runs")
    return client


def write_out(data: bytes, output: Path | None) -> None:
    """Bytes into a file, or as they are to standard output. Raises QuecsimError."""
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return
    try:
        with create_private(output) as file:
            file.write(data)
    except OSError as error:
        raise QuecsimError(f"cannot write {output}: {error.strerror}") from None


def show(value: Any, *, as_json: bool, text: Callable[[Any], str]) -> None:
    """An answer on standard output; nothing, where it says nothing."""
    shown = json.dumps(value, indent=2) if as_json else text(value)
    if shown:
        click.echo(shown)
