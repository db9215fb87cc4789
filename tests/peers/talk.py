"""Clients that say one packet after the other, to a broker in this process or to a real one."""

import selectors
import socket
from collections import deque
from typing import Protocol

import pytest

from quecsim.border import Why
from quecsim.mqtt import (
    ConnAck,
    Connect,
    Packet,
    PingReq,
    PingResp,
    PubAck,
    PubComp,
    Publish,
    PubRec,
    PubRel,
    Reader,
    SubAck,
    Subscribe,
    encode,
)
from quecsim.peers.broker import Broker

# Only a broker that hangs takes so long.
HANGS_S = 20


class Line(Protocol):
    """A connection's far end."""

    def write(self, data: bytes) -> None: ...

    def read(self) -> bytes:
        """Some bytes; b"": the broker has closed. Fails the test where nothing comes."""

    def close(self) -> None: ...


class Place(Protocol):
    """Where a broker is."""

    def open(self) -> Line: ...


class InProcess:
    """Our broker, at a time that the test sets."""

    def __init__(self, broker: Broker) -> None:
        self.broker = broker
        self.now_ns = 0
        self.waiting: dict[int, deque[bytes]] = {}

    def open(self) -> "InProcessLine":
        number = len(self.waiting)
        self.waiting[number] = deque()
        self.broker.connect(self.now_ns, number)
        return InProcessLine(self, number)

    def collect(self) -> None:
        for number, data in self.broker.take_output():
            self.waiting[number].append(b"" if isinstance(data, Why) else data)

    def wait_until(self, then_ns: int) -> None:
        """Let the model's time pass, as a rig does: from one deadline to the next."""
        while (due_ns := self.broker.deadline_ns()) is not None and due_ns <= then_ns:
            assert due_ns >= self.now_ns
            self.now_ns = due_ns
            self.broker.advance(due_ns)
            self.collect()
        self.now_ns = then_ns


class InProcessLine:
    def __init__(self, place: InProcess, number: int) -> None:
        self._place = place
        self._number = number

    def write(self, data: bytes) -> None:
        self._place.broker.receive(self._place.now_ns, self._number, data)

    def read(self) -> bytes:
        self._place.collect()
        waiting = self._place.waiting[self._number]
        if not waiting:
            pytest.fail("the broker says nothing")
        return waiting.popleft()

    def close(self) -> None:
        self._place.broker.gone(self._place.now_ns, self._number)


class Sockets:
    """A broker at a port of this machine."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._opened: list[socket.socket] = []

    def open(self) -> "SocketLine":
        opened = socket.create_connection(("127.0.0.1", self._port), HANGS_S)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._opened.append(opened)
        return SocketLine(opened)

    def close(self) -> None:
        """All that were opened."""
        for opened in self._opened:
            opened.close()


class SocketLine:
    def __init__(self, opened: socket.socket) -> None:
        self._socket = opened

    def write(self, data: bytes) -> None:
        self._socket.sendall(data)

    def read(self) -> bytes:
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            if not selector.select(HANGS_S):
                pytest.fail("the broker says nothing")
        try:
            return self._socket.recv(65_536)
        except ConnectionResetError:
            return b""

    def close(self) -> None:
        self._socket.close()


class Talk:
    """One client: says packets, and looks at the broker's one by one."""

    def __init__(self, place: Place, level: int = 4) -> None:
        self._line = place.open()
        self._reader = Reader(1 << 20, level)
        self._packets: deque[Packet] = deque()
        self._last_id = 0

    def say(self, *packets: Packet) -> None:
        self._line.write(b"".join(map(encode, packets)))

    def write(self, data: bytes) -> None:
        self._line.write(data)

    def vanish(self) -> None:
        """The connection is broken off."""
        self._line.close()

    def next(self) -> Packet | None:
        """The next packet; None: the broker has closed."""
        while not self._packets:
            data = self._line.read()
            if not data:
                return None
            self._packets.extend(self._reader.feed(data))
        return self._packets.popleft()

    def asks(self, packet: Packet, *answers: Packet) -> None:
        """Says `packet`, and gets exactly these answers before anything else."""
        self.say(packet)
        assert tuple(self.next() for _ in answers) == answers

    def is_closed(self) -> bool:
        """Whether the broker closes now, without another packet."""
        return self.next() is None

    def news(self) -> list[Packet]:
        """What the broker has said up to now: all that comes before the answer to a ping."""
        self.say(PingReq())
        found: list[Packet] = []
        while (packet := self.next()) != PingResp():
            assert packet is not None, "the broker has closed"
            found.append(packet)
        return found

    def messages(self) -> list[tuple[str, bytes, int, bool]]:
        """The messages among the news, acknowledged: topic, payload, QoS, retain."""
        found: list[tuple[str, bytes, int, bool]] = []
        news = self.news()
        while news:
            for packet in news:
                if isinstance(packet, Publish):
                    found.append((packet.topic, packet.payload, packet.qos, packet.retain))
                self._acknowledge(packet)
            news = self.news()
        return found

    def _acknowledge(self, packet: Packet) -> None:
        match packet:
            case Publish(qos=1):
                self.say(PubAck(packet.packet_id))
            case Publish(qos=2):
                self.say(PubRec(packet.packet_id))
            case PubRel():
                self.say(PubComp(packet.packet_id))

    def subscribe(self, *wanted: tuple[str, int]) -> tuple[int, ...]:
        """The codes of the answer."""
        self.say(Subscribe(self._new_id(), wanted))
        answer = self.next()
        kept = []
        while not isinstance(answer, SubAck):  # what is retained may come before
            assert answer is not None
            kept.append(answer)
            answer = self.next()
        self._packets.extendleft(reversed(kept))
        assert answer.packet_id == self._last_id
        return answer.codes

    def publish(self, topic: str, payload: bytes, qos: int = 0, retain: bool = False) -> None:
        """Says it, and waits until the broker has it."""
        number = self._new_id() if qos else 0
        self.say(Publish(topic, payload, qos, retain, packet_id=number))
        if qos == 1:
            assert self._answer(PubAck) == PubAck(number)
        elif qos == 2:
            assert self._answer(PubRec) == PubRec(number)
            self.say(PubRel(number))
            assert self._answer(PubComp) == PubComp(number)
        else:
            assert self.news() == []

    def _answer(self, kind: type[Packet]) -> Packet | None:
        """The next packet of that kind; others stay for later."""
        kept: list[Packet] = []
        while not isinstance(packet := self.next(), kind):
            assert packet is not None
            kept.append(packet)
        self._packets.extendleft(reversed(kept))
        return packet

    def _new_id(self) -> int:
        self._last_id += 1
        return self._last_id


def joined(place: Place, connect: Connect, *, session_present: bool = False) -> Talk:
    """A client that the broker has accepted."""
    talk = Talk(place, connect.level)
    talk.asks(connect, ConnAck(0, session_present))
    return talk
