"""Transparent mode: the serial line is the connection of one socket, until `+++`, the host's DTR or
the connection's end; and ATO, which goes back to it.
"""

from collections.abc import Generator
from typing import Any

from quecsim.at.context import Context, network
from quecsim.at.effects import (
    AwaitNews,
    CloseData,
    Connect,
    DataEndWhy,
    Discard,
    Effect,
    Forward,
    OpenData,
    Raw,
    Spawn,
    Steps,
    Take,
)
from quecsim.at.results import AtError, ResultCode, Tcpip
from quecsim.clients.socket import Socket
from quecsim.clients.socket_state import State
from quecsim.clients.stream import wait
from quecsim.commands.socket_config import socket_value
from quecsim.commands.socket_table import sockets, transparent
from quecsim.units import ms

_DOWN_BYTES = 1024  # at once to the transmitter
_TENTH_MS = 100  # the unit of transwaittm
_LEAST_MS = 1  # of a transwaittm of 0: bytes that follow one another are one packet


def on_line(context: Context, socket: Socket) -> Steps:
    """CONNECT, and data both ways. Raises AtError with NO CARRIER where the connection ended it."""
    session = socket.go_on_line()
    if not (yield Spawn(_down(socket, session), f"the way down of {socket.name}")):
        socket.go_off_line()
        raise AtError(tcpip=Tcpip.BUSY)
    yield Connect()
    yield OpenData(
        socket.kind.opens,
        socket.name,
        0,
        ack=False,
        timeout_ns=None,
        is_idle_timer=True,
        ends_on_dtr=sockets(context).dtr_ends and context.settings.dtr == 1,
        carrier=socket.name,
    )
    # It may have ended while CONNECT waited for the host.
    network(context).wake(socket.down_name)
    end = yield from _up(context, socket)
    socket.go_off_line()
    yield CloseData(end, "")
    if end is DataEndWhy.CARRIER:
        raise AtError(code=ResultCode.NO_CARRIER, tcpip=Tcpip.CLOSED)


def _up(context: Context, socket: Socket) -> Generator[Effect, Any, DataEndWhy]:
    """From the host to the other side: in packets, as far as that takes them."""
    size = socket_value(context, "transpktsize")
    gather_ns = ms(max(_LEAST_MS, _TENTH_MS * socket_value(context, "transwaittm")))
    doing = f"{socket.name} was waiting for the other side to take more"
    while True:
        yield from wait(
            network(context),
            socket.name,
            lambda: socket.room_bytes >= size or socket.state is not State.CONNECTED,
            doing,
            None,
        )
        taken = yield Take(size, gather_ns=gather_ns)
        if not taken.data:
            pass
        elif socket.state is State.CONNECTED:
            yield Forward(f"the connection of {socket.name}", taken.data)
            socket.send(taken.data)
        else:
            yield Discard(taken.data, "their connection was gone")
        if taken.end is not None:
            end: DataEndWhy = taken.end
            return end


def _down(socket: Socket, session: int) -> Steps:
    """From the other side to the host, as far as the line takes it."""
    while socket.session == session:
        data = socket.take_down(_DOWN_BYTES)
        if data:
            yield Raw(data)
            socket.has_gone_down(len(data))
        else:
            yield AwaitNews(socket.down_name, "nothing came for the host")


def back_on_line(context: Context) -> Steps:
    """ATO. Raises AtError with NO CARRIER where there is no connection to go back to."""
    socket = transparent(context)
    if socket is None:
        raise AtError(code=ResultCode.NO_CARRIER)
    yield from on_line(context, socket)
