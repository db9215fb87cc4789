"""Sockets of the Wi-Fi modules, as far as they answer without a network: +QICFG, +QIGETERROR.

The manual marks the factory's values by underlining, which is lost in its published text: those
that it does not name in words are assumed.
"""

from quecsim.at.context import Context
from quecsim.at.keyed import Setting, settings_command
from quecsim.at.results import AtError, ResultCode, tcpip_number
from quecsim.at.spec import Choice, Command, Integer, Key, Text
from quecsim.commands import packet
from quecsim.commands.unreachable import close_command, query_of_none, tcpip_command
from quecsim.commands.wlan import SOURCE


def _switch(name: str) -> Integer:
    return Integer(name, allowed=(0, 1))


_SETTINGS = (
    Setting(Key("transpktsize", (Integer("transpktsize", 1, 1460),)), (1024,)),
    Setting(Key("transwaittm", (Integer("transwaittm", high=20),)), (2,)),
    Setting(Key("tcp/accept", (_switch("state"),)), (1,)),
    Setting(Key("qisend/timeout", (Integer("timeout", high=120),)), (0,)),
    Setting(Key("passiveclosed", (_switch("closed"),)), (0,)),
    Setting(Key("dataformat", (_switch("send_data_format"), _switch("recv_data_format"))), (0, 0)),
    Setting(Key("close/mode", (_switch("close_mode"),)), (0,)),
    Setting(
        Key(
            "tcp/kalive",
            (
                _switch("kalive_onoff"),
                Integer("kalive_idle", 60, 7200, optional=True),
                Integer("kalive_interval", 10, 20, optional=True),
                Integer("kalive_cnt", 1, 8, optional=True),
            ),
        ),
        (0, 7200, 20, 8),
    ),
    Setting(Key("tcp/tw_cycle", (_switch("tw_enable"),)), (0,)),
    Setting(Key("udp/broadcast", (_switch("udp/broadcast"),)), (0,)),
)

QICFG = settings_command("+QICFG", "Settings of all sockets", SOURCE, _SETTINGS)
QICFG.is_tcpip = True

_ID = Integer("connectID", high=11)
_PORT = Integer("remote_port", high=65_535)
_MODE = Integer("access_mode", high=2)
_SERVICES = ("TCP", "UDP", "TCP LISTENER", "UDP SERVICE")
_HOST = Text("host", needs_quotes=True)

QIOPEN = tcpip_command(
    "+QIOPEN",
    "Open a socket: refused, without a network",
    SOURCE,
    (
        _ID,
        Choice("service_type", _SERVICES),
        _HOST,
        _PORT,
        Integer("local_port", high=65_535, optional=True),
        Integer("access_mode", high=2, optional=True),
        Integer("ap_priority", allowed=(0, 1), optional=True),
    ),
    f'+QIOPEN: (0-11),"{"/".join(_SERVICES)}",<IP_address>/<domain_name>,'
    "(0-65535),(1-65535),(0-2),(0,1)",
)
QISEND = tcpip_command(
    "+QISEND",
    "Send by a socket: refused, since none is open",
    SOURCE,
    (
        _ID,
        Integer("send_length", high=1460, optional=True),
        Text("remoteIP", optional=True),
        Integer("remote_port", 1, 65_535, optional=True),
    ),
)
QIRD = tcpip_command(
    "+QIRD",
    "Read what a socket has received: refused, since none is open",
    SOURCE,
    (_ID, Integer("read_length", high=1500, optional=True)),
)
QIACCEPT = tcpip_command(
    "+QIACCEPT",
    "Accept who calls a listening socket: refused, since none is open",
    SOURCE,
    (
        Integer("listener_socketID", high=11),
        _switch("accept"),
        Integer("incoming_socketID", high=11, optional=True),
    ),
)
QISWTMD = tcpip_command(
    "+QISWTMD",
    "How a socket hands over its data: refused, since none is open",
    SOURCE,
    (_ID, _MODE),
)
QICLOSE = close_command(
    "+QICLOSE",
    "Close a socket; OK also where it is not open",
    f"{SOURCE}; OK as on LTE modules, whose hosts close first of all",
    (_ID, Integer("timeout", 1, 120, optional=True)),
)
QISTATE = query_of_none(
    "+QISTATE", "Sockets: none is open, without a network", SOURCE, (_ID,), is_tcpip=True
)


def _source(context: Context) -> str:
    return SOURCE if context.profile.wireless is not None else packet.SOURCE


def _error_source(context: Context) -> str:
    return f"{_source(context)}; without quotation marks as in a capture of a BG770A"


QIGETERROR = Command(
    "+QIGETERROR",
    "How the last TCP/IP or TLS command ended",
    source=_error_source,
    test_text="",
)


@QIGETERROR.execute
def last_error(context: Context) -> str:
    """The number, and what it means."""
    errors = context.profile.errors
    number = tcpip_number(context.tcpip_error, errors)
    return f"+QIGETERROR: {number},{errors.words[str(number)]}"


ATO = Command("O", "Back to transparent mode: there is no connection to go back to", source=_source)


@ATO.execute
def _resume(_context: Context) -> None:
    raise AtError(code=ResultCode.NO_CARRIER)


COMMANDS = (
    QICFG,
    QIOPEN,
    QICLOSE,
    QISTATE,
    QISEND,
    QIRD,
    QIACCEPT,
    QISWTMD,
    QIGETERROR,
    ATO,
)
