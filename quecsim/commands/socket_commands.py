"""The commands of plain sockets that both families have, each with the parameters of its family."""

from quecsim.at.asking import typed
from quecsim.at.context import Context, network
from quecsim.at.effects import Info, Steps
from quecsim.at.results import AtError, Tcpip
from quecsim.at.spec import Command, Integer, Param, Text
from quecsim.clients.socket import Socket
from quecsim.clients.socket_state import PLAIN, Mode, Service, State
from quecsim.clients.url import is_address
from quecsim.commands import socket_read
from quecsim.commands.socket_close import DEFAULT_S, close_socket
from quecsim.commands.socket_online import on_line
from quecsim.commands.socket_read import read_data, readable
from quecsim.commands.socket_send import MOST_BYTES, hex_bytes, send, send_typed
from quecsim.commands.socket_table import SOCKET, connected, socket_of, transparent

Source = str

LENGTH = Integer("send_length", high=MOST_BYTES, optional=True)
READ_LENGTH = Integer("read_length", high=socket_read.MOST_BYTES, optional=True)
_SERVED = (Service.LISTENER, Service.DATAGRAMS)


def close_command(source: Source, timeout: Integer) -> Command:
    """+QICLOSE."""
    command = Command("+QICLOSE", "Close a socket", source, (SOCKET, timeout), is_tcpip=True)

    @command.write
    def _close(context: Context, number: int, time_s: int | None) -> Steps:
        given_s = DEFAULT_S if time_s is None else time_s
        return close_socket(context, command, PLAIN, number, given_s)

    return command


def send_command(source: Source, port: Integer, test_text: str | None = None) -> Command:
    """+QISEND."""
    params: tuple[Param, ...] = (SOCKET, LENGTH, Text("remoteIP", optional=True), port)
    title = "Send by a socket, behind `> `; with a length of 0, how much was sent"
    command = Command("+QISEND", title, source, params, test_text=test_text, is_tcpip=True)
    command.asks(typed("data for a socket", 1))

    @command.write
    def _send(
        context: Context, number: int, size: int | None, host: str | None, port: int | None
    ) -> Steps:
        if size == 0 and host is None and port is None:
            yield Info(f"+QISEND: {_sent(context, number)}")
            return
        socket = _sender(context, command, number)
        is_service = socket.plan.service is Service.DATAGRAMS
        if (host is not None or port is not None) != is_service:
            raise AtError
        to = None
        if is_service:
            if not size or not host or not port or not is_address(host):
                raise AtError
            to = (host, port)
        yield from send_typed(context, command, socket, size, to)

    return command


def hex_command(source: Source) -> Command:
    """+QISENDEX."""
    command = Command(
        "+QISENDEX",
        "Send pairs of digits by a socket",
        source,
        (SOCKET, Text("hex_string", max_bytes=1024)),
        is_tcpip=True,
    )

    @command.write
    def _send(context: Context, number: int, text: str) -> Steps:
        socket = _sender(context, command, number)
        if socket.plan.service is Service.DATAGRAMS or not text:
            raise AtError
        return send(context, command, socket, hex_bytes(text), None)

    return command


def read_command(source: Source) -> Command:
    """+QIRD."""
    title = "Read what a socket has received; with a length of 0, how much that is"
    command = Command("+QIRD", title, source, (SOCKET, READ_LENGTH), is_tcpip=True)

    @command.write
    def _read(context: Context, number: int, most: int | None) -> Steps:
        if most == 0:
            inbox = _there(context, number).inbox
            yield Info(f"+QIRD: {inbox.total},{inbox.read},{inbox.unread}")
            return
        socket = readable(context, PLAIN, number)
        yield from read_data(context, command, socket, most or socket_read.MOST_BYTES)

    return command


def mode_command(source: Source) -> Command:
    """+QISWTMD."""
    command = Command(
        "+QISWTMD",
        "How a socket hands over its data: 0 buffer, 1 direct push, 2 transparent mode",
        source,
        (SOCKET, Integer("access_mode", high=2)),
        is_tcpip=True,
    )

    @command.write
    def _switch(context: Context, number: int, value: int) -> Steps:
        socket = _there(context, number)
        mode, other = Mode(value), transparent(context)
        is_taken = mode is Mode.TRANSPARENT and other not in (None, socket)
        if socket.plan.service in _SERVED or is_taken:
            raise AtError(tcpip=Tcpip.NOT_ALLOWED)
        if socket.state is not State.CONNECTED:
            raise AtError(tcpip=Tcpip.CLOSED)
        socket.switch(mode)
        if mode is Mode.TRANSPARENT:
            yield from on_line(context, socket)

    return command


def accept_command(source: Source) -> Command:
    """+QIACCEPT."""
    command = Command(
        "+QIACCEPT",
        "Take up (1) the call that waits for a listening socket, or not (0)",
        source,
        (
            Integer("listener_socketID", high=SOCKET.high),
            Integer("accept", allowed=(0, 1)),
            Integer("incoming_socketID", high=SOCKET.high, optional=True),
        ),
        is_tcpip=True,
    )

    @command.write
    def _answer(context: Context, number: int, accept: int, wanted: int | None) -> str | None:
        listener = socket_of(context, PLAIN, number)
        if not listener.pending:
            raise AtError(tcpip=Tcpip.NOT_ALLOWED)
        if not accept:
            listener.turn_away()
            return None
        taker = listener.vacant() if wanted is None else socket_of(context, PLAIN, wanted)
        if taker is None or not network(context).has_room:
            raise AtError(tcpip=Tcpip.NO_MEMORY)
        if taker.state is not State.INITIAL:
            raise AtError(tcpip=Tcpip.IDENTITY_USED)
        call = listener.answer(taker)
        return f'+QIACCEPT: {taker.number},"{call.address}",{call.port}'

    return command


def _there(context: Context, number: int) -> Socket:
    """A socket that is open, or has lost its connection. Raises AtError for one that is not."""
    socket = socket_of(context, PLAIN, number)
    if socket.state in (State.INITIAL, State.OPENING):
        raise AtError(tcpip=Tcpip.NOT_ALLOWED)
    return socket


def _sender(context: Context, command: Command, number: int) -> Socket:
    """One that can send. Raises AtError, and has it on record, for one that cannot."""
    try:
        return connected(context, PLAIN, number)
    except AtError:
        socket = socket_of(context, PLAIN, number)
        network(context).asked(socket, command.name, is_accepted=False)
        raise


def _sent(context: Context, number: int) -> str:
    socket = _there(context, number)
    waiting = socket.sent_bytes - socket.acknowledged_bytes
    return f"{socket.sent_bytes},{socket.acknowledged_bytes},{waiting}"
