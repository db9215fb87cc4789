"""Sockets of the Wi-Fi modules: +QICFG to +QISWTMD, +QIGETERROR, ATO."""

from quecsim.at.context import Context
from quecsim.at.effects import Steps
from quecsim.at.results import tcpip_number
from quecsim.at.spec import Choice, Command, Integer, Text
from quecsim.clients.socket_state import PLAIN, Mode, Plan, Service
from quecsim.commands import packet
from quecsim.commands.socket_commands import (
    accept_command,
    close_command,
    mode_command,
    read_command,
    send_command,
)
from quecsim.commands.socket_config import WLAN_QICFG
from quecsim.commands.socket_online import back_on_line
from quecsim.commands.socket_open import SERVICES, open_socket
from quecsim.commands.socket_query import states
from quecsim.commands.socket_table import SOCKET
from quecsim.commands.wlan import SOURCE

QIOPEN = Command(
    "+QIOPEN",
    "Open a socket",
    SOURCE,
    (
        SOCKET,
        Choice("service_type", SERVICES),
        Text("host", needs_quotes=True),
        Integer("remote_port", high=65_535),
        Integer("local_port", high=65_535, optional=True),
        Integer("access_mode", high=2, optional=True),
        Integer("ap_priority", allowed=(0, 1), optional=True),
    ),
    test_text=f'+QIOPEN: (0-11),"{"/".join(SERVICES)}",<IP_address>/<domain_name>,'
    "(0-65535),(1-65535),(0-2),(0,1)",
    is_tcpip=True,
)


@QIOPEN.write
def _open(
    context: Context,
    number: int,
    service: str,
    host: str,
    port: int,
    local_port: int | None,
    mode: int | None,
    ap_priority: int | None,  # noqa: ARG001 - there is one address here
) -> Steps:
    plan = Plan(Service(service), host, port, local_port or 0, Mode(mode or 0))
    return open_socket(context, PLAIN, number, plan)


QISTATE = Command("+QISTATE", "Sockets that are not free", SOURCE, (SOCKET,), test_text="")
QISTATE.is_tcpip = True


@QISTATE.read
@QISTATE.execute
def _all(context: Context) -> list[str]:
    return states(context, QISTATE.name, PLAIN)


@QISTATE.write
def _one(context: Context, number: int) -> list[str]:
    return states(context, QISTATE.name, PLAIN, lambda socket: socket.number == number)


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


ATO = Command("O", "Back to transparent mode", source=_source)


@ATO.execute
def _resume(context: Context) -> Steps:
    return back_on_line(context)


COMMANDS = (
    WLAN_QICFG,
    QIOPEN,
    close_command(SOURCE, Integer("timeout", 1, 120, optional=True)),
    QISTATE,
    send_command(SOURCE, Integer("remote_port", 1, 65_535, optional=True)),
    read_command(SOURCE),
    accept_command(SOURCE),
    mode_command(SOURCE),
    QIGETERROR,
    ATO,
)
