"""The ring levels at which RTS goes away and comes back, where only the ring's size is another."""

from quecsim.profiles.schema import Uart

LEVELS = ("rts_off_bytes", "rts_on_bytes")


def scaled_levels(uart: Uart, rx_ring_bytes: int) -> dict[str, int]:
    """The levels of `uart` in a ring of `rx_ring_bytes`: the same parts of it."""
    return {key: getattr(uart, key) * rx_ring_bytes // uart.rx_ring_bytes for key in LEVELS}
