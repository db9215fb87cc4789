"""How fast the bearer of a device is: plain numbers, all of them whole."""

import msgspec

from quecsim.units import S, ms


class Pace(msgspec.Struct, frozen=True):
    """One bearer. `latency_ns` is one way, at least 1. A segment holds `segment_bytes` at most; a
    lost one (`loss_per_million`) comes `retransmit_ns` later, and those behind it wait for it.
    `handshake_ns` is what the device computes in a TLS handshake.
    """

    latency_ns: int = ms(30)
    up_bytes_per_s: int = 640_000
    down_bytes_per_s: int = 1_280_000
    loss_per_million: int = 0
    segment_bytes: int = 1360
    retransmit_ns: int = ms(1000)
    handshake_ns: int = ms(2000)


class Pipe:
    """One direction: bytes take their turn. Times count from the start of an unbroken run."""

    __slots__ = ("_bytes", "_bytes_per_s", "_origin_ns", "free_ns")

    def __init__(self, bytes_per_s: int) -> None:
        assert bytes_per_s > 0
        self._bytes_per_s = bytes_per_s
        self._origin_ns = self._bytes = 0
        self.free_ns = 0  # from then on nothing is on its way

    def put(self, now_ns: int, count: int) -> int:
        """`count` bytes more go in; returns when the last of them is through."""
        if now_ns >= self.free_ns:
            self._origin_ns, self._bytes = now_ns, 0
        self._bytes += count
        self.free_ns = self._origin_ns + self._bytes * S // self._bytes_per_s
        return self.free_ns
