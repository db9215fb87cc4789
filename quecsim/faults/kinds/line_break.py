"""`break`: the line is held low."""

from collections.abc import Mapping
from typing import Any, ClassVar

from quecsim.faults.armed import Armed
from quecsim.faults.fault import TIMES_MS, AtMs, LastsMs, Number, Options
from quecsim.faults.places import Places
from quecsim.faults.places.wire import Hit
from quecsim.faults.wire_fault import WireFault
from quecsim.rng import Stream
from quecsim.units import format_ns, ms


class Break(WireFault, frozen=True, kw_only=True, tag="break"):
    """The line is low for `break_ms`, from `at_byte` (of the direction's stream) or `at_ms` on.

    The receiver sees one NUL; what is sent meanwhile does not get through.
    """

    ONE_OF: ClassVar[tuple[str, ...]] = ("at_byte", "at_ms")
    CAN_RECUR: ClassVar[bool] = False
    ORDER: ClassVar[int] = 120
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = ({"at_ms": 100},)
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = (
        {"at_ms": TIMES_MS, "break_ms": (10, 100)},
    )

    at_byte: Number | None = None
    at_ms: AtMs | None = None
    break_ms: LastsMs = 10

    def what(self) -> str:
        """As in `a break of 10 ms at 4 ms`."""
        place = f"at {self.at_ms} ms" if self.at_byte is None else f"at byte {self.at_byte}"
        return f"a break of {self.break_ms} ms {place}"

    def arm(self, armed: Armed, places: Places) -> None:
        """From the next byte on, or at a time."""
        wire = places.wires[self.direction]
        if self.at_byte is not None:
            wire.faults.at_bytes(armed, wire.passed + self.at_byte - 1, 1, self.strike)
            return
        assert self.at_ms is not None

        def act(at_ns: int) -> None:
            what = f"a break of {self.break_ms} ms at {format_ns(at_ns)}{self.where()}"
            armed.fire(at_ns, what)
            wire.break_line(at_ns, self.break_ms)

        places.agenda.add(armed.from_ns + ms(self.at_ms), act)

    def strike(self, hit: Hit, _stream: Stream, /) -> str:
        """It begins with the byte."""
        hit.breaks.append(self.break_ms)
        return f"a break of {self.break_ms} ms from"
