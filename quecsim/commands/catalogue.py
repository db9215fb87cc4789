"""Which families of commands there are. A profile will choose among them."""

from quecsim.at.spec import Catalogue
from quecsim.commands import (
    basic,
    config,
    disk,
    handles,
    identity,
    line,
    network,
    power,
    upload,
)


def catalogue() -> Catalogue:
    """All commands of the EC200U."""
    return Catalogue(
        basic.COMMANDS,
        identity.COMMANDS,
        line.COMMANDS,
        power.COMMANDS,
        network.COMMANDS,
        config.COMMANDS,
        disk.COMMANDS,
        upload.COMMANDS,
        handles.COMMANDS,
    )
