"""`rts_stuck`: the device's RTS line does not move."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, TypeAlias

from quecsim.faults.armed import Armed
from quecsim.faults.fault import TIMES_MS, AtMs, Fault, LastsMs, Options
from quecsim.faults.places import Places
from quecsim.units import ms

RtsState: TypeAlias = Literal["stop", "go"]


class RtsStuck(Fault, frozen=True, kw_only=True, tag="rts_stuck"):
    """The device's RTS line stays at `state` from `from_ms` on, for `for_ms`; None: for good.

    It counts as fired when the device asks for the other state, or the host has to wait for it.
    """

    NEEDS_UART: ClassVar[bool] = True
    NEEDS_FLOW_CONTROL: ClassVar[bool] = True
    CAN_RECUR: ClassVar[bool] = False
    ORDER: ClassVar[int] = 160
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = ({"state": "stop", "for_ms": 1000},)
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = (
        {"state": ("stop", "go"), "from_ms": TIMES_MS, "for_ms": (1000, 100)},
    )

    state: RtsState
    from_ms: AtMs = 0
    for_ms: LastsMs | None = None

    def words(self) -> str:
        """As in `RTS stuck at go from 0 ms on for 2 ms`."""
        end = f" for {self.for_ms} ms" if self.for_ms is not None else ""
        return f"RTS stuck at {self.state} from {self.from_ms} ms on{end}"

    def arm(self, armed: Armed, places: Places) -> None:
        """From a time on, and until another."""
        is_on, line, from_ns = self.state == "go", places.rts, armed.from_ns + ms(self.from_ms)
        places.agenda.add(from_ns, lambda at_ns: line.stick(at_ns, armed, rts=is_on))
        if self.for_ms is not None:
            end_ns = from_ns + ms(self.for_ms)
            places.agenda.add(end_ns, lambda at_ns: line.come_loose(at_ns, armed))
