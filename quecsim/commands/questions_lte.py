"""Questions that the LTE modules ask the network: +QPING, +QNTP, +QIDNSGIP."""

from quecsim.at.spec import Integer, Text
from quecsim.commands.packet import CONTEXT, SOURCE
from quecsim.commands.unreachable import tcpip_command

_CAPTURED = f"{SOURCE}; its test reply as in a capture of a BG770A"
_HOST = Text("host", needs_quotes=True)

COMMANDS = (
    tcpip_command(
        "+QPING",
        "Ping a host: refused, without a network",
        _CAPTURED,
        (
            CONTEXT,
            _HOST,
            Integer("timeout", 1, 255, optional=True),
            Integer("pingnum", 1, 10, optional=True),
        ),
    ),
    tcpip_command(
        "+QNTP",
        "Set the time by a server: refused, without a network",
        _CAPTURED,
        (
            CONTEXT,
            Text("server", needs_quotes=True),
            Integer("port", 1, 65_535, optional=True),
            Integer("autosettime", allowed=(0, 1), optional=True),
        ),
    ),
    tcpip_command(
        "+QIDNSGIP",
        "Resolve a name: refused, without a network",
        _CAPTURED,
        (CONTEXT, Text("hostname", needs_quotes=True)),
    ),
)
