"""Closing a socket: the command line waits until the other side knows, or for a time."""

from quecsim.at.context import Context, network
from quecsim.at.effects import Steps
from quecsim.at.results import AtError, Tcpip
from quecsim.at.spec import Command
from quecsim.clients.socket import Socket
from quecsim.clients.socket_state import Kind, State
from quecsim.clients.stream import wait
from quecsim.commands.socket_config import socket_settings
from quecsim.commands.socket_table import socket_of, sockets
from quecsim.units import s

DEFAULT_S = 10


def close_socket(context: Context, command: Command, kind: Kind, number: int, time_s: int) -> Steps:
    """AT+QICLOSE and AT+QSSLCLOSE, which may take `time_s`. Raises AtError where it is not open,
    on a device that makes an error of that.
    """
    socket = socket_of(context, kind, number)
    is_free = socket.state is State.INITIAL
    is_accepted = not is_free or sockets(context).unused_close == "ok"
    network(context).asked(socket, command.name, is_accepted=is_accepted)
    if not is_accepted:
        raise AtError(tcpip=Tcpip.NOT_ALLOWED)
    if not time_s:
        socket.abort()
    elif socket.close() and not socket_settings(context).is_late:
        yield from _until_free(context, socket, time_s)


def _until_free(context: Context, socket: Socket, time_s: int) -> Steps:
    yield from wait(
        network(context),
        socket.name,
        lambda: socket.state is State.INITIAL,
        f"it was closing {socket.name}",
        s(time_s),
    )
    socket.abort()
