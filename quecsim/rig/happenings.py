"""What happens around a device at times that a scenario says: part of the set-up, no input."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeAlias

from quecsim.at.surroundings import Surroundings
from quecsim.device import Device
from quecsim.units import ms

Happening: TypeAlias = tuple[int, Callable[[int], None]]
"""(when, in nanoseconds of the run; what, given that time)."""


def happenings(device: Device, around: Surroundings) -> Iterator[Happening]:
    """All of it, in no order; none for a device without Wi-Fi."""
    if device.profile.wifi is None:
        return
    for client in around.clients:
        yield ms(client.at_ms), partial(device.client_comes, client=client)
        if client.leaves_ms is not None:
            yield ms(client.leaves_ms), partial(device.client_goes, mac=client.mac)
    for offer in around.provisions:
        yield ms(offer.at_ms), partial(device.provision, offer=offer)
    for wake in around.wakes:
        yield ms(wake.at_ms), device.wake
