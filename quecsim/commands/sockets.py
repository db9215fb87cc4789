"""Sockets of the LTE modules: +QICFG to +QISWTMD, +QISDE, +QIGETERROR."""

from quecsim.at.context import Context
from quecsim.at.effects import Steps
from quecsim.at.spec import Choice, Command, Integer, Text
from quecsim.at.stored import stored_command
from quecsim.clients.socket_state import MOST_SOCKETS, PLAIN, Mode, Plan, Service
from quecsim.commands.packet import CONTEXT, SOURCE
from quecsim.commands.socket_commands import (
    accept_command,
    close_command,
    hex_command,
    mode_command,
    read_command,
    send_command,
)
from quecsim.commands.socket_config import LTE_QICFG
from quecsim.commands.socket_open import SERVICES, open_socket
from quecsim.commands.socket_query import states
from quecsim.commands.socket_settings import QIGETERROR
from quecsim.commands.socket_table import SOCKET

_CAPTURED = f"{SOURCE}; its test reply as in a capture of a BG770A"
_CALLERS = Integer("tcp_client_maxnum", high=MOST_SOCKETS - 1, optional=True)
_TIMEOUT = Integer("connect_timeout", 10, 150, optional=True)

QIOPEN = Command(
    "+QIOPEN",
    "Open a socket",
    _CAPTURED,
    (
        CONTEXT,
        SOCKET,
        Choice("service_type", SERVICES),
        Text("host", needs_quotes=True),
        Integer("port", high=65_535),
        Integer("local_port", high=65_535, optional=True),
        Integer("access_mode", high=2, optional=True),
        _CALLERS,
        _TIMEOUT,
    ),
    test_text=lambda context: (
        f'+QIOPEN: {CONTEXT.describe(context)},(0-11),"{"/".join(SERVICES)}",'
        '"<IP_address>/<domain_name>",<remote_port>,<local_port>,(0-2)'
    ),
    is_tcpip=True,
)


@QIOPEN.write
def _open(
    context: Context,
    cid: int,
    number: int,
    service: str,
    host: str,
    port: int,
    local_port: int | None,
    mode: int | None,
    callers: int | None,
    timeout_s: int | None,
) -> Steps:
    plan = Plan(
        Service(service),
        host,
        port,
        local_port or 0,
        Mode(mode or 0),
        cid,
        timeout_s=timeout_s,
        most_callers=MOST_SOCKETS if callers is None else callers,
    )
    return open_socket(context, PLAIN, number, plan)


_OF_CONTEXT = 0
QISTATE = Command(
    "+QISTATE",
    "Sockets that are not free: all, those of a packet context (0), or one of them (1)",
    SOURCE,
    (Integer("query_type", allowed=(0, 1)), Integer("ID", high=15)),
    test_text="",
    is_tcpip=True,
)


@QISTATE.read
@QISTATE.execute
def _all(context: Context) -> list[str]:
    return states(context, QISTATE.name, PLAIN)


@QISTATE.write
def _some(context: Context, kind: int, wanted: int) -> list[str]:
    return states(
        context,
        QISTATE.name,
        PLAIN,
        lambda socket: wanted == (socket.plan.context if kind == _OF_CONTEXT else socket.number),
    )


COMMANDS = (
    LTE_QICFG,
    QIOPEN,
    close_command(
        f"{_CAPTURED}; hosts close first of all", Integer("timeout", high=65_535, optional=True)
    ),
    QISTATE,
    send_command(
        _CAPTURED, Integer("remote_port", high=65_535, optional=True), "+QISEND: (0-11),(0-1460)"
    ),
    hex_command(SOURCE),
    read_command(_CAPTURED),
    accept_command(f"{SOURCE} has a setting by which calls wait, and no command for them"),
    mode_command(SOURCE),
    stored_command(
        "+QISDE",
        "Echo of the data behind AT+QISEND: 0 off, 1 on",
        SOURCE,
        (Integer("echo", allowed=(0, 1)),),
        (1,),
    ),
    QIGETERROR,
)
