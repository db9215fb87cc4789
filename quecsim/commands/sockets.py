"""Sockets of the LTE modules, as far as they answer without a network: +QICFG, +QIGETERROR."""

from quecsim.at.keyed import Setting, settings_command
from quecsim.at.spec import Choice, Integer, Key, Text
from quecsim.at.stored import stored_command
from quecsim.commands.packet import CONTEXT, SOURCE
from quecsim.commands.socket_settings import QIGETERROR
from quecsim.commands.unreachable import close_command, query_of_none, tcpip_command

_CAPTURED = f"{SOURCE}; its test reply as in a capture of a BG770A"
_SERVICES = ("TCP", "UDP", "TCP LISTENER", "UDP SERVICE")
_ID = Integer("connectID", high=11)
_HOST = Text("host", needs_quotes=True)
_PORT = Integer("port", high=65_535)


def _switch(name: str) -> Integer:
    return Integer(name, allowed=(0, 1))


def _setting(name: str, *params: Integer, initial: tuple[int, ...]) -> Setting:
    return Setting(Key(name, params), initial, lasts="restart")


QICFG = settings_command(
    "+QICFG",
    "Settings of all sockets",
    f"{SOURCE}; published replies of AT+QICFG=? of LTE modules",
    (
        _setting("transpktsize", Integer("transpktsize", 1, 1460), initial=(1024,)),
        _setting("transwaittm", Integer("transwaittm", high=20), initial=(2,)),
        _setting("dataformat", _switch("send_data_format"), _switch("recv_data_format"),
                 initial=(0, 0)),
        _setting("viewmode", _switch("view_mode"), initial=(0,)),
        _setting("tcp/retranscfg", Integer("max_backoffs", 3, 20), Integer("max_rto", 5, 1000),
                 initial=(12, 60)),
        _setting("dns/cache", _switch("dns_cache"), initial=(1,)),
        _setting("qisend/timeout", Integer("send_timeout", high=3600), initial=(5,)),
        _setting("passiveclosed", _switch("passive_closed"), initial=(0,)),
        _setting("udp/readmode", _switch("udp_read_mode"), initial=(0,)),
        _setting("udp/sendmode", _switch("udp_send_mode"), initial=(0,)),
        _setting("tcp/accept", _switch("auto_accept"), initial=(1,)),
        _setting("recvind", _switch("recv_ind"), initial=(0,)),
        Setting(
            Key(
                "tcp/keepalive",
                (
                    _switch("enable"),
                    Integer("idle_time", 1, 1800, optional=True),
                    Integer("interval_time", 25, 100, optional=True),
                    Integer("probe_cnt", 3, 10, optional=True),
                ),
            ),
            (0, 120, 75, 9),
            hides_off=True,
            lasts="restart",
        ),
        _setting("recv/buffersize", Integer("buffer_size", 10_240, 524_288), initial=(10_240,)),
    ),
)  # fmt: skip
QICFG.is_tcpip = True

QISTATE = query_of_none(
    "+QISTATE",
    "Sockets: none is open, without a network",
    SOURCE,
    (Integer("query_type", allowed=(0, 1)), Integer("ID", high=15)),
    is_tcpip=True,
)

COMMANDS = (
    QICFG,
    tcpip_command(
        "+QIOPEN",
        "Open a socket: refused, without a network",
        _CAPTURED,
        (
            CONTEXT,
            _ID,
            Choice("service_type", _SERVICES),
            _HOST,
            _PORT,
            Integer("local_port", high=65_535, optional=True),
            Integer("access_mode", high=2, optional=True),
        ),
        lambda context: (
            f'+QIOPEN: {CONTEXT.describe(context)},(0-11),"{"/".join(_SERVICES)}",'
            '"<IP_address>/<domain_name>",<remote_port>,<local_port>,(0-2)'
        ),
    ),
    close_command(
        "+QICLOSE",
        "Close a socket; OK also where it is not open",
        f"{_CAPTURED}; hosts close first of all",
        (_ID, Integer("timeout", high=65_535, optional=True)),
    ),
    QISTATE,
    tcpip_command(
        "+QISEND",
        "Send by a socket: refused, since none is open",
        _CAPTURED,
        (
            _ID,
            Integer("send_length", high=1460, optional=True),
            Text("remoteIP", optional=True),
            Integer("remote_port", high=65_535, optional=True),
        ),
        "+QISEND: (0-11),(0-1460)",
    ),
    tcpip_command(
        "+QIRD",
        "Read what a socket has received: refused, since none is open",
        _CAPTURED,
        (_ID, Integer("read_length", high=1500, optional=True)),
    ),
    tcpip_command(
        "+QISWTMD",
        "How a socket hands over its data: refused, since none is open",
        SOURCE,
        (_ID, Integer("access_mode", high=2)),
    ),
    stored_command(
        "+QISDE",
        "Echo of the data behind AT+QISEND: 0 off, 1 on",
        SOURCE,
        (_switch("echo"),),
        (1,),
    ),
    QIGETERROR,
)
