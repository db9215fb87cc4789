"""`ack_late`: the `A` of an upload comes late."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from quecsim.at.effects import AckByte, Effect
from quecsim.faults.armed import Armed
from quecsim.faults.fault import DELAYS_MS, ORDINALS, Fault, LastsMs, Number, Options, which
from quecsim.faults.places import Places
from quecsim.faults.places.commands import Before, CommandFaults, EffectFault
from quecsim.faults.points import Aim


class AckLate(Fault, frozen=True, kw_only=True, tag="ack_late"):
    """The `A` of an upload comes `delay_ms` late: number `ack` of the run, or each `every`-th."""

    ONE_OF: ClassVar[tuple[str, ...]] = ("ack", "every")
    NEEDS_COMMAND: ClassVar[str] = "+QFUPL"
    AIMS: ClassVar[Mapping[str, Aim]] = {"ack": Aim("ack")}
    AIMED_WITH: ClassVar[Mapping[str, Any]] = {"delay_ms": 1000}
    ORDER: ClassVar[int] = 30
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = ({"ack": 1, "delay_ms": 1000},)
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = ({"ack": ORDINALS, "delay_ms": DELAYS_MS},)

    ack: Number | None = None
    every: Number | None = None
    delay_ms: LastsMs

    def words(self) -> str:
        """As in `A number 2 comes 5 ms late`."""
        return f"A {which(self.ack, self.every)} comes {self.delay_ms} ms late"

    def arm(self, armed: Armed, places: Places) -> None:
        """Counts from the next `A` on."""
        places.commands.watch(_LateAck(self, armed, places.commands))


@dataclass(slots=True)
class _LateAck(EffectFault):
    fault: AckLate
    armed: Armed
    commands: CommandFaults

    def before(self, effect: Effect, /) -> Before:
        if isinstance(effect, AckByte):
            self.armed.seen += 1
            seen, every = self.armed.seen, self.fault.every
            if seen == self.fault.ack or (every is not None and not seen % every):
                name = f"A number {seen}, of byte {effect.received},"
                yield from self.commands.hold_back(self.armed, name, self.fault.delay_ms)
        return True
