"""Opening a socket: at once for the host, whose result comes later; or until CONNECT."""

from collections.abc import Generator
from typing import Any

from quecsim.at.activation import ensure
from quecsim.at.context import Context, network
from quecsim.at.effects import Effect, Spawn, Steps
from quecsim.at.network import Trouble
from quecsim.at.results import AtError, Tcpip
from quecsim.border import Why
from quecsim.clients.socket import Socket
from quecsim.clients.socket_state import (
    HAS_DATAGRAMS,
    IS_CALLED,
    PLAIN,
    Kind,
    Mode,
    Plan,
    Service,
    State,
)
from quecsim.clients.stream import wait
from quecsim.commands.socket_online import on_line
from quecsim.commands.socket_table import socket_of, sockets, transparent, used
from quecsim.commands.tls_wish import tls_wish

_TOO_MUCH = Trouble(Why.UNREACHABLE, "the device does too much at once")


def open_socket(context: Context, kind: Kind, number: int, plan: Plan) -> Steps:
    """AT+QIOPEN and AT+QSSLOPEN. Raises AtError for what cannot be."""
    _check(plan)
    socket = socket_of(context, kind, number)
    error = yield from _refusal(context, socket, plan)
    where = (plan.host, plan.port)
    is_accepted = error is Tcpip.NONE
    network(context).asked(socket, kind.opens, where, is_accepted=is_accepted)
    if is_accepted:
        yield from _begin(context, socket, plan)
    elif error is Tcpip.NOT_ALLOWED or plan.mode is Mode.TRANSPARENT:
        raise AtError(tcpip=error)
    else:
        socket.refuse(error)


def _check(plan: Plan) -> None:
    if plan.service in IS_CALLED and (plan.mode is Mode.TRANSPARENT or not plan.local_port):
        raise AtError
    if plan.service not in IS_CALLED and not plan.host:
        raise AtError


def _refusal(context: Context, socket: Socket, plan: Plan) -> Generator[Effect, Any, Tcpip]:
    """Why it cannot even begin; NONE where it can."""
    if sockets(context).offline == "error":
        error = yield from ensure(context, plan.context)
        if error is not Tcpip.NONE:
            return Tcpip.NOT_ALLOWED
    if plan.mode is Mode.TRANSPARENT and transparent(context) is not None:
        return Tcpip.NOT_ALLOWED
    if socket.state is not State.INITIAL:
        return Tcpip.IDENTITY_USED
    return Tcpip.BIND_FAILED if _is_taken(context, plan) else Tcpip.NONE


def _is_taken(context: Context, plan: Plan) -> bool:
    """Another socket is called at that port already."""
    return plan.service in IS_CALLED and any(
        other.plan.service in IS_CALLED
        and other.local_port == plan.local_port
        and (other.plan.service in HAS_DATAGRAMS) == (plan.service in HAS_DATAGRAMS)
        for other in used(context, PLAIN)
    )


def _begin(context: Context, socket: Socket, plan: Plan) -> Steps:
    attempt = socket.begin_open(plan)
    if plan.mode is not Mode.TRANSPARENT:
        if not (yield Spawn(_opening(context, socket, attempt), f"opening {socket.name}")):
            socket.give_up(attempt, _TOO_MUCH)
        return
    yield from _opening(context, socket, attempt)
    yield from wait(
        network(context),
        socket.name,
        lambda: socket.state is not State.OPENING,
        f"it was waiting for {plan.host}:{plan.port} to answer",
        None,
    )
    if socket.state is State.INITIAL:
        raise AtError(tcpip=socket.cause())
    try:
        yield from on_line(context, socket)
    except AtError as error:
        if error.tcpip is Tcpip.BUSY:  # the host has ERROR: there is no socket for it
            socket.abort()
        raise


def _opening(context: Context, socket: Socket, attempt: int) -> Steps:
    """What the connection needs of the storage is read from the files as they are now."""
    plan = socket.plan
    error = yield from ensure(context, plan.context)
    if error is not Tcpip.NONE:
        what = f"packet context {plan.context} is not up" if plan.context else "no Wi-Fi"
        socket.give_up(attempt, Trouble(Why.UNREACHABLE, what))
        return
    tls = None
    if plan.tls is not None:
        tls = yield from tls_wish(context, plan.tls)
    socket.open(attempt, tls)


SERVICES = tuple(
    service.value for service in (Service.TCP, Service.UDP, Service.LISTENER, Service.DATAGRAMS)
)
"""What AT+QIOPEN opens."""
