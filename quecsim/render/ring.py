"""The size of the device's receive ring, as the record tells it."""

from quecsim.trace.event import Start
from quecsim.uart.port_kind import port_kind

_MOST_DIGITS = 10


def ring_bytes(start: Start) -> int:
    """What the ring behind the port of this run holds; 0 where the record does not say it."""
    said = start.settings.get("ring_bytes", "")
    if said.isascii() and said.isdecimal():
        return int(said[:_MOST_DIGITS])
    return port_kind(start.port).ring_bytes(start.profile) if start.profile is not None else 0
