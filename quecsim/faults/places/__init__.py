"""The places where faults strike. They know no kind of fault: a kind asks them (`Fault.arm`).

| place | what a fault asks for |
| --- | --- |
| `wires[direction]` | bytes of the line: turned over, lost, inserted, a break |
| `commands` | to see the calls and effects of commands: hold back, drop, refuse, say something |
| `replies` | replies in pieces |
| `data` | to strike at a byte of an upload's data |
| `flash` | to strike in a flash operation, to change what it leaves; the flash itself |
| `power`, `device` | the power taken away, a reset, an unsolicited result code |
| `rts` | the RTS line |
| `network` | to strike at a wish, at a byte or an answer of a server; to cut or hold a link |
| `ble` | to strike at what the device wants on the air, or others say; that nothing gets through |
| `agenda` | to strike at a time |
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from quecsim.faults.armed import Armed
from quecsim.faults.places.agenda import Agenda
from quecsim.faults.places.ble import Radio
from quecsim.faults.places.commands import CommandFaults
from quecsim.faults.places.data import DataFaults
from quecsim.faults.places.flash import FlashFaults
from quecsim.faults.places.network import Network
from quecsim.faults.places.power import Powered, PowerFaults
from quecsim.faults.places.replies import ReplyFaults
from quecsim.faults.places.wire import Wire

Direction: TypeAlias = Literal["to_device", "to_host"]


class RtsLine(Protocol):
    """The device's RTS, as the host sees it."""

    def stick(self, now_ns: int, armed: Armed, *, rts: bool) -> None:
        """From here on RTS stays so; it fires where that makes a difference to the host."""

    def come_loose(self, now_ns: int, armed: Armed) -> None:
        """RTS is again what the device wants, unless another fault holds it now."""


@dataclass(frozen=True, slots=True)
class Places:
    """All of them, of one rig."""

    wires: Mapping[Direction, Wire]
    commands: CommandFaults
    replies: ReplyFaults
    data: DataFaults
    flash: FlashFaults
    power: PowerFaults
    device: Powered
    rts: RtsLine
    network: Network
    ble: Radio
    agenda: Agenda
