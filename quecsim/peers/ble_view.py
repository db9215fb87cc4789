"""Somebody on the air of a device, as a plain record: for looking only."""

import msgspec


class BlePeerState(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody as he is now: `received` is the data that the device has sent him last, as (at_ns,
    uuid, data); `mtu` that of his connection.
    """

    name: str
    address: str
    kind: str
    is_connected: bool
    mtu: int
    received: tuple[tuple[int, str, bytes], ...]
