"""`power_cut`: the power goes, and perhaps comes back."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from quecsim.faults.armed import Armed
from quecsim.faults.fault import DATA_BYTES, TIMES_MS, AtMs, LastsMs, Number, Options, place_text
from quecsim.faults.places import Places
from quecsim.faults.points import Aim
from quecsim.faults.power_fault import PowerFault
from quecsim.units import ms

_OFF_MS = (1000, 100, 10)


class PowerCutFault(PowerFault, frozen=True, kw_only=True, tag="power_cut"):
    """Power goes: at byte `at_byte` of an upload's data as taken from the ring, at `at_ms`, or in
    the middle of program or erase number `at_flash_op` of the run.

    It comes back `off_ms` later; None: it stays away.
    """

    ONE_OF: ClassVar[tuple[str, ...]] = ("at_byte", "at_ms", "at_flash_op")
    EXPLAINS: ClassVar[frozenset[str]] = frozenset(("off", "power"))
    AIMS: ClassVar[Mapping[str, Aim]] = {
        "flash_op": Aim("at_flash_op"),
        "data_byte": Aim("at_byte"),
    }
    AIMED_WITH: ClassVar[Mapping[str, Any]] = {"off_ms": 1000}
    ORDER: ClassVar[int] = 140
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = (
        {"at_byte": 1, "off_ms": 1000},
        {"at_byte": 500, "off_ms": 100},
        {"at_flash_op": 1, "off_ms": 100},
        {"at_byte": 100},
    )
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = (
        {"at_byte": DATA_BYTES, "off_ms": _OFF_MS},
        {"at_ms": TIMES_MS, "off_ms": _OFF_MS},
        {"at_flash_op": (range(1, 21),), "off_ms": _OFF_MS},
    )

    at_byte: Number | None = None
    at_ms: AtMs | None = None
    at_flash_op: Number | None = None
    off_ms: LastsMs | None = None

    def words(self) -> str:
        """As in `power cut at byte 3 of the data, back after 8 ms`."""
        if self.at_flash_op is not None:
            place = f"in flash operation {self.at_flash_op}"
        else:
            place = place_text(self.at_byte, self.at_ms)
        back = f", back after {self.off_ms} ms" if self.off_ms is not None else ""
        return f"power cut {place}{back}"

    def arm(self, armed: Armed, places: Places) -> None:
        """At one of three places."""
        strike = partial(self.strike, armed, places)
        if self.at_ms is not None:
            places.agenda.add(armed.from_ns + ms(self.at_ms), self.later(armed, places))
        elif self.at_byte is not None:
            places.data.at_byte(self.at_byte, strike)
        else:
            assert self.at_flash_op is not None
            places.flash.tear_operation(armed, self.at_flash_op, strike)

    def what(self) -> str:
        """What has happened."""
        return "the power went"

    def can_happen(self, places: Places) -> bool:
        """There must be power."""
        return places.device.has_power

    def happen(self, places: Places, now_ns: int) -> None:
        """It goes now, and comes back at its time."""
        places.device.lose_power(now_ns)
        if self.off_ms is not None:
            places.agenda.add(now_ns + ms(self.off_ms), places.device.power_back)
