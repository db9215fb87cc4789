"""What a run is made of beside its device: the line, the host, the flash's mood, the seed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from quecsim.at.context import Outside
from quecsim.at.surroundings import Surroundings
from quecsim.faults.catalogue import fault_table
from quecsim.faults.fault import Fault
from quecsim.flash.stall import AddedStall
from quecsim.flash.timing import FlashMode
from quecsim.trace.setup import Origin
from quecsim.uart.port_kind import PortKind, port_kind

_HOST_QUEUE_BYTES = 4096
_FAST_HOST_QUEUE_BYTES = 65536  # without pacing it holds nothing back: the larger, the fewer turns


@dataclass(frozen=True, slots=True)
class RigConfig:
    """Everything about a run that is not the device itself.

    `host_baud` None: the host's port settings decide, or else the device's own rate. `host_flow`
    is auto (the host's port settings decide), none, rtscts or xonxoff. `is_any_rate`: the host's
    rate and frame are the device's, whatever it has set. `is_real_line`: the far UART is a board's
    own, which paces and obeys as it is; what comes from it has come already.
    `restores_firmware`: the factory's firmware is put back first, also into a device that does not
    start any more. `clock_s` is what the device's clock says at the start, in seconds since 1970
    (UTC); None: the profile's (`quecsim.at.clock.new_clock`).
    `has_network`: there is one where the device is, and `around` is what that is for a Wi-Fi
    device. `origin` is for the record, and changes
    nothing.
    """

    port: str = "uart"
    is_unlimited: bool = False
    host_baud: int | None = None
    host_flow: str = "auto"
    has_wires: bool = True
    lag_bytes: int = 1
    garbles: bool = False
    is_any_rate: bool = False
    is_real_line: bool = False
    flash_mode: FlashMode = FlashMode.TYPICAL
    stalls: Sequence[AddedStall] = ()
    faults: Sequence[Fault] = ()
    ifc: tuple[int, int] | None = None
    ipr: int | None = None
    clock_s: int | None = None
    has_network: bool = True
    around: Surroundings = field(default_factory=Surroundings)
    seed: int = 1
    contents: dict[str, bytes] = field(default_factory=dict)
    restores_firmware: bool = False
    outside: Outside = field(default_factory=Outside)
    origin: Origin = field(default_factory=Origin)

    def fault_tables(self) -> tuple[dict[str, Any], ...]:
        """The faults as plain tables, for the record."""
        return tuple(map(fault_table, self.faults))

    @property
    def host_queue_bytes(self) -> int:
        """How many bytes the far UART takes from the host ahead of the line."""
        return _FAST_HOST_QUEUE_BYTES if self.is_unlimited else _HOST_QUEUE_BYTES

    @property
    def port_kind(self) -> PortKind:
        """What the port does: see `quecsim.uart.port_kind`."""
        return port_kind(self.port, is_unlimited=self.is_unlimited)
