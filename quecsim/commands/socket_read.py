"""Reading what a socket has received, in buffer mode."""

from quecsim.at.context import Context
from quecsim.at.effects import Info, Raw, Steps
from quecsim.at.results import AtError, Tcpip
from quecsim.at.spec import Command
from quecsim.clients.socket import Socket
from quecsim.clients.socket_state import Kind, Mode, State
from quecsim.clients.socket_voice import shown_data
from quecsim.commands.socket_config import socket_settings
from quecsim.commands.socket_table import socket_of

MOST_BYTES = 1500
_HAS_DATA = (State.CONNECTED, State.CLOSING)


def readable(context: Context, kind: Kind, number: int) -> Socket:
    """A socket from which can be read, also behind the end of its connection. Raises AtError."""
    socket = socket_of(context, kind, number)
    if socket.state not in _HAS_DATA or socket.mode is not Mode.BUFFER:
        raise AtError(tcpip=Tcpip.NOT_ALLOWED)
    return socket


def read_data(context: Context, command: Command, socket: Socket, most: int) -> Steps:
    """AT+QIRD and AT+QSSLRECV: the length, and behind it the data as they are."""
    data, source = socket.fetch(most)
    settings = socket_settings(context)
    shown = shown_data(data, is_hex=settings.is_hex)
    where = "" if source is None else f',"{source[0]}",{source[1]}'
    head = f"{command.name}: {len(data)}{where}"
    if not data:
        yield Info(f"{command.name}: 0")
    elif settings.header_end == ",":
        yield Info(f"{head},{shown.decode('latin-1')}")
    else:
        yield Info(head)
        yield Raw(shown)
