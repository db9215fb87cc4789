"""A scenario's servers, made: each run has its own."""

from collections.abc import Callable

from quecsim.peers.broker import Broker
from quecsim.peers.served import Offer, Served
from quecsim.scenario.network import Service
from quecsim.scenario.schema import Scenario


def new_network(scenario: Scenario, refused: Callable[[str, int], None] | None = None) -> Served:
    """The network of one run: the servers of `[[service]]`, and nothing else.

    `refused(host, port)` hears of what the device wanted and nobody gives it.
    """
    offers = {(one.host.lower(), one.port): _offer(one) for one in scenario.services}
    return Served(offers, refused)


def _offer(service: Service) -> Offer:
    return Offer(Broker(service.mqtt), service.address)
