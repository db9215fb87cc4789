"""A scenario's servers, made: each run has its own."""

from collections.abc import Callable
from functools import partial

from quecsim.at.clock import new_clock
from quecsim.border import Failed, Opened, TlsWish
from quecsim.date import parse_moment
from quecsim.link import is_address
from quecsim.peers.broker import Broker
from quecsim.peers.caller import Visitor
from quecsim.peers.ftp_premises import PORTS
from quecsim.peers.ftp_server import FIRST_PORT, FtpServer
from quecsim.peers.ntp_server import NtpServer
from quecsim.peers.served import Name, Offer, Served, plain_host
from quecsim.peers.service import Service as Server
from quecsim.peers.simple import SimpleServer, SimpleSettings
from quecsim.peers.slow import slowed
from quecsim.scenario.network import Service, ServiceTls
from quecsim.scenario.schema import Scenario

_MOST_FTP = 30  # whose ports for data are all different
_WITHOUT_RADIO = "26/11/29,00:00:00+00"
"""The time in the network of a device whose profile has none, as the others have it."""


def new_network(scenario: Scenario, refused: Callable[[str, int], None] | None = None) -> Served:
    """The network of one run: what `[[service]]`, `[[name]]` and `[[caller]]` say, and no more.

    `refused(host, port)` hears of what the device wanted and nobody gives it.
    """
    names = {plain_host(one.host): Name(one.addresses, one.ttl_s) for one in scenario.names}
    clock_s = network_clock_s(scenario)
    offers = {}
    for index, one in enumerate(scenario.services):
        name = plain_host(one.host)
        own = name if is_address(name) else one.address
        address = names[name].addresses[0] if name in names else own
        offers[name, one.port] = _offer(one, index, address, clock_s)
    callers = tuple(Visitor(one) for one in scenario.callers)
    return Served(offers, refused, names=names, callers=callers)


def network_clock_s(scenario: Scenario) -> int:
    """The network's time when the run begins, in seconds since 1970 (UTC)."""
    radio, clock = scenario.device_profile.radio, scenario.network.clock
    network_date = _WITHOUT_RADIO if radio is None else radio.network_time
    start_s = None if clock is None else parse_moment(clock)
    return new_clock(lambda: 0, network_date, start_s).network_s


def _offer(service: Service, index: int, address: str, clock_s: int) -> Offer:
    handshake = None if service.tls is None else partial(_handshake, service.tls)
    if service.kind == "ftp":
        has_tls, begins_plain = handshake is not None, not service.ftp.implicit
        ftp = FtpServer(
            service.ftp,
            address=address,
            has_tls=has_tls,
            start_s=clock_s,
            first_port=FIRST_PORT + index % _MOST_FTP * PORTS,  # several may be at one address
        )
        return Offer(ftp, address, handshake, begins_plain=begins_plain)
    server = _SERVERS[service.kind](service, clock_s)
    datagrams = _datagrams(service)
    return Offer(server, address, handshake, service.protocol, datagrams=datagrams)


def _http(service: Service, clock_s: int) -> Server:
    from quecsim.peers.http_server import HttpServer  # and with it h11

    return HttpServer(service.http, clock_s)


def _echo(service: Service) -> SimpleSettings:
    echo = service.echo
    return SimpleSettings(
        echo=True,
        connections=echo.connections,
        unsent_bytes=echo.unsent_bytes,
        takes_bytes_per_s=echo.takes_bytes_per_s,
    )


def _datagrams(service: Service) -> Server | None:
    """Who takes them, where another one takes connections."""
    return SimpleServer(_echo(service), is_datagrams=True) if service.kind == "echo" else None


_SERVERS: dict[str, Callable[[Service, int], Server]] = {
    "mqtt": lambda service, _: Broker(service.mqtt),
    "http": _http,
    "echo": lambda service, _: slowed(_echo(service)),
    "ntp": lambda service, clock_s: NtpServer(service.ntp, clock_s),
    "tcp": lambda service, _: slowed(service.tcp),
    "udp": lambda service, _: SimpleServer(service.udp, is_datagrams=True),
}


def _handshake(tls: ServiceTls, wish: TlsWish, host: str) -> Opened | Failed:
    # OpenSSL is loaded by those who need it.
    from quecsim.tls.authority import server_tls
    from quecsim.tls.outcome import news_of

    return news_of(wish, host, server_tls(tls.certificate, client=tls.client))
