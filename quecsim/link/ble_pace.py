"""How fast a Bluetooth LE connection carries data: connection events, and packets in each.

    |<------------- interval ------------->|
    [p][p][p][p]                            [p][p][p][p]

An event begins every interval and has room for `packets_per_event` packets each way, or for as many
as fit into the interval. A piece of data of n bytes is an attribute of n + 3 bytes (ATT), in a
frame of 4 more (L2CAP), in packets of `packet_bytes` at most.
"""

from dataclasses import dataclass

from quecsim.border.ble import INTERVAL_NS, SUPERVISION_NS, Parameters

ATT_BYTES = 3
"""What a write or a notification has around its data: the opcode and the handle."""
_L2CAP_BYTES = 4
_BIT_NS = 1000  # of the 1M radio
_FRAME_BYTES = 10  # preamble, access address, header, checksum
_BETWEEN_NS = 150_000


@dataclass(frozen=True, slots=True)
class BlePace:
    """Of a device. `packet_bytes`: 27, or up to 251 with the data length extension; `air_ns` passes
    from a wish until it is on the air.
    """

    packets_per_event: int = 4
    packet_bytes: int = 251
    air_ns: int = 1_000_000

    @property
    def pair_ns(self) -> int:
        """A full packet, and the empty one that acknowledges it."""
        bits = 8 * (self.packet_bytes + 2 * _FRAME_BYTES)
        return bits * _BIT_NS + 2 * _BETWEEN_NS

    def packets(self, att_bytes: int) -> int:
        """How many packets an attribute operation of that size needs."""
        return -(-(att_bytes + _L2CAP_BYTES) // self.packet_bytes)

    def event_packets(self, interval_ns: int) -> int:
        """How many an event carries each way."""
        return max(1, min(self.packets_per_event, interval_ns // self.pair_ns))

    def bytes_per_s(self, parameters: Parameters, mtu: int) -> int:
        """The most that writes without answer, or notifications, of full size carry each way."""
        interval_ns = parameters.interval * INTERVAL_NS
        each = mtu - ATT_BYTES
        packets = self.packets(mtu)
        return self.event_packets(interval_ns) * each * 1_000_000_000 // (packets * interval_ns)


@dataclass(slots=True)
class Connection:
    """Where its events are: `anchor_ns` is number 0."""

    anchor_ns: int
    parameters: Parameters
    is_central: bool

    @property
    def interval_ns(self) -> int:
        """From one event to the next."""
        return self.parameters.interval * INTERVAL_NS

    @property
    def timeout_ns(self) -> int:
        """After that without an event it is over."""
        return self.parameters.timeout * SUPERVISION_NS

    def event_ns(self, number: int) -> int:
        """When event `number` begins."""
        return self.anchor_ns + number * self.interval_ns

    def first_from(self, at_ns: int) -> int:
        """The first event that begins at `at_ns` or later."""
        return max(0, -(-(at_ns - self.anchor_ns) // self.interval_ns))
