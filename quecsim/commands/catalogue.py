"""Which commands a device has: its profile names families of them, and single ones to leave out."""

from quecsim.at.spec import Catalogue, Command
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
from quecsim.errors import QuecsimError
from quecsim.profiles.schema import Profile
from quecsim.profiles.toml_check import did_you_mean

FAMILIES: dict[str, tuple[Command, ...]] = {
    "basic": basic.COMMANDS,
    "identity": identity.DEVICE,
    "subscriber": identity.SUBSCRIBER,
    "line": line.COMMANDS,
    "power": power.COMMANDS,
    "network": network.COMMANDS,
    "config": config.CONFIG,
    "indications": config.INDICATIONS,
    "disk": disk.FILES,
    "storages": disk.STORAGES,
    "upload": upload.COMMANDS,
    "handles": handles.HANDLES,
    "positions": handles.POSITIONS,
}


def catalogue(profile: Profile) -> Catalogue:
    """All commands of a device. Raises QuecsimError for an absent one that was never there."""
    commands = [command for family in profile.commands.families for command in FAMILIES[family]]
    names = [command.name for command in commands]
    for name in profile.commands.absent:
        if name not in names:
            raise QuecsimError(
                f"{name} is absent from {profile.name}, whose families do not have it anyway",
                hint=did_you_mean(name, names),
                where="commands.absent",
            )
    return Catalogue(c for c in commands if c.name not in profile.commands.absent)
