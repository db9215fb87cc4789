"""How a running device stands with its network, as plain records: for looking only.

Everything here is JSON-ready. Times are nanoseconds of the model's clock. Texts that a host or a
server chose are as they are: whoever shows them to people makes them `printable`.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from quecsim.at.context import Context
from quecsim.at.network import Named
from quecsim.clients.ftp_session import FtpSession, FtpState
from quecsim.clients.mqtt import MqttClient
from quecsim.clients.mqtt_state import State
from quecsim.clients.socket import Socket
from quecsim.clients.socket_state import State as SocketState
from quecsim.device import Device
from quecsim.device.links import Link
from quecsim.peers.broker import Broker, Note
from quecsim.peers.mqtt_view import BrokerClient
from quecsim.peers.served import Offer, Served
from quecsim.run.wifi_view import WifiState, wifi_state


class PacketContext(msgspec.Struct, frozen=True, kw_only=True):
    """A packet context by its `number` (1 and up), as far as AT+CGDCONT and the like define it.

    `is_up`: the network carries it. `is_used`: the device's own TCP/IP has it too (AT+QIACT), which
    is what links need. `is_broken`: the network took it away, and the host has not put it away yet
    (AT+QIDEACT). `address` is empty unless it is up.
    """

    number: int
    kind: str = ""
    apn: str = ""
    address: str = ""
    is_up: bool = False
    is_used: bool = False
    is_broken: bool = False


class LinkState(msgspec.Struct, frozen=True, kw_only=True):
    """A connection of the device, by a `number` that no other of the run has.

    `owner` says in words whose it is. `since_ns`: when the device asked for it. `peer` is the
    address that was reached, `tls_version` and `tls_suite` what the two agreed on; all three are
    empty until `is_open`, the last two also where there is no TLS. The bytes are those of
    plaintext. `context` is the packet context that it runs over (0: none in particular). `door` is
    where in reality the device can be called ("127.0.0.1:40123"), for a link that listens.
    """

    number: int
    owner: str
    host: str
    port: int
    protocol: str = "tcp"
    since_ns: int = 0
    is_open: bool = False
    peer: str = ""
    tls_version: str = ""
    tls_suite: str = ""
    sent_bytes: int = 0
    received_bytes: int = 0
    context: int = 0
    door: str = ""


class ClientState(msgspec.Struct, frozen=True, kw_only=True):
    """A client that the device has of its network: "MQTT client 0", "socket 3". `state` is one of
    `quecsim.clients.mqtt_state.State`, `quecsim.clients.socket_state.State` or
    `quecsim.clients.ftp_session.FtpState` in lower case, empty where a client has none to tell;
    `host` is empty while it is idle, or listens.
    """

    name: str
    state: str = ""
    host: str = ""
    port: int = 0


class ServiceState(msgspec.Struct, frozen=True, kw_only=True):
    """A server in process that the device can reach as `host`:`port`."""

    host: str
    port: int
    kind: str
    address: str
    is_tls: bool = False


class NetworkState(msgspec.Struct, frozen=True, kw_only=True):
    """All of it at `at_ns`.

    `registration` is one of `quecsim.at.registration.Standing`, over Wi-Fi one of
    `quecsim.at.station.Standing`, "none" for a device without a network. `clock` is what the
    device's clock says, as AT+CCLK? does, and `clock_s` the same in seconds since 1970 (UTC).
    `routes` and `allowed` are what of the real network it may reach, as `--route` and
    `--allow-network` have it.
    """

    at_ns: int
    registration: str
    clock: str
    clock_s: int
    contexts: tuple[PacketContext, ...] = ()
    wifi: WifiState | None = None
    links: tuple[LinkState, ...] = ()
    clients: tuple[ClientState, ...] = ()
    services: tuple[ServiceState, ...] = ()
    routes: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()


class BrokerState(msgspec.Struct, frozen=True, kw_only=True):
    """A broker in process: who is there, the topics with a retained message, and what has happened
    to whom, in words (the last 1000 at most).
    """

    host: str
    port: int
    clients: tuple[BrokerClient, ...] = ()
    retained: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


def network_state(
    device: Device,
    served: Served | None,
    now_ns: int,
    routes: tuple[str, ...] = (),
    allowed: tuple[str, ...] = (),
    doors: Mapping[int, str] = {},
) -> NetworkState:
    """As it stands."""
    context = device.context
    offers = {} if served is None else served.offers
    return NetworkState(
        at_ns=now_ns,
        registration=_standing(context),
        clock=context.clock.text(now_ns),
        clock_s=context.clock.calendar_s(now_ns),
        contexts=_contexts(device),
        wifi=None if context.wlan is None else wifi_state(context.wlan),
        links=link_states(device, doors),
        clients=tuple(map(_client, context.clients.values())),
        services=tuple(
            _service(place, offer) for place, offer in sorted(offers.items(), key=_first)
        ),
        routes=routes,
        allowed=allowed,
    )


def _standing(context: Context) -> str:
    if context.wlan is not None:
        return context.wlan.station.standing.value
    return "none" if context.profile.radio is None else context.bearer.standing.value


def link_states(device: Device, doors: Mapping[int, str] = {}) -> tuple[LinkState, ...]:
    """The device's connections, oldest first."""
    return tuple(
        _link(number, link, doors.get(number, "")) for number, link in sorted(device.links.items())
    )


def broker_state(host: str, port: int, broker: Broker) -> BrokerState:
    """As it stands."""
    return BrokerState(
        host=host,
        port=port,
        clients=tuple(broker.clients()),
        retained=tuple(broker.retained),
        notes=tuple(broker.notes),
    )


def brokers_of(served: Served | None) -> Mapping[tuple[str, int], Broker]:
    """Those among the servers in process, by name and port."""
    offers = {} if served is None else served.offers
    return {
        place: offer.service
        for place, offer in sorted(offers.items(), key=_first)
        if isinstance(offer.service, Broker)
    }


def place_text(host: str, port: int) -> str:
    """`host:port`, with brackets where the host needs them."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _first(item: tuple[Any, Any]) -> Any:
    return item[0]


def _contexts(device: Device) -> tuple[PacketContext, ...]:
    bearer, has_addresses = device.context.bearer, device.profile.tcpip is not None
    return tuple(
        PacketContext(
            number=number,
            kind=definition.kind if definition is not None else "",
            apn=definition.apn if definition is not None else "",
            address=bearer.address(number) if number in bearer.up and has_addresses else "",
            is_up=number in bearer.up,
            is_used=number in bearer.used,
            is_broken=number in bearer.broken,
        )
        for number in sorted({*bearer.known, *bearer.broken})
        for definition in (bearer.definitions.get(number),)
    )


def _link(number: int, link: Link, door: str) -> LinkState:
    opened = link.opened
    return LinkState(
        number=number,
        owner=link.owner,
        host=link.host,
        port=link.port,
        protocol=link.protocol,
        since_ns=link.asked_ns,
        is_open=opened is not None,
        peer="" if opened is None else opened.peer,
        tls_version="" if opened is None else opened.version,
        tls_suite="" if opened is None else opened.suite,
        sent_bytes=link.sent_bytes,
        received_bytes=link.received_bytes,
        context=link.context,
        door=door,
    )


def _client(client: Named) -> ClientState:
    tell = _TELL.get(type(client))
    return ClientState(name=client.name) if tell is None else tell(client)


def _mqtt_client(client: MqttClient) -> ClientState:
    state = client.state.name.lower()
    if client.state is State.IDLE:
        return ClientState(name=client.name, state=state)
    return ClientState(name=client.name, state=state, host=client.host, port=client.port)


def _socket(client: Socket) -> ClientState:
    state = client.state.name.lower()
    if client.state is SocketState.INITIAL:
        return ClientState(name=client.name, state=state)
    return ClientState(name=client.name, state=state, host=client.plan.host, port=client.plan.port)


def _ftp_session(session: FtpSession) -> ClientState:
    state = session.state.lower()
    if session.state in (FtpState.IDLE, FtpState.CLOSED):
        return ClientState(name=session.name, state=state)
    return ClientState(name=session.name, state=state, host=session.host, port=session.port)


_TELL: dict[type[Named], Callable[[Any], ClientState]] = {
    MqttClient: _mqtt_client,
    Socket: _socket,
    FtpSession: _ftp_session,
}
"""What a kind of client says of itself, beside its name."""


def _service(place: tuple[str, int], offer: Offer) -> ServiceState:
    host, port = place
    is_tls = offer.handshake is not None
    kind = offer.service.kind
    return ServiceState(host=host, port=port, kind=kind, address=offer.address, is_tls=is_tls)
