"""What those on the air are called, where the record's scenario says so."""

import msgspec

from quecsim.peers.ble_settings import AnyBlePeer, BleOthers, address_of
from quecsim.trace.event import Start

_PEERS = "ble_peer"


def names_of(start: Start) -> dict[str, str]:
    """By their addresses."""
    tables = start.origin.scenario.get(_PEERS, ())
    try:
        peers = msgspec.convert(tables, tuple[AnyBlePeer, ...])
    except (msgspec.ValidationError, ValueError):
        return {}
    return {
        address_of(one, index): one.name
        for index, one in enumerate(peers)
        if not isinstance(one, BleOthers)
    }


def named(names: dict[str, str], address: str) -> str:
    """`phone (c0ffee000001)`, or the address alone."""
    name = names.get(address)
    return f"{name} ({address})" if name else address
