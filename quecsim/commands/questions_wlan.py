"""Questions that the Wi-Fi modules ask the network: +QPING, +QIDNSGIP, +QNTP."""

from quecsim.at.context import Context
from quecsim.at.effects import Steps
from quecsim.at.results import AtError
from quecsim.at.spec import Command, Integer, Text
from quecsim.at.wlan import LINKS
from quecsim.commands.questions import NTP_PORT, ask_time, ping, questions, resolve
from quecsim.commands.wlan import SOURCE

QPING = Command(
    "+QPING",
    "Ping a host",
    SOURCE,
    (
        Text("host", needs_quotes=True),
        Integer("timeout", 1, 255, default=4, optional=True),
        Integer("pingnum", 1, 10, default=4, optional=True),
    ),
    is_tcpip=True,
)


@QPING.write
def _ping(context: Context, host: str, timeout_s: int, count: int) -> Steps:
    if not host:
        raise AtError
    yield from ping(context, QPING.name, LINKS, host, timeout_s, count)


QIDNSGIP = Command(
    "+QIDNSGIP", "Resolve a name", SOURCE, (Text("hostname", needs_quotes=True),), is_tcpip=True
)


@QIDNSGIP.write
def _resolve(context: Context, host: str) -> Steps:
    if not host:
        raise AtError
    yield from resolve(context, QIDNSGIP.name, LINKS, host)


QNTP = Command(
    "+QNTP",
    "Ask a server for the time, and set the clock by it; without parameters, the usual server",
    SOURCE,
    (
        Text("server", max_bytes=50),
        Integer("port", 1, 65_535, default=NTP_PORT, optional=True),
        Integer("auto_set_time", allowed=(0, 1), optional=True),
    ),
    test_text='+QNTP: "<server>"[,<port>[,(0,1)]]',
    is_tcpip=True,
)


@QNTP.write
def _ask_time(context: Context, host: str, port: int, sets: int | None) -> Steps:
    if not host:
        raise AtError
    sets_clock = questions(context).ntp_sets_clock if sets is None else sets == 1
    yield from ask_time(context, QNTP.name, LINKS, host, port, sets_clock=sets_clock)


@QNTP.execute
def _ask_usual(context: Context) -> Steps:
    own = questions(context)
    usual = (own.ntp_server, NTP_PORT)
    yield from ask_time(context, QNTP.name, LINKS, *usual, sets_clock=own.ntp_sets_clock)


COMMANDS = (QPING, QIDNSGIP, QNTP)
