"""A whole device that can be called: what people are told, what is seen, and when it is over."""

import socket
from collections.abc import Callable, Iterator

import pytest
from msgspec.structs import replace

from quecsim.at.network import Trouble
from quecsim.border import Data, Incoming, Opened
from quecsim.errors import QuecsimError
from quecsim.live.network.options import NetworkOptions
from quecsim.live.simulator import Simulator
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Network

HANG_S = 20.0


class Answerer:
    """A client of the device's that takes every call up, and says what it has heard."""

    name = "answerer"

    def __init__(self, simulator: Simulator) -> None:
        network = simulator.rig.device.context.network
        assert network is not None
        self.network = network
        self.incoming: list[Incoming] = []
        self.over: list[int] = []
        self.listener = 0

    def listen(self, port: int) -> None:
        self.listener = self.network.listen(self, port, "tcp", self.called)

    def called(self, news: Incoming | Data) -> None:
        assert isinstance(news, Incoming)
        self.incoming.append(news)
        self.network.accept(self, news.link, news.caller, lambda _: None)

    def opened(self, link: int, opened: Opened) -> None:
        """It listens."""

    def failed(self, link: int, trouble: Trouble) -> None:
        self.over.append(link)

    def received(self, link: int, data: bytes) -> None:
        self.network.credit(link, len(data))
        self.network.send(link, data.upper())

    def closed(self, link: int, trouble: Trouble) -> None:
        self.over.append(link)

    def deadline_ns(self) -> int | None:
        return None

    def on_time(self) -> None:
        """Nothing is due."""


class Bench:
    def __init__(self, *listen: str, listens: bool = True) -> None:
        scenario = replace(make_scenario("ec200u"), network=Network(latency_ms=0))
        self.told: list[str] = []
        options = NetworkOptions(scenario, listen=listen, listens=listens)
        self.simulator = Simulator(scenario, network=options, tell_network=self.told.append)
        self.simulator.start()
        self.answerer = Answerer(self.simulator)

    def listen(self, port: int = 8080) -> str:
        """Returns the door."""
        rig = self.simulator.rig
        with self.simulator._now() as now_ns:
            rig._come_in(now_ns)
            rig.device._change_network(now_ns, lambda: self.answerer.listen(port))
            rig._follow_device()
        self.turn_until(lambda: self.simulator.links()[0].is_open)
        return self.simulator.links()[0].door

    def turn_until(self, is_so: Callable[[], bool]) -> None:
        assert self.simulator._wait(is_so, HANG_S)

    def close(self) -> None:
        self.simulator.close()


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.close()


def connected(door: str) -> socket.socket:
    host, _, port = door.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=HANG_S)


def test_it_is_called_and_answers(bench: Bench) -> None:
    door = bench.listen()
    assert bench.told == [f"the device's port 8080 is at {door}"]
    with connected(door) as caller:
        caller.sendall(b"hello")
        caller.setblocking(False)
        bench.turn_until(lambda: has_come(caller))
        assert caller.recv(100) == b"HELLO"
        (listener, link) = bench.simulator.links()
        assert (listener.protocol, listener.port, listener.door) == ("tcp listener", 8080, door)
        assert (link.sent_bytes, link.received_bytes, link.door) == (5, 5, "")
        assert bench.answerer.incoming == [Incoming(1, 1, *caller.getsockname())]


def has_come(caller: socket.socket) -> bool:
    try:
        return bool(caller.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return False


def is_refused(door: str) -> bool:
    try:
        connected(door).close()
    except ConnectionRefusedError:
        return True
    return False


def test_without_power_nobody_listens_and_calls_are_over(bench: Bench) -> None:
    door = bench.listen()
    with connected(door) as caller:
        bench.turn_until(lambda: bool(bench.answerer.incoming))
        bench.simulator.cut_power()
        bench.turn_until(lambda: is_refused(door))
        with pytest.raises(ConnectionResetError):
            caller.recv(1)
    assert bench.simulator.links() == []


def test_with_the_simulator_all_of_it_ends(bench: Bench) -> None:
    door = bench.listen()
    with connected(door) as waiting:
        bench.close()
        with pytest.raises(ConnectionResetError):
            waiting.recv(1)
    assert is_refused(door)


def test_what_is_given_is_there_and_nothing_else() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    bench = Bench(f"8080=127.0.0.1:{port}", listens=False)
    assert bench.listen() == f"127.0.0.1:{port}"
    bench.close()
    bench = Bench(f"8080=127.0.0.1:{port}", listens=False)
    assert bench.listen(8081) == ""
    bench.close()
    with socket.create_server(("127.0.0.1", port)), pytest.raises(QuecsimError, match="listen at"):
        Bench(f"8080=127.0.0.1:{port}")
