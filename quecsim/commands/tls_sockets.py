"""Sockets with TLS in both families: +QSSLOPEN, +QSSLSEND, +QSSLRECV, +QSSLCLOSE, +QSSLSTATE."""

from quecsim.at.asking import typed
from quecsim.at.context import Context, network
from quecsim.at.effects import Steps
from quecsim.at.results import AtError
from quecsim.at.spec import Command, Integer, Param, Text
from quecsim.clients.socket_state import MOST_SOCKETS, SECURE, Mode, Plan, Service
from quecsim.commands import socket_read, tls_slots
from quecsim.commands.packet import CONTEXT
from quecsim.commands.socket_close import DEFAULT_S, close_socket
from quecsim.commands.socket_open import open_socket
from quecsim.commands.socket_query import states
from quecsim.commands.socket_read import read_data, readable
from quecsim.commands.socket_send import MOST_BYTES, send_typed
from quecsim.commands.socket_table import connected, socket_of
from quecsim.commands.tls import CONTEXT as TLS_CONTEXT
from quecsim.commands.tls import QSSLCFG as WLAN_QSSLCFG
from quecsim.commands.tls_lte import QSSLCFG as LTE_QSSLCFG
from quecsim.commands.wlan import SOURCE

_CAPTURED = "a capture of a BG770A"
_CLOSE_FIRST = "hosts close first of all"
_OF_TLS_CONTEXT = 0


def _opened(
    context: Context,
    number: int,
    host: str,
    port: int,
    mode: int | None,
    contexts: tuple[int, int],
) -> Steps:
    cid, tls = contexts
    plan = Plan(Service.TLS, host, port, 0, Mode(mode or 0), cid, tls)
    return open_socket(context, SECURE, number, plan)


_MODE = Integer("access_mode", high=2, optional=True)


def _server(name: str) -> tuple[Param, ...]:
    return (Text(name, needs_quotes=True), Integer("server_port", high=65_535), _MODE)


def _wlan_open(socket: Integer) -> Command:
    command = Command(
        "+QSSLOPEN",
        "Open a socket with TLS",
        SOURCE,
        (TLS_CONTEXT, socket, *_server("server_address")),
        test_text="+QSSLOPEN: (0-5),(0-11),<server_address>,<server_port>,(0-2)",
        is_tcpip=True,
    )

    @command.write
    def _open(
        context: Context, tls: int, number: int, host: str, port: int, mode: int | None
    ) -> Steps:
        return _opened(context, number, host, port, mode, (0, tls))

    return command


def _lte_open(socket: Integer) -> Command:
    command = Command(
        "+QSSLOPEN",
        "Open a socket with TLS",
        _CAPTURED,
        (CONTEXT, TLS_CONTEXT, socket, *_server("serveraddr")),
        test_text=lambda context: (
            f"+QSSLOPEN: {CONTEXT.describe(context)},(0-5),(0-11),<serveraddr>,<server_port>,(0-2)"
        ),
        is_tcpip=True,
    )

    @command.write
    def _open(
        context: Context, cid: int, tls: int, number: int, host: str, port: int, mode: int | None
    ) -> Steps:
        return _opened(context, number, host, port, mode, (cid, tls))

    return command


def _send(socket: Integer, source: str, test_text: str | None) -> Command:
    command = Command(
        "+QSSLSEND",
        "Send by a socket with TLS, behind `> `",
        source,
        (socket, Integer("send_length", 1, MOST_BYTES, optional=True)),
        test_text=test_text,
        is_tcpip=True,
    )

    command.asks(typed("data for a socket", 1))

    @command.write
    def _send(context: Context, number: int, size: int | None) -> Steps:
        try:
            sender = connected(context, SECURE, number)
        except AtError:
            there = socket_of(context, SECURE, number)
            network(context).asked(there, command.name, is_accepted=False)
            raise
        return send_typed(context, command, sender, size, None)

    return command


def _receive(socket: Integer, source: str) -> Command:
    command = Command(
        "+QSSLRECV",
        "Read what a socket with TLS has received",
        source,
        (socket, Integer("read_length", 1, socket_read.MOST_BYTES)),
        is_tcpip=True,
    )

    @command.write
    def _read(context: Context, number: int, most: int) -> Steps:
        return read_data(context, command, readable(context, SECURE, number), most)

    return command


def _close(socket: Integer, source: str) -> Command:
    command = Command(
        "+QSSLCLOSE",
        "Close a socket with TLS",
        f"{source}; {_CLOSE_FIRST}",
        (socket, Integer("close_timeout", high=65_535, optional=True)),
        is_tcpip=True,
    )

    @command.write
    def _close(context: Context, number: int, time_s: int | None) -> Steps:
        given_s = DEFAULT_S if time_s is None else time_s
        return close_socket(context, command, SECURE, number, given_s)

    return command


def _state(socket: Integer, source: str) -> Command:
    command = Command(
        "+QSSLSTATE",
        "Sockets with TLS that are not free: all, those of a TLS context (0), or one of them (1)",
        source,
        (Integer("query_type", allowed=(0, 1)), socket),
        test_text="",
        is_tcpip=True,
    )

    @command.read
    @command.execute
    def _all(context: Context) -> list[str]:
        return states(context, command.name, SECURE)

    @command.write
    def _some(context: Context, kind: int, wanted: int) -> list[str]:
        return states(
            context,
            command.name,
            SECURE,
            lambda one: wanted == (one.plan.tls if kind == _OF_TLS_CONTEXT else one.number),
        )

    return command


def _family(
    qsslcfg: Command, qsslopen: Command, socket: Integer, source: str, test_text: str | None
) -> tuple[Command, ...]:
    return (
        qsslcfg,
        qsslopen,
        _send(socket, source, test_text),
        _receive(socket, source),
        _close(socket, source),
        _state(socket, source),
    )


_WLAN_SOCKET = Integer("connectID", high=MOST_SOCKETS - 1)
_LTE_SOCKET = Integer("clientID", high=MOST_SOCKETS - 1)
WLAN = _family(WLAN_QSSLCFG, _wlan_open(_WLAN_SOCKET), _WLAN_SOCKET, SOURCE, None)
SLOTS = (
    *_family(tls_slots.QSSLCFG, _wlan_open(_WLAN_SOCKET), _WLAN_SOCKET, SOURCE, None),
    *tls_slots.COMMANDS,
)
LTE = _family(
    LTE_QSSLCFG, _lte_open(_LTE_SOCKET), _LTE_SOCKET, _CAPTURED, "+QSSLSEND: (0-11)[,(1-1460)]"
)
