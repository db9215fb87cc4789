"""A device with a host at its port and brokers behind it, in three worlds.

served-virtual   the scenario's own brokers, in virtual time
served-pty       the same ones, live on a pseudo terminal
mosquitto-pty    the real broker, by routes, live on a pseudo terminal

The brokers are the same in each: one without TLS, and one for each thing that can be the matter
with a server's certificate. The network takes no time, nor does the flash.
"""

import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from unittest import mock

import serial
from msgspec.structs import replace

import quecsim
from quecsim.mqtt import Connect
from quecsim.peers.mqtt_settings import BrokerSettings
from quecsim.run.actions import DeviceActions
from quecsim.run.replay import replay
from quecsim.scenario.network import Service, ServiceTls
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Scenario
from quecsim.tls.authority import server_tls
from quecsim.tls.server import ServerTls
from quecsim.trace.event import Event, Result, Urc
from quecsim.units import ms
from tests.e2e.network.host import Host
from tests.peers.mosquitto import PASSWORD, USER, Mosquitto
from tests.peers.talk import Sockets, Talk, joined

VIRTUAL, PTY, MOSQUITTO = "served-virtual", "served-pty", "mosquitto-pty"
HOST = "broker.example"
PLAIN, GUARDED, CLOSED = 1883, 1884, 1885  # without TLS; for USER alone; nobody is there
TLS, EXPIRED, OTHER_CA, SELF_SIGNED, TOO_EARLY, MUTUAL = 8883, 8884, 8885, 8886, 8887, 8888
DOORS = {
    TLS: ServiceTls(),
    EXPIRED: ServiceTls("expired"),
    OTHER_CA: ServiceTls("other-ca"),
    SELF_SIGNED: ServiceTls("self-signed"),
    TOO_EARLY: ServiceTls("not-yet-valid"),
    MUTUAL: ServiceTls(client="required"),
}
_HANGS_S = 60  # on a pseudo terminal nothing takes so long
_GIVES_UP_S = 200  # of virtual time: longer than any command may take


def servers() -> dict[int, ServerTls]:
    """What the brokers with TLS have, by their ports."""
    return {port: server_tls(tls.certificate, client=tls.client) for port, tls in DOORS.items()}


@dataclass
class World:
    """`device` runs, of the type `name`, and `host` is at its port."""

    kind: str
    name: str
    device: DeviceActions
    host: Host
    mosquitto: Mosquitto | None

    @cached_property
    def _elsewhere(self) -> Talk:
        assert self.mosquitto is not None
        return joined(Sockets(self.mosquitto.port), Connect(f"elsewhere-{id(self)}"))

    def close(self) -> None:
        """Whoever else was at the broker leaves it."""
        if "_elsewhere" in self.__dict__:
            self._elsewhere.vanish()

    def publish(self, topic: str, payload: bytes, qos: int = 0, retain: bool = False) -> None:
        """Somebody else publishes at the broker without TLS, which has it then."""
        if self.mosquitto is not None:
            self._elsewhere.publish(topic, payload, qos, retain)
        else:
            place = f"{HOST}:{PLAIN}"
            self.device.publish(topic, payload, service=place, qos=qos, retain=retain)

    def connects(self, client: int = 0, port: int = PLAIN, name: str = "") -> None:
        """The host opens and connects a client; by its own name, as the real broker serves all."""
        self.host.ask(f'AT+QMTOPEN={client},"{HOST}",{port}')
        self.host.hears(f"+QMTOPEN: {client},0")
        self.host.ask(f'AT+QMTCONN={client},"{name or f"device-{client}"}"')
        self.host.hears(f"+QMTCONN: {client},0,0")

    def count(self, kind: type[Event], **fields: object) -> int:
        """How many such events there are up to now."""
        return sum(
            all(getattr(event, key) == value for key, value in fields.items())
            for event in self.device.events()
            if isinstance(event, kind)
        )


@contextmanager
def open_world(
    kind: str,
    device: str,
    mosquitto: Mosquitto | None = None,
    pcapng: Path | None = None,
    **options: Any,
) -> Iterator[World]:
    """It is up, echoes nothing, and has been looked at once more in the end: see `look_back`.

    `pcapng` is where its packets go. `options` are those of `quecsim.open`.
    """
    real = mosquitto if kind == MOSQUITTO else None
    routes = _routes(real) if real else ()
    scenario = _scenario(device, has_brokers=real is None, **options)
    with ExitStack() as stack:
        opened: Any
        if kind == VIRTUAL:
            opened = stack.enter_context(quecsim.open_virtual(scenario=scenario))
        else:
            opened = stack.enter_context(
                quecsim.open(scenario=scenario, routes=routes, pcapng=pcapng)
            )
        timeout_s = _GIVES_UP_S if kind == VIRTUAL else _HANGS_S
        baud = options.get("ipr", 115_200)
        port = serial.serial_for_url(opened.port, baudrate=baud, timeout=timeout_s)
        world = World(kind, device, opened, Host(stack.enter_context(port)), real)
        stack.callback(world.close)
        echo_off = "ATE0" if scenario.device_profile.wireless is None else "AT+QECHO=0"
        world.host.command(echo_off)
        world.host.reads(f"{echo_off}\r\r\nOK\r\n".encode())
        yield world
    look_back(opened.events())


def _scenario(device: str, *, has_brokers: bool, **options: Any) -> Scenario:
    made = make_scenario(device, **{"flash": "instant", "speed": "unlimited", **options})
    profile = made.device_profile
    if profile.tcpip is not None:
        profile = replace(profile, tcpip=replace(profile.tcpip, activate_ms=0))
    guarded = BrokerSettings(users={USER: PASSWORD})
    services = [Service(host=HOST, port=PLAIN), Service(host=HOST, port=GUARDED, mqtt=guarded)]
    services += [Service(host=HOST, port=port, tls=tls) for port, tls in DOORS.items()]
    return replace(
        made,
        network=replace(made.network, latency_ms=0, handshake_ms=0),
        services=tuple(services) if has_brokers else (),
        device_profile=profile,
    )


def _routes(mosquitto: Mosquitto) -> Sequence[str]:
    ports = {
        PLAIN: mosquitto.port,
        GUARDED: mosquitto.guarded_port,
        CLOSED: mosquitto.closed_port,
        **mosquitto.tls_ports,
    }
    return [f"{HOST}:{port}=127.0.0.1:{to}" for port, to in ports.items()]


def look_back(record: Sequence[Event]) -> None:
    """The run again from its record alone is the same; and a law that every run obeys."""
    with no_network():
        again = replay(record)
    assert (again.was, again.now) == (None, None)
    assert again.is_same
    assert again.is_ended
    result_ns = -ms(1000)
    for event in record:
        if isinstance(event, Result):
            result_ns = event.at_ns
        elif isinstance(event, Urc):
            assert event.at_ns >= result_ns + ms(10), "hosts must tell it from the reply"


@contextmanager
def no_network() -> Iterator[None]:
    """Whoever makes a socket fails."""

    class Refused(socket.socket):
        def __init__(self, *_arguments: object, **_named: object) -> None:
            raise AssertionError("a socket, and there is no network")

    with mock.patch.object(socket, "socket", Refused):
        yield
