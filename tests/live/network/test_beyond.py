"""The network of a live run: the scenario's servers first, real sockets behind them."""

import errno
import select
import socket
from collections.abc import Iterator, Mapping

import pytest

from quecsim.border import (
    Accept,
    Closed,
    Credit,
    Data,
    Failed,
    Incoming,
    Listen,
    Listening,
    News,
    Open,
    Opened,
    Ping,
    Pong,
    Refuse,
    Resolve,
    Resolved,
    Send,
    Sent,
    Shut,
    Why,
)
from quecsim.live.network.beyond import Beyond
from quecsim.live.network.doors import Doors
from quecsim.live.network.routes import Permissions, parse_route
from quecsim.live.network.sockets import SocketsPeer
from quecsim.peers.broker import Broker
from quecsim.peers.served import Offer, Served
from quecsim.peers.service import Dial


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


def beyond(port: int = 1, name: str = "real.example") -> Beyond:
    permissions = Permissions([parse_route(f"{name}:1883=127.0.0.1:{port}")])
    offer = Offer(Broker(), "192.0.2.10")
    served = Served({("broker.example", 1883): offer, ("broker.example", 8883): offer})
    return Beyond(served, permissions, lambda names: SocketsPeer(permissions, names=names))


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


# links that listen, and questions: of both


class Dialler:
    """Somebody of the scenario's who calls the device, and echoes."""

    kind = "caller"

    def __init__(self, protocol: str = "tcp") -> None:
        self.protocol = protocol
        self.answers: list[int | None] = []
        self.dials: list[Dial] = []
        self.said: list[tuple[int, bytes | Why]] = []

    def connect(self, now_ns: int, connection: int) -> None:
        """It is no server."""

    def receive(self, now_ns: int, connection: int, data: bytes) -> None:
        self.said.append((connection, b"re: " + data))

    def gone(self, now_ns: int, connection: int) -> None:
        self.answers.append(-connection)

    def deadline_ns(self) -> int | None:
        return None

    def advance(self, now_ns: int) -> None:
        """Nothing is due."""

    def take_output(self, room: Mapping[int, int]) -> list[tuple[int, bytes | Why]]:
        said, self.said = self.said, []
        return said

    def listening(self, now_ns: int, port: int, protocol: str) -> None:
        if protocol == self.protocol:
            self.dials.append(Dial(len(self.answers), port, ("198.51.100.7", 4000), protocol))

    def take_dials(self, now_ns: int) -> list[Dial]:
        dials, self.dials = self.dials, []
        return dials

    def answered(self, now_ns: int, key: int, connection: int | None) -> None:
        self.answers.append(connection)
        if connection is not None and self.protocol == "udp":
            self.said.append((connection, b"knock"))


def callable_network(dialler: Dialler, *routes: str) -> tuple[Beyond, list[str]]:
    permissions = Permissions(map(parse_route, routes))
    doors = Doors((), permissions, is_open=True)
    told: list[str] = []
    served = Served({("broker.example", 1883): Offer(Broker(), "192.0.2.10")}, callers=(dialler,))
    network = Beyond(
        served,
        permissions,
        lambda names: SocketsPeer(permissions, names=names, doors=doors, tell=told.append),
    )
    return network, told


def looked(network: Beyond, count: int) -> list[News]:
    """So many pieces of news from outside."""
    news: list[News] = []
    while len(news) < count:
        assert network.descriptor is not None
        assert select.select([network.descriptor], [], [], 20)[0]
        news += network.look(6)
    return news


def door(network: Beyond, link: int = 1) -> tuple[str, int]:
    host, _, port = network.doors[link].rpartition(":")
    return host, int(port)


def test_a_listener_is_called_by_both_and_its_calls_have_one_row_of_numbers() -> None:
    dialler = Dialler()
    network, told = callable_network(dialler)
    network.handle_wish(5, Listen(1, 8080))
    assert network.take_news(5) == [
        Listening(1, 8080),
        Incoming(1, 1, "198.51.100.7", 4000),
    ]
    assert told == [f"the device's port 8080 is at {network.doors[1]}"]
    at = door(network)
    with socket.create_connection(at) as one, socket.create_connection(at) as two:
        assert looked(network, 2) == [
            Incoming(1, number, *end.getsockname()) for number, end in ((2, one), (3, two))
        ]
        network.handle_wish(7, Accept(20, 1, 2))
        network.handle_wish(7, Accept(10, 1, 1, is_counted=True))
        network.handle_wish(7, Refuse(1, 3))
        assert dialler.answers == [10]
        network.handle_wish(8, Send(20, b"to whoever is real"))
        network.handle_wish(8, Send(10, b"to the scenario's"))
        assert network.take_news(8) == [Sent(10, 17), Data(10, b"re: to the scenario's")]
        assert network.outside_ns() == 8, "it has something to write"
        assert network.look(8) == []
        one.settimeout(20)
        two.settimeout(20)
        assert one.recv(100) == b"to whoever is real"
        with pytest.raises(ConnectionResetError):
            two.recv(1)
        one.sendall(b"thanks")
        assert looked(network, 1) == [Data(20, b"thanks")]
        network.handle_wish(9, Accept(21, 1, 3))
        network.handle_wish(9, Accept(22, 1, 77))
        gone = network.take_news(9)
        assert gone == [Closed(link, Why.RESET, "the caller has gone") for link in (21, 22)]
        network.handle_wish(9, Shut(1))
        network.handle_wish(9, Accept(23, 1, 1))
        network.handle_wish(9, Shut(20))
        assert network.doors == {}
        assert one.recv(1) == b""
    network.close()


def test_a_port_of_no_number_is_the_same_for_both() -> None:
    network, told = callable_network(Dialler())
    network.handle_wish(5, Listen(1, 0))
    listening, incoming = network.take_news(5)
    assert isinstance(listening, Listening)
    assert isinstance(incoming, Incoming)
    assert network.doors == {1: f"127.0.0.1:{listening.port}"}
    assert told == [f"the device's port {listening.port} is at 127.0.0.1:{listening.port}"]
    network.close()


def test_where_nothing_can_listen_the_device_hears_it_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.EMFILE, "too many")

    dialler = Dialler()
    network, _ = callable_network(dialler)
    monkeypatch.setattr(Doors, "open", full)
    network.handle_wish(5, Listen(1, 8080))
    assert network.take_news(5) == []
    (failed,) = network.look(5)
    assert failed == Failed(1, Why.UNREACHABLE, "nothing can listen there: too many open files")
    assert dialler.dials == []
    network.handle_wish(6, Shut(1))
    network.close()


def test_datagrams_go_to_whoever_is_there() -> None:
    dialler = Dialler("udp")
    with socket.socket(type=socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(20)
        network, told = callable_network(
            dialler, f"real.example:9=127.0.0.1:{server.getsockname()[1]}"
        )
        network.handle_wish(5, Listen(1, 3030, "udp"))
        source = ("198.51.100.7", 4000)
        assert network.take_news(5) == [Listening(1, 3030), Data(1, b"knock", source)]
        network.handle_wish(6, Send(1, b"who is there?", source))
        assert network.take_news(6) == [Data(1, b"re: who is there?", source)]
        network.handle_wish(7, Send(1, b"hello", ("real.example", 9)))
        data, where = server.recvfrom(100)
        assert (data, where) == (b"hello", door(network))
        server.sendto(b"welcome", where)
        assert looked(network, 1) == [Data(1, b"welcome", ("198.18.0.1", 9))]
        network.handle_wish(8, Credit(1, 5000))
        with socket.socket(type=socket.SOCK_DGRAM) as stranger:
            stranger.bind(("127.0.0.1", 0))
            stranger.settimeout(20)
            stranger.sendto(b"me, too", where)
            assert looked(network, 1) == [Data(1, b"me, too", stranger.getsockname())]
            network.handle_wish(9, Send(1, b"you, too", stranger.getsockname()))
            assert stranger.recv(100) == b"you, too"
        network.handle_wish(9, Send(1, b"lost", ("nowhere.example", 9)))
        network.handle_wish(9, Send(1, b"lost"))
        assert len(told) == 2
        assert "nowhere.example:9, which nothing gives it" in told[1]
        network.handle_wish(9, Shut(1))
        assert network.look(10) == network.take_news(10) == []
    network.close()


@pytest.mark.parametrize(
    ("host", "port", "is_outside"),
    [
        ("broker.example", 1883, True),
        ("192.0.2.10", 1883, True),
        ("broker.example", 8883, False),
        ("192.0.2.10", 8883, False),
    ],
)
def test_a_name_of_both_has_one_address_and_the_port_decides(
    host: str, port: int, is_outside: bool
) -> None:
    network = beyond(name="broker.example")
    network.handle_wish(5, Resolve(1, "broker.example"))
    assert network.look(5) == [Resolved(1, ("192.0.2.10",), 300)]
    network.handle_wish(5, Open(2, host, port))
    assert (network.take_news(5) == []) == is_outside
    network.close()


def test_questions_are_answered_by_the_one_who_knows() -> None:
    network = beyond()
    network.handle_wish(5, Resolve(1, "Broker.example"))
    network.handle_wish(5, Ping(2, "192.0.2.10", 32))
    assert network.descriptor is None
    assert network.take_news(5) == [Resolved(1, ("192.0.2.10",), 300), Pong(2, "192.0.2.10")]
    network.handle_wish(6, Ping(3, "real.example", 32))
    network.handle_wish(6, Resolve(4, "other.example"))
    assert network.take_news(6) == []
    pong, failed = network.look(6)
    assert pong == Pong(3, "198.18.0.1")
    assert isinstance(failed, Failed)
    assert network._outside == set()
    network.close()
