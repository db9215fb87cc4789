"""A device with a network in process behind it, and somebody at its port."""

from collections.abc import Mapping, Sequence
from typing import Any

import serial

from quecsim.faults import Fault
from quecsim.peers.broker import Broker
from quecsim.peers.mqtt_settings import BrokerSettings
from quecsim.peers.served import Offer, Served
from quecsim.peers.service import Service
from quecsim.profiles import load_profile
from quecsim.profiles.schema import Profile
from quecsim.rig import Rig, RigConfig
from quecsim.trace.event import Event
from quecsim.units import S


class NetworkBench:
    """Its broker is broker.example:1883; it is up, registered, and does not echo."""

    def __init__(
        self,
        settings: BrokerSettings | None = None,
        device: str | Profile = "ec200u",
        faults: Sequence[Fault] = (),
        *,
        more: Mapping[tuple[str, int], Offer] | None = None,
        callers: tuple[Service, ...] = (),
        **config: Any,
    ) -> None:
        """`more` are other servers, `callers` call the device; `config` are RigConfig's fields."""
        self.broker = Broker(settings)
        offers = {("broker.example", 1883): Offer(self.broker, "192.0.2.10")} | dict(more or {})
        profile = device if isinstance(device, Profile) else load_profile(device)
        peer = Served(offers, callers=callers)
        self.rig = Rig(profile, RigConfig(faults=faults, **config), peer=peer)
        self.rig.start(0)
        self.now_ns = 0
        self.events: list[Event] = []
        self.rest(3)
        self.send("ATE0\r" if self.rig.profile.wireless is None else "AT+QECHO=0\r")

    def send(self, text: str | bytes, seconds: int = 5) -> str:
        """What comes back within that time."""
        data = text if isinstance(text, bytes) else text.encode("latin-1")
        self.rig.host_write(self.now_ns, data)
        return self.rest(seconds)

    def rest(self, seconds: int = 5) -> str:
        end_ns = self.now_ns + seconds * S
        while (due_ns := self.rig.deadline_ns()) is not None and due_ns <= end_ns:
            self.rig.advance(due_ns)
        self.rig.advance(end_ns)
        self.now_ns = end_ns
        self.events += self.rig.take_events()
        return b"".join(run.data for run in self.rig.take_output()).decode("latin-1")

    def connected(self, client: int = 0) -> "NetworkBench":
        assert self.send(f'AT+QMTOPEN={client},"broker.example",1883\r') == (
            f"\r\nOK\r\n\r\n+QMTOPEN: {client},0\r\n"
        )
        assert self.send(f'AT+QMTCONN={client},"dev{client}"\r') == (
            f"\r\nOK\r\n\r\n+QMTCONN: {client},0,0\r\n"
        )
        return self


SERVICE: dict[str, Any] = {"host": "broker.example", "port": 1883}


def subscribe(port: serial.Serial, topic: str = "a/b") -> None:
    """What a host does at its `port` until the device listens at `SERVICE` to `topic`."""
    for line, answer in (
        ("ATE0", "OK"),
        ('AT+QMTOPEN=0,"broker.example",1883', "+QMTOPEN: 0,0"),
        ('AT+QMTCONN=0,"dev"', "+QMTCONN: 0,0,0"),
        (f'AT+QMTSUB=0,1,"{topic}",1', "+QMTSUB: 0,1,0,1"),
    ):
        port.write(f"{line}\r".encode())
        until = f"{answer}\r\n".encode()
        said = port.read_until(until)
        assert said.endswith(until), said
