"""The size of the device's receive ring, as the record tells it."""

from quecsim.trace.event import Start
from quecsim.uart.port_kind import PORTS, port_kind

_MOST_DIGITS = 10


def ring_bytes(start: Start) -> int:
    """What the ring behind the port of this run holds; 0 where the record, which may be anybody's,
    does not say it.
    """
    said = start.settings.get("ring_bytes", "")
    if said.isascii() and said.isdecimal():
        return int(said[:_MOST_DIGITS])
    if start.profile is None or start.port not in PORTS:
        return 0
    part = port_kind(start.port).part(start.profile)
    return 0 if part is None else part.rx_ring_bytes
