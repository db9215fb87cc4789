"""What can be done with the network of a running device: `DeviceActions` has all of it.

What the world does to a device is an input of its run. So is what a broker says because somebody
has published there; that somebody did is not, as a record needs no servers to be run again.
"""

from abc import abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Literal

from quecsim.border import Why
from quecsim.errors import QuecsimError
from quecsim.mqtt import is_name, matches
from quecsim.peers.broker import Broker
from quecsim.run.ble_actions import BleActions
from quecsim.run.network_view import (
    BrokerState,
    LinkState,
    NetworkState,
    broker_state,
    brokers_of,
    link_states,
    network_state,
    place_text,
)
from quecsim.run.server_actions import ServerActions
from quecsim.run.wifi_actions import WifiActions

Ending = Literal["reset", "fin"]


class NetworkActions(ServerActions, WifiActions, BleActions):
    """Look at a device's network and steer it. Raises QuecsimError for what cannot be."""

    @abstractmethod
    def _now(self) -> AbstractContextManager[int]:
        """See `DeviceActions`, as for the other one."""

    @abstractmethod
    def _wait(self, has_come: Callable[[], bool], timeout_s: float | None) -> bool: ...

    # look

    def network(self) -> NetworkState:
        """Registration, packet contexts, clock, links, clients, and what the device may reach."""
        run = self._run
        with self._looking() as now_ns:
            return network_state(
                run.rig.device, run.served, now_ns, run.routes, run.allowed, run.doors()
            )

    def links(self) -> list[LinkState]:
        """The device's connections, oldest first."""
        with self._looking():
            return list(link_states(self._run.rig.device, self._run.doors()))

    def brokers(self) -> list[BrokerState]:
        """The scenario's own MQTT brokers, and who is connected to them."""
        with self._looking():
            found = brokers_of(self._run.served)
            return [broker_state(*place, broker) for place, broker in found.items()]

    def wait_for_subscriber(
        self, topic: str, *, service: str | None = None, timeout_s: float | None = None
    ) -> None:
        """Wait until somebody has subscribed to `topic` at a broker (see `publish`).

        Raises TimeoutError after `timeout_s` seconds of the host's time; in virtual time
        HostHungError where nothing more will happen.
        """
        broker = self._broker(service)
        check_topic(topic)

        def has_come() -> bool:
            filters = (wanted for each in broker.clients() for wanted in each.subscriptions)
            return any(matches(wanted, topic) for wanted in filters)

        if not self._wait(has_come, timeout_s):
            raise TimeoutError(f"nobody has subscribed to {topic} within {timeout_s:g} s")

    # steer

    def lose_registration(self) -> None:
        """There is no network any more, until `find_network`; over Wi-Fi no access point."""
        with self._now() as now_ns:
            self._run.rig.lose_registration(now_ns)

    def find_network(self) -> None:
        """There is a network again: a device that looks for one finds it in its time."""
        with self._now() as now_ns:
            self._run.rig.find_network(now_ns)

    def drop_bearer(self, context: int | None = None) -> tuple[int, ...]:
        """The network takes the packet contexts of the device's TCP/IP away, or one of them.

        Returns their numbers: empty, where none was active.
        """
        with self._now() as now_ns:
            device = self._run.rig.device
            used = sorted(device.context.bearer.used)
            if context not in (None, *used) and device.profile.radio is not None:
                active = f"active are: {', '.join(map(str, used))}" if used else "none is active"
                raise QuecsimError(
                    f"packet context {context} is not active",
                    hint=f"{active}; AT+QIACT, or a connection, activates one",
                )
            self._run.rig.lose_bearer(now_ns, context or 0)
            return tuple(used) if context is None else (context,)

    def kill_link(self, link: int | LinkState, *, how: Ending = "reset") -> None:
        """Something on the way ends a connection: with a reset, or in good order ("fin").

        The device hears of it after the time that the link takes, and so does its server.
        """
        if how not in ("reset", "fin"):
            raise QuecsimError(f"how={how!r} cannot be", hint='it is "reset" or "fin"')
        number = link.number if isinstance(link, LinkState) else link
        with self._now() as now_ns:
            self._run.rig.end_link(now_ns, number, Why(how))

    def publish(
        self,
        topic: str,
        payload: bytes | str = b"",
        *,
        service: str | None = None,
        qos: int = 0,
        retain: bool = False,
    ) -> int:
        """Somebody else publishes at a broker of the scenario's; text is sent as UTF-8.

        `service` says at which ("HOST:PORT", or its name alone); None: the only one. Returns how
        many of the broker's clients have subscribed to it. An empty message with `retain` takes
        the retained one away.
        """
        broker, data = self._broker(service), _payload(payload)
        check_topic(topic)
        if qos not in (0, 1, 2):
            raise QuecsimError(f"qos {qos!r} cannot be", hint="it is 0, 1 or 2")
        most_bytes = broker.packet_bytes
        if len(topic.encode()) + len(data) > most_bytes:
            raise QuecsimError(
                f"a message of {len(data)} bytes is too large for this broker",
                hint=f"a packet has {most_bytes} bytes at most: packet_bytes of its [service.mqtt]",
            )
        with self._now() as now_ns:
            return self._run.rig.stir_peer(
                now_ns, lambda at_ns: broker.publish(at_ns, topic, data, qos, retain)
            )

    def _broker(self, service: str | None) -> Broker:
        """The broker that is meant."""
        known = brokers_of(self._run.served)
        if not known:
            raise QuecsimError(
                "this device has no broker in process",
                hint='give it one: [[service]] in its scenario, or services=[{"host": ...}]',
            )
        wanted = None if service is None else service.lower()
        found = [
            broker
            for (host, port), broker in known.items()
            if wanted in (None, host, place_text(host, port))
        ]
        if len(found) == 1:
            return found[0]
        problem = "which broker?" if found else f"there is no broker {service}"
        there = ", ".join(place_text(*place) for place in known)
        raise QuecsimError(problem, hint=f"there are: {there}")


def check_topic(topic: str) -> None:
    """Raises QuecsimError where no message can have that topic."""
    if not is_name(topic):
        raise QuecsimError(
            f"{topic[:40]!r} is no topic",
            hint="it is a text of 1 to 65535 bytes, without + and #",
        )


def _payload(payload: bytes | str) -> bytes:
    if isinstance(payload, str):
        try:
            return payload.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            raise QuecsimError("the message is no text", hint="give it as bytes") from None
    if not isinstance(payload, bytes | bytearray | memoryview):
        raise QuecsimError(f"the message is {type(payload).__name__}", hint="give bytes or text")
    return bytes(payload)
