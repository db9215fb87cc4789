"""The sockets of a device: twelve plain ones, and twelve with TLS, counted by themselves."""

from functools import partial

from quecsim.at.context import Context, network
from quecsim.at.results import AtError, Tcpip
from quecsim.at.spec import Integer
from quecsim.clients.socket import Socket
from quecsim.clients.socket_state import (
    MOST_SOCKETS,
    PLAIN,
    SECURE,
    Kind,
    Mode,
    Service,
    State,
)
from quecsim.commands.socket_config import socket_settings
from quecsim.profiles.schema import Sockets

SOCKET = Integer("connectID", high=MOST_SOCKETS - 1)


def sockets(context: Context) -> Sockets:
    """What the profile says of them."""
    assert context.profile.sockets is not None
    return context.profile.sockets


def socket_of(context: Context, kind: Kind, number: int) -> Socket:
    """Socket `number`, which is there from when it is needed first."""
    name = f"{kind.words} {number}"
    socket = context.clients.get(name)
    if socket is None:
        socket = context.clients[name] = Socket(
            kind,
            number,
            network(context),
            sockets(context),
            context.profile.errors,
            partial(socket_settings, context),
            partial(_vacant, context),
        )
    assert isinstance(socket, Socket)
    return socket


def used(context: Context, *kinds: Kind) -> list[Socket]:
    """Those of these kinds that are not free, by number."""
    known = (
        context.clients.get(f"{kind.words} {number}")
        for kind in kinds
        for number in range(MOST_SOCKETS)
    )
    return [one for one in known if isinstance(one, Socket) and one.state is not State.INITIAL]


def connected(context: Context, kind: Kind, number: int) -> Socket:
    """A socket whose connection is open and not transparent. Raises AtError for any other."""
    socket = socket_of(context, kind, number)
    if socket.state is State.CLOSING:
        raise AtError(tcpip=Tcpip.CLOSED)
    if socket.state is not State.CONNECTED or socket.mode is Mode.TRANSPARENT:
        raise AtError(tcpip=Tcpip.NOT_ALLOWED)
    return socket


def transparent(context: Context) -> Socket | None:
    """The one whose connection the serial line is, or may be again."""
    there = (State.OPENING, State.CONNECTED)
    for socket in used(context, PLAIN, SECURE):
        if socket.mode is Mode.TRANSPARENT and socket.state in there:
            return socket
    return None


def _vacant(context: Context, server: Socket) -> Socket | None:
    """A free socket for who calls `server`; None where it has as many callers as it may."""
    callers = [
        socket
        for socket in used(context, PLAIN)
        if socket.plan.service is Service.INCOMING and socket.plan.server == server.number
    ]
    if len(callers) >= server.plan.most_callers:
        return None
    taken = {socket.number for socket in used(context, PLAIN)}
    free = [number for number in range(MOST_SOCKETS) if number not in taken]
    if not free:
        return None
    is_lowest = sockets(context).incoming_ids == "lowest"
    return socket_of(context, PLAIN, free[0] if is_lowest else free[-1])
