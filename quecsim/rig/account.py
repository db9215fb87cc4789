"""Where every byte of the host's stream is, and the law that none is anywhere else."""

from quecsim.device import Device
from quecsim.link import Carried
from quecsim.rig.beyond import Beyond
from quecsim.rig.far_end import FarEnd
from quecsim.rig.inbound import Inbound


class Account:
    """The account of bytes of a rig's parts."""

    def __init__(self, device: Device, far: FarEnd, inbound: Inbound, beyond: Beyond) -> None:
        self._device = device
        self._far = far
        self._inbound = inbound
        self._air, self._ble = beyond.air, beyond.ble

    def counters(self) -> dict[str, int]:
        """sent + inserted = stored + forwarded + lost + eaten + in_flight; what is lost by cause.

        `inserted` are bytes that nobody sent; it is there only where noise has inserted any, and
        `forwarded` only where any left the device another way. With connections there are also
        net_up = arrived there + on its way + lost, net_down likewise: what the device has sent, and
        what others have sent to it; over Bluetooth LE ble_up and ble_down.
        """
        ledger = self._device.ledger
        counters = {
            "sent": self._far.written,
            "stored": ledger.stored,
            "eaten": ledger.eaten,
            "lost": ledger.lost_total,
            "in_flight": self._far.tx.queued + self._device.pending_bytes + ledger.in_hand,
        }
        if ledger.forwarded:
            counters["forwarded"] = ledger.forwarded
        if self._inbound.inserted:
            counters["inserted"] = self._inbound.inserted
        counters |= self._net("net_up", self._air.model.up) | self._net(
            "net_down", self._air.model.down
        )
        counters |= self._net("ble_up", self._ble.model.up) | self._net(
            "ble_down", self._ble.model.down
        )
        return counters | {f"lost_{cause}": n for cause, n in sorted(ledger.lost.items())}

    def check(self) -> None:
        """Assert the conservation law."""
        device, far = self._device, self._far
        ledger = device.ledger
        ledger.check(device.pending_bytes)
        on_wire = far.written + self._inbound.inserted - ledger.arrived
        assert on_wire == far.tx.queued, (on_wire, far.tx.queued)
        if self._air.is_used:
            self._check_links()
        if self._ble.is_used:
            self._check_air()

    def _check_links(self) -> None:
        """The same for what goes over the links, in both directions."""
        up, down, device = self._air.model.up, self._air.model.down, self._device
        up.check()
        down.check()
        assert device.link_bytes == (up.given, down.arrived), (device.link_bytes, up, down)

    def _check_air(self) -> None:
        """The same for what goes over Bluetooth LE."""
        up, down, device = self._ble.model.up, self._ble.model.down, self._device
        up.check()
        down.check()
        assert device.ble_bytes == (up.given, down.arrived), (device.ble_bytes, up, down)

    @staticmethod
    def _net(name: str, carried: Carried) -> dict[str, int]:
        if not carried.given:
            return {}
        counters = {
            name: carried.given,
            f"{name}_on_way": carried.on_way,
            f"{name}_lost": carried.lost_total,
        }
        return counters | {f"{name}_lost_{cause}": n for cause, n in sorted(carried.lost.items())}
