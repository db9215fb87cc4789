"""The network of a live run: the scenario's servers first, real sockets behind them."""

import socket
from collections.abc import Iterator

import pytest

from quecsim.border import Data, Failed, News, Open, Opened, Send, Why
from quecsim.live.network.beyond import Beyond
from quecsim.live.network.routes import Permissions, parse_route
from quecsim.live.network.sockets import SocketsPeer
from quecsim.peers.broker import Broker
from quecsim.peers.served import Offer, Served


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


def beyond(port: int = 1, name: str = "real.example") -> Beyond:
    permissions = Permissions([parse_route(f"{name}:1883=127.0.0.1:{port}")])
    offer = Offer(Broker(), "192.0.2.10")
    served = Served({("broker.example", 1883): offer, ("broker.example", 8883): offer})
    return Beyond(served, permissions, lambda: SocketsPeer(permissions))


def test_a_served_name_opens_no_socket() -> None:
    network = beyond()
    network.handle_wish(5, Open(1, "Broker.example", 1883))
    assert network.descriptor is None
    assert network.deadline_ns() == 5
    [opened] = network.take_news(5)
    assert isinstance(opened, Opened)
    network.handle_wish(6, Open(2, "broker.example", 1))
    [failed] = network.take_news(6)
    assert isinstance(failed, Failed)
    assert failed.why is Why.REFUSED


def test_what_no_server_gives_goes_to_the_sockets(listener: socket.socket) -> None:
    network = beyond(listener.getsockname()[1])
    network.handle_wish(5, Open(1, "real.example", 1883))
    assert network.deadline_ns() is None
    assert network.descriptor is not None
    listener.settimeout(10)
    client, _ = listener.accept()
    with client:
        client.sendall(b"hello")
        news: list[News] = []
        while sum(isinstance(one, Data) for one in news) == 0:
            news += network.look(6)
        assert isinstance(news[0], Opened)
        network.handle_wish(7, Send(1, b"x"))
        network.look(7)
        client.settimeout(10)
        assert client.recv(1) == b"x"
    network.close()
    assert network.descriptor is None


def test_what_the_user_gives_goes_before_a_server(listener: socket.socket) -> None:
    network = beyond(listener.getsockname()[1], "broker.example")
    network.handle_wish(5, Open(1, "Broker.example.", 1883))
    assert network.take_news(5) == []
    listener.settimeout(10)
    listener.accept()[0].close()
    network.handle_wish(6, Open(2, "broker.example", 8883))
    [opened] = network.take_news(6)
    assert isinstance(opened, Opened)
    network.close()


def test_what_is_not_given_is_refused_without_a_socket() -> None:
    network = beyond()
    network.handle_wish(5, Open(1, "other.example", 1883))
    [failed] = network.look(5)
    assert isinstance(failed, Failed)
    assert failed.why is Why.NOT_ALLOWED
    network.close()
