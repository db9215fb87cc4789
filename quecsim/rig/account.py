"""Where every byte of the host's stream is, and the law that none is anywhere else."""

from quecsim.device import Device
from quecsim.rig.far_end import FarEnd
from quecsim.rig.inbound import Inbound


class Account:
    """The account of bytes of a rig's parts."""

    def __init__(self, device: Device, far: FarEnd, inbound: Inbound) -> None:
        self._device = device
        self._far = far
        self._inbound = inbound

    def counters(self) -> dict[str, int]:
        """sent + inserted = stored + forwarded + lost + eaten + in_flight; what is lost by cause.

        `inserted` are bytes that nobody sent; it is there only where noise has inserted any, and
        `forwarded` only where any left the device another way.
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
        return counters | {f"lost_{cause}": n for cause, n in sorted(ledger.lost.items())}

    def check(self) -> None:
        """Assert the conservation law."""
        device, far = self._device, self._far
        ledger = device.ledger
        ledger.check(device.pending_bytes)
        on_wire = far.written + self._inbound.inserted - ledger.arrived
        assert on_wire == far.tx.queued, (on_wire, far.tx.queued)
