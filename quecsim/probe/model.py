"""What a simulated device with the nearest profile would say: what a module's answers are held
against.
"""

from functools import cached_property

from msgspec.structs import replace

from quecsim.at.context import Context
from quecsim.at.grammar import Form
from quecsim.at.spec import Command
from quecsim.commands.catalogue import catalogue
from quecsim.flash.timing import FlashMode
from quecsim.profiles.loader import load_profile, profile_names
from quecsim.profiles.schema import Profile
from quecsim.rig import Rig, RigConfig


class Model:
    """The simulated device of `base`, without the answers that its profile words by itself."""

    def __init__(self, base: Profile) -> None:
        commands = replace(base.commands, test_replies={}, absent=())
        self._profile = replace(base, commands=commands)

    @cached_property
    def context(self) -> Context:
        """What its commands see: a device that is new."""
        rig = Rig(self._profile, RigConfig(flash_mode=FlashMode.INSTANT))
        return rig.device.context

    @cached_property
    def commands(self) -> dict[str, Command]:
        """All commands of its families, also those that the profile takes out again."""
        return {command.name: command for command in catalogue(self._profile)}

    def test_text(self, name: str) -> str | None:
        """The answer to `AT+X=?`, its lines joined by CR LF; None where there is no such form."""
        command = self.commands[name]
        if Form.TEST not in command.forms:
            return None
        return "\r\n".join(command.test_lines(self.context))

    @property
    def ufs_bytes(self) -> int:
        """What AT+QFLDS says of an empty UFS."""
        return self.context.ufs.total_bytes


def known_commands() -> dict[str, str]:
    """All commands of the shipped devices that have a test form, and of which device each is."""
    known: dict[str, str] = {}
    for name in profile_names():
        for command in catalogue(load_profile(name)):
            if Form.TEST in command.forms:
                known.setdefault(command.name, name)
    return known
