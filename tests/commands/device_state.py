"""All that a device is, as plain data that can be compared: settings, files, handles, its flash."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from hashlib import sha256
from typing import Any

from quecsim.at.context import Context
from quecsim.clients.ble import Ble
from quecsim.clients.mqtt import MqttClient
from quecsim.clients.mqtt_state import State
from quecsim.flash.file import UfsFile
from quecsim.flash.ufs import Ufs
from tests.device.bench import Bench

# AT+QIGETERROR tells of the error: that is what an error changes.
_NOT_STATE = (
    "profile",
    "control",
    "outside",
    "port_name",
    "commands",
    "tcpip_error",
    "network",
    "air",
    "clients",
)


def state_of(bench: Bench) -> dict[str, Any]:
    """What can be read back from the device, asked for or snapshotted; it must be quiet."""
    device = bench.rig.device
    assert is_dataclass(Context)
    context = device.context
    parts = {
        one.name: _plain(getattr(context, one.name), set())
        for one in fields(context)
        if one.name not in _NOT_STATE
    }
    return {
        **parts,
        "clients": _clients(context),
        "flash": sha256(bench.image()).hexdigest(),
        "power": device.power.value,
        "phase": device.phase.name,
        "line_baud": device.line_baud,
        "waits": sorted(device.timers),
    }


def _clients(context: Context) -> dict[str, Any]:
    """Those of the network that have begun something: one that was only looked at is no change."""
    known = [one for one in context.clients.values() if isinstance(one, MqttClient)]
    ble = [one for one in context.clients.values() if isinstance(one, Ble)]
    return {
        **{one.name: (one.role, one.peripheral.services) for one in ble if one.role},
        **_mqtt(known),
    }


def _mqtt(known: list[MqttClient]) -> dict[str, Any]:
    return {
        one.name: (one.state.name, one.host, one.port, one.flights.publications())
        for one in known
        if one.state is not State.IDLE
    }


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What of the state is another now, for people."""
    return {key: (before[key], after[key]) for key in before if before[key] != after[key]}


def _plain(value: Any, above: set[int]) -> Any:
    if value is None or isinstance(value, bool | int | str | bytes | bytearray | Enum):
        return bytes(value) if isinstance(value, bytearray) else value
    if isinstance(value, Ufs):
        return "the flash"
    if isinstance(value, UfsFile):
        return value.name, value.mode, value.tell(), value.size()
    if id(value) in above or callable(value):
        return "..."
    above = {*above, id(value)}
    if isinstance(value, Mapping):
        return {key: _plain(one, above) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        parts = [_plain(one, above) for one in value]
        return parts if isinstance(value, list | tuple) else sorted(parts)
    names = getattr(type(value), "__slots__", None) or vars(value)
    return {name: _plain(getattr(value, name), above) for name in names}
