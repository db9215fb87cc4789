"""A scenario's servers, made: each run has its own."""

from collections.abc import Callable
from functools import partial

from quecsim.border import Failed, Opened, TlsWish
from quecsim.peers.broker import Broker
from quecsim.peers.served import Offer, Served, plain_host
from quecsim.scenario.network import Service, ServiceTls
from quecsim.scenario.schema import Scenario


def new_network(scenario: Scenario, refused: Callable[[str, int], None] | None = None) -> Served:
    """The network of one run: the servers of `[[service]]`, and nothing else.

    `refused(host, port)` hears of what the device wanted and nobody gives it.
    """
    offers = {(plain_host(one.host), one.port): _offer(one) for one in scenario.services}
    return Served(offers, refused)


def _offer(service: Service) -> Offer:
    handshake = None if service.tls is None else partial(_handshake, service.tls)
    return Offer(Broker(service.mqtt), service.address, handshake)


def _handshake(tls: ServiceTls, wish: TlsWish, host: str) -> Opened | Failed:
    # OpenSSL is loaded by those who need it.
    from quecsim.tls.authority import server_tls
    from quecsim.tls.outcome import news_of

    return news_of(wish, host, server_tls(tls.certificate, client=tls.client))
