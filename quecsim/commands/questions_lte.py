"""Questions that the LTE modules ask the network: +QPING, +QNTP, +QIDNSGIP."""

from quecsim.at.context import Context
from quecsim.at.effects import Steps
from quecsim.at.results import AtError
from quecsim.at.spec import Command, Integer, Text
from quecsim.commands.packet import CONTEXT, SOURCE
from quecsim.commands.questions import NTP_PORT, ask_time, ping, questions, resolve

_CAPTURED = f"{SOURCE}; its test reply as in a capture of a BG770A"

QPING = Command(
    "+QPING",
    "Ping a host",
    _CAPTURED,
    (
        CONTEXT,
        Text("host", needs_quotes=True),
        Integer("timeout", 1, 255, default=4, optional=True),
        Integer("pingnum", 1, 10, default=4, optional=True),
    ),
    is_tcpip=True,
)


@QPING.write
def _ping(context: Context, number: int, host: str, timeout_s: int, count: int) -> Steps:
    if not host:
        raise AtError
    yield from ping(context, QPING.name, number, host, timeout_s, count)


QNTP = Command(
    "+QNTP",
    "Ask a server for the time, and set the clock by it",
    f"{_CAPTURED}; what it says as in logs of an EG800K",
    (
        CONTEXT,
        Text("server", needs_quotes=True),
        Integer("port", 1, 65_535, default=NTP_PORT, optional=True),
        Integer("autosettime", allowed=(0, 1), optional=True),
    ),
    is_tcpip=True,
)


@QNTP.write
def _ask_time(context: Context, number: int, host: str, port: int, sets: int | None) -> Steps:
    if not host:
        raise AtError
    sets_clock = questions(context).ntp_sets_clock if sets is None else sets == 1
    yield from ask_time(context, QNTP.name, number, host, port, sets_clock=sets_clock)


QIDNSGIP = Command(
    "+QIDNSGIP",
    "Resolve a name",
    f"{_CAPTURED}; what it says as in logs of an EG800K",
    (CONTEXT, Text("hostname", needs_quotes=True)),
    is_tcpip=True,
)


@QIDNSGIP.write
def _resolve(context: Context, number: int, host: str) -> Steps:
    if not host:
        raise AtError
    yield from resolve(context, QIDNSGIP.name, number, host)


COMMANDS = (QPING, QNTP, QIDNSGIP)
