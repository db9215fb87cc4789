"""MQTT clients: +QMTOPEN to +QMTCLOSE, and what they have received.

Each command answers OK and goes on; what came of it is a result code of its own, later. Publishing
is in `mqtt_publish`, the client itself in `quecsim.clients.mqtt`.
"""

from functools import partial

from quecsim.at.activation import ensure
from quecsim.at.context import Context, mqtt, network
from quecsim.at.effects import Spawn, Steps
from quecsim.at.network import Trouble
from quecsim.at.results import AtError, Tcpip
from quecsim.at.spec import Command, Integer, Text
from quecsim.border import Why
from quecsim.clients.mqtt import MqttClient
from quecsim.clients.mqtt_state import CONNECTION_NUMBERS, State
from quecsim.commands.mqtt_keys import source, utf8
from quecsim.commands.mqtt_values import number, settings_of
from quecsim.commands.tls_wish import tls_wish
from quecsim.mqtt import is_filter

_SOURCE = source(
    "a capture of a BG770A; a published log of an EC600S; the codes are those of all modules"
)
_MOST_TOPICS = 5
_OCCUPIED = 2
CLIENTS = 6

CLIENT = Integer("client_idx", high=CLIENTS - 1)
MESSAGE = Integer("msgID", high=65_535)
QOS = Integer("qos", high=2)


def client_of(context: Context, index: int) -> MqttClient:
    """Client `index`, which is there from when it is needed first."""
    name = f"MQTT client {index}"
    client = context.clients.get(name)
    if client is None:
        settings = partial(settings_of, context, index)
        client = context.clients[name] = MqttClient(
            index, network(context), mqtt(context), settings
        )
    assert isinstance(client, MqttClient)
    return client


def client_in(context: Context, command: Command, index: int, *states: State) -> MqttClient:
    """The same, for `command`. Raises AtError unless it is in one of those states."""
    client = client_of(context, index)
    if client.state not in states:
        network(context).asked(client, command.name, is_accepted=False)
        raise AtError
    return client


def _asker(context: Context, command: Command, index: int) -> MqttClient:
    """A client that asks its broker for something more. Raises AtError where it cannot."""
    client = client_in(context, command, index, State.CONNECTED)
    if not client.may_ask():
        raise AtError
    network(context).asked(client, command.name)
    return client


def _clients(context: Context) -> list[MqttClient]:
    """Those that have a connection."""
    known = (context.clients.get(f"MQTT client {index}") for index in range(CLIENTS))
    return [
        client
        for client in known
        if isinstance(client, MqttClient) and client.state in CONNECTION_NUMBERS
    ]


QMTOPEN = Command(
    "+QMTOPEN",
    "Open a client's connection to a broker",
    _SOURCE,
    (CLIENT, Text("host_name", max_bytes=100), Integer("port", 1, 65_535)),
    test_text="+QMTOPEN: (0-5),<host_name>,(0-65535)",
)


@QMTOPEN.write
def _open(context: Context, index: int, host: str, port: int) -> Steps:
    if not host:
        raise AtError
    client = client_of(context, index)
    if client.state is not State.IDLE or not network(context).has_room:
        network(context).asked(client, QMTOPEN.name, (host, port), is_accepted=False)
        client.refuse(_OCCUPIED)
        return
    network(context).asked(client, QMTOPEN.name, (host, port))
    attempt = client.begin_open(host, port)
    if not (yield Spawn(_opening(context, client, attempt), f"opening {client.name}")):
        client.give_up(attempt, Trouble(Why.UNREACHABLE, "the device does too much at once"))


def _opening(context: Context, client: MqttClient, attempt: int) -> Steps:
    """In the background: what the connection needs is read from the files as they are now."""
    cid = number(context, client.index, "pdpcid")
    if (yield from ensure(context, cid)) is not Tcpip.NONE:
        what = f"packet context {cid} is not up" if cid else "there is no Wi-Fi connection"
        client.give_up(attempt, Trouble(Why.UNREACHABLE, what))
        return
    tls = None
    if number(context, client.index, "ssl"):
        tls = yield from tls_wish(context, number(context, client.index, "ssl", 1))
    if client.is_opening(attempt) and not network(context).has_room:
        client.give_up(attempt, Trouble(Why.UNREACHABLE, "the device has too many connections"))
    client.open(attempt, tls, cid)


@QMTOPEN.read
def _opened(context: Context) -> list[str]:
    return [
        f'+QMTOPEN: {client.index},"{client.host}",{client.port}' for client in _clients(context)
    ]


QMTCLOSE = Command("+QMTCLOSE", "Close a client's connection", _SOURCE, (CLIENT,))


@QMTCLOSE.write
def _close(context: Context, index: int) -> None:
    client = client_of(context, index)
    is_open = client.state is not State.IDLE
    network(context).asked(client, QMTCLOSE.name, is_accepted=is_open)
    if not is_open:
        raise AtError
    client.close()


QMTCONN = Command(
    "+QMTCONN",
    "Connect a client to its broker, with a name and perhaps a password",
    _SOURCE,
    (
        CLIENT,
        Text("clientID", max_bytes=lambda context: mqtt(context).client_id_bytes),
        Text("username", max_bytes=lambda context: mqtt(context).user_bytes, optional=True),
        Text("password", max_bytes=512, optional=True),
    ),
)


@QMTCONN.write
def _connect(
    context: Context, index: int, client_id: str, user: str | None, password: str | None
) -> None:
    client = client_in(context, QMTCONN, index, State.OPEN)
    settings = settings_of(context, index)
    if not client_id and (settings.level == 3 or not settings.is_clean):
        raise AtError  # the standard wants a name then
    if password is not None and user is None:
        raise AtError
    network(context).asked(client, QMTCONN.name)
    client.connect(
        utf8(client_id),
        None if user is None else utf8(user),
        None if password is None else password.encode("latin-1"),
    )


@QMTCONN.read
def _connected(context: Context) -> list[str]:
    return [
        f"+QMTCONN: {client.index},{CONNECTION_NUMBERS[client.state]}"
        for client in _clients(context)
    ]


QMTDISC = Command(
    "+QMTDISC", "Disconnect a client from its broker, and drop the connection", _SOURCE, (CLIENT,)
)


@QMTDISC.write
def _disconnect(context: Context, index: int) -> None:
    client = client_in(context, QMTDISC, index, State.CONNECTED)
    network(context).asked(client, QMTDISC.name)
    client.disconnect()


_MORE_TOPICS = tuple(
    param
    for place in range(2, _MOST_TOPICS + 1)
    for param in (
        Text(f"topic{place}", optional=True),
        Integer(f"qos{place}", high=2, optional=True),
    )
)
QMTSUB = Command(
    "+QMTSUB",
    "Subscribe to topics, up to five at once",
    _SOURCE,
    (CLIENT, MESSAGE, Text("topic"), QOS, *_MORE_TOPICS),
    test_text='+QMTSUB: (0-5),<msgid>,"topic",(0-2)',
)


@QMTSUB.write
def _subscribe(
    context: Context, index: int, message: int, topic: str, qos: int, *more: str | int | None
) -> None:
    given = [topic, qos, *more]
    pairs = list(zip(given[::2], given[1::2], strict=True))
    wanted = [(utf8(str(text)), int(level)) for text, level in pairs if text and level is not None]
    is_whole = len(wanted) == sum(text is not None or level is not None for text, level in pairs)
    if not is_whole or not message or not all(is_filter(text) for text, _ in wanted):
        raise AtError
    _asker(context, QMTSUB, index).subscribe(message, tuple(wanted))


QMTUNS = Command(
    "+QMTUNS",
    "Unsubscribe from topics, up to five at once",
    _SOURCE,
    (
        CLIENT,
        MESSAGE,
        Text("topic"),
        *(Text(f"topic{place}", optional=True) for place in range(2, _MOST_TOPICS + 1)),
    ),
    test_text='+QMTUNS: (0-5),<msgid>,"topic"',
)


@QMTUNS.write
def _unsubscribe(context: Context, index: int, message: int, *topics: str | None) -> None:
    filters = tuple(utf8(topic) for topic in topics if topic is not None)
    if not message or not all(map(is_filter, filters)):
        raise AtError
    _asker(context, QMTUNS, index).unsubscribe(message, filters)


QMTRECV = Command(
    "+QMTRECV",
    "Messages that wait in a client's buffers",
    _SOURCE,
    (CLIENT, Integer("recv_id", high=4, optional=True)),
    test_text="",
)


@QMTRECV.write
def _receive(context: Context, index: int, slot: int | None) -> list[str]:
    client = client_of(context, index)
    if client.state is not State.CONNECTED:
        raise AtError
    if slot is not None and client.inbox.slots[slot] is None:
        raise AtError
    return client.inbox.take(slot, settings_of(context, index))


@QMTRECV.read
def _waiting(context: Context) -> list[str]:
    return [
        f"+QMTRECV: {client.index},{client.inbox.occupied()}"
        for client in _clients(context)
        if client.state is State.CONNECTED
    ]


COMMANDS = (QMTOPEN, QMTCLOSE, QMTCONN, QMTDISC, QMTSUB, QMTUNS, QMTRECV)
