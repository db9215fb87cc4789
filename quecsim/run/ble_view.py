"""How a running device stands with Bluetooth LE, as plain records: for looking only.

Everything here is JSON-ready. Times are nanoseconds of the model's clock.
"""

import msgspec

from quecsim.clients.ble import Ble
from quecsim.device import Device
from quecsim.peers.ble_view import BlePeerState


class BleState(msgspec.Struct, frozen=True, kw_only=True):
    """All of it at `at_ns`.

    `role` is one of `quecsim.clients.ble_state.Role` in lower case, `state` one of its `State`, as
    AT+QBLESTAT has it. `mtu` is that of the device's connection, 0 without one. `peers` are all
    others on the air.
    """

    at_ns: int
    role: str = "none"
    state: str = "NOINIT"
    mtu: int = 0
    peers: tuple[BlePeerState, ...] = ()


def ble_state(device: Device, peers: tuple[BlePeerState, ...], now_ns: int) -> BleState:
    """As it stands."""
    there = device.context.clients.get(Ble.name)
    if not isinstance(there, Ble):
        return BleState(at_ns=now_ns, peers=peers)
    return BleState(
        at_ns=now_ns,
        role=there.role.name.lower(),
        state=there.state.value,
        mtu=there.mtu if there.is_connected else 0,
        peers=peers,
    )
