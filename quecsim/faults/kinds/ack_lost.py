"""`ack_lost`: the `A` of an upload never comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from quecsim.at.effects import AckByte, Effect
from quecsim.faults.armed import Armed
from quecsim.faults.fault import ORDINALS, Fault, Number, Options
from quecsim.faults.places import Places
from quecsim.faults.places.commands import Before, CommandFaults, EffectFault
from quecsim.faults.points import Aim


class AckLost(Fault, frozen=True, kw_only=True, tag="ack_lost"):
    """The `A` number `ack` of the run is never sent."""

    NEEDS_COMMAND: ClassVar[str] = "+QFUPL"
    AIMS: ClassVar[Mapping[str, Aim]] = {"ack": Aim("ack")}
    ORDER: ClassVar[int] = 40
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = ({"ack": 1},)
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = ({"ack": ORDINALS},)

    ack: Number = 1

    def words(self) -> str:
        """As in `A number 2 is never sent`."""
        return f"A number {self.ack} is never sent"

    def arm(self, armed: Armed, places: Places) -> None:
        """Counts from the next `A` on."""
        places.commands.watch(_Lost(self, armed, places.commands))


@dataclass(slots=True)
class _Lost(EffectFault):
    fault: AckLost
    armed: Armed
    commands: CommandFaults

    def before(self, effect: Effect, /) -> Before:
        if not isinstance(effect, AckByte):
            return True
        self.armed.seen += 1
        if self.armed.seen != self.fault.ack:
            return True
        name = f"A number {self.armed.seen}, of byte {effect.received}"
        self.armed.fire(self.commands.shared.now_ns, f"{name}, was never sent")
        return False
        yield  # pragma: no cover - makes this a generator
