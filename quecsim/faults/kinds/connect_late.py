"""`connect_late`: CONNECT comes late."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from quecsim.at.effects import Connect, Effect
from quecsim.faults.armed import Armed
from quecsim.faults.fault import DELAYS_MS, Fault, LastsMs, Number, Options
from quecsim.faults.places import Places
from quecsim.faults.places.commands import Before, CommandFaults, EffectFault
from quecsim.faults.points import Aim


class ConnectLate(Fault, frozen=True, kw_only=True, tag="connect_late"):
    """CONNECT number `connect` of the run comes `delay_ms` late."""

    AIMS: ClassVar[Mapping[str, Aim]] = {"connect": Aim("connect")}
    AIMED_WITH: ClassVar[Mapping[str, Any]] = {"delay_ms": 1000}
    ORDER: ClassVar[int] = 20
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = (
        {"delay_ms": 100},
        {"delay_ms": 1000},
        {"delay_ms": 3000},
    )
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = ({"delay_ms": DELAYS_MS},)

    connect: Number = 1
    delay_ms: LastsMs

    def words(self) -> str:
        """As in `CONNECT number 1 comes 9 ms late`."""
        return f"CONNECT number {self.connect} comes {self.delay_ms} ms late"

    def arm(self, armed: Armed, places: Places) -> None:
        """Counts from the next CONNECT on."""
        places.commands.watch(_LateConnect(self, armed, places.commands))


@dataclass(slots=True)
class _LateConnect(EffectFault):
    fault: ConnectLate
    armed: Armed
    commands: CommandFaults

    def before(self, effect: Effect, /) -> Before:
        if isinstance(effect, Connect):
            self.armed.seen += 1
            if self.armed.seen == self.fault.connect:
                name = f"CONNECT {self.armed.seen}"
                yield from self.commands.hold_back(self.armed, name, self.fault.delay_ms)
        return True
