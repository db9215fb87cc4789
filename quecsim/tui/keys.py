"""What the keys that make trouble ask for: faults of `quecsim ctl inject`, and the power switch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol


class Steered(Protocol):
    """Whom it is asked of: `quecsim.live.control.client.ControlClient`."""

    def inject(self, kind: str, values: Mapping[str, Any]) -> int:
        """A fault from now on; returns its number."""

    def power(self, to: Any = None) -> str:
        """Switch the power; returns how it stands."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A key, what the footer and the help call it, and the fault with its values."""

    key: str
    name: str
    about: str
    kind: str
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def ask(self, device: Steered) -> str:
        """Ask for it; returns what to tell. Raises QuecsimError where it cannot be."""
        index = device.inject(self.kind, self.values)
        return f"{self.about}: fault {index}"


TROUBLES = (
    Trouble("s", "Stall", "a stall of 300 ms", "stall", {"for_ms": 300}),
    Trouble("n", "Noise", "a bit turns over in the next 8 bytes", "bit_error",
            {"at_byte": 1, "count": 8}),
    Trouble("r", "RTS", "RTS stuck at stop for 2 s", "rts_stuck",
            {"state": "stop", "for_ms": 2000}),
)  # fmt: skip


def switch_power(device: Steered) -> str:
    """Take the device's power away; or give it again, where it has none. Returns what to tell."""
    if device.power() == "off":
        return f"the power is there again: the device is {device.power('on')}"
    return f"the power is gone: the device is {device.power('off')}"
