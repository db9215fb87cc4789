"""Questions that the Wi-Fi modules ask the network: +QPING, +QIDNSGIP, +QNTP."""

from quecsim.at.grammar import Form
from quecsim.at.spec import Integer, Text
from quecsim.commands.unreachable import tcpip_command
from quecsim.commands.wlan import SOURCE

_HOST = Text("host", needs_quotes=True)

QPING = tcpip_command(
    "+QPING",
    "Ping a host: refused, without a network",
    SOURCE,
    (_HOST, Integer("timeout", 1, 255, optional=True), Integer("pingnum", 1, 10, optional=True)),
)
QIDNSGIP = tcpip_command(
    "+QIDNSGIP",
    "Resolve a name: refused, without a network",
    SOURCE,
    (Text("hostname", needs_quotes=True),),
)
QNTP = tcpip_command(
    "+QNTP",
    "Set the time by a server: refused, without a network",
    SOURCE,
    (
        Text("server", max_bytes=50, optional=True),
        Integer("port", 1, 65_535, optional=True),
        Integer("auto_set_time", allowed=(0, 1), optional=True),
    ),
    '+QNTP: "<server>"[,<port>[,(0,1)]]',
)
QNTP.execute(QNTP.handlers[Form.WRITE])


COMMANDS = (QPING, QIDNSGIP, QNTP)
