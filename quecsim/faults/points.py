"""Fault points: the places of a run that a fault could hit, and how faults are aimed at one.

A point has a number: byte 17 of the host's stream, the second `A`, the fortieth operation of the
flash. `Rig.fault_points()` counts those of a run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

POINT_WORDS = {
    "byte": "bytes",
    "byte_to_host": "bytes to the host",
    "data_byte": "bytes of data",
    "ack": "acknowledgements",
    "connect": "CONNECTs",
    "command": "commands",
    "reply": "replies",
    "info": "lines of information",
    "result": "results",
    "flash_op": "flash operations",
    "lookup": "names looked up",
    "connection": "connections",
    "handshake": "TLS handshakes",
    "send": "sends",
    "server_byte": "bytes from servers",
    "mqtt_connect": "MQTT CONNECTs",
    "mqtt_answer": "MQTT answers to PUBLISH",
    "ble_join": "attempts to connect over Bluetooth LE",
    "ble_connection": "connections over Bluetooth LE",
    "ble_mtu": "MTU exchanges over Bluetooth LE",
    "ble_data_up": "pieces of data to Bluetooth LE",
    "ble_data_down": "pieces of data from Bluetooth LE",
}

NETWORK_POINTS = (
    "lookup", "connection", "handshake", "send", "server_byte", "mqtt_connect", "mqtt_answer",
)  # fmt: skip

BLE_POINTS = ("ble_join", "ble_connection", "ble_mtu", "ble_data_up", "ble_data_down")

# What the device and its links count; the rig adds bytes and flash operations.
COUNTED_POINTS = (
    "command", "connect", "ack", "info", "result", "reply", "data_byte", *NETWORK_POINTS,
    *BLE_POINTS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Aim:
    """How a fault is aimed at a point: the key with its number, and values that go with it."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)

    def number(self, fault: object) -> int | None:
        """The number of the point that `fault` is aimed at in this way, if it is."""
        fits = all(getattr(fault, key) == value for key, value in self.values.items())
        number: int | None = getattr(fault, self.key) if fits else None
        return number
