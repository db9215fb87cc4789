"""`stall`: the device stops for a while, and reads nothing."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from quecsim.faults.armed import Armed
from quecsim.faults.fault import TIMES_MS, AtMs, Fault, LastsMs, Options
from quecsim.faults.places import Places
from quecsim.units import ms


class StallFault(Fault, frozen=True, kw_only=True, tag="stall"):
    """The device's processor is taken for `for_ms`, from `at_ms` on or as soon after as it is free:
    nobody reads the ring meanwhile. Nothing, where the device is not on then.

    (A scenario's `[[stall]]` is one at a byte of an upload's data.)
    """

    ORDER: ClassVar[int] = 165
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = ({"at_ms": 100, "for_ms": 500},)
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = (
        {"at_ms": TIMES_MS, "for_ms": (100, 10, 500, range(1, 1001))},
    )

    at_ms: AtMs = 0
    for_ms: LastsMs = 300

    def words(self) -> str:
        """As in `a stall of 300 ms at 100 ms`."""
        return f"a stall of {self.for_ms} ms at {self.at_ms} ms"

    def arm(self, armed: Armed, places: Places) -> None:
        """At a time; it fires when it begins."""
        begun = partial(armed.fire, what=f"the device stalls for {self.for_ms} ms")
        places.agenda.add(
            armed.from_ns + ms(self.at_ms),
            lambda at_ns: places.device.stall(at_ns, ms(self.for_ms), begun),
        )
