"""An access point given from outside, by a phone: +QAIRKISS, +QWEBCFG.

Who gives it, and when, is the scenario's or the user's (`quecsim.at.surroundings.Provision`).
"""

from quecsim.at.context import Context, wlan
from quecsim.at.spec import Command, Integer
from quecsim.at.surroundings import ProvisionWay
from quecsim.commands.wlan import SOURCE


def _listening(name: str, title: str, way: ProvisionWay) -> Command:
    command = Command(
        name, title, source=SOURCE, params=(Integer("enable", allowed=(0, 1)),)
    )  # fmt: skip

    @command.write
    def _listen(context: Context, enable: int) -> None:
        wlan(context).listen(way, is_on=bool(enable))

    return command


COMMANDS = (
    _listening("+QAIRKISS", "Be given a hotspot by a phone: 0 off, 1 on", "airkiss"),
    _listening("+QWEBCFG", "Be given a hotspot by a web page: 0 off, 1 on", "web"),
)
