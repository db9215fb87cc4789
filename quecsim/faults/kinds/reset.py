"""`reset`: the device starts anew by itself."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from quecsim.faults.armed import Armed
from quecsim.faults.fault import DATA_BYTES, TIMES_MS, AtMs, Number, Options, place_text
from quecsim.faults.places import Places
from quecsim.faults.points import Aim
from quecsim.faults.power_fault import PowerFault
from quecsim.units import ms


class ResetFault(PowerFault, frozen=True, kw_only=True, tag="reset"):
    """The device starts anew by itself, as after a watchdog: at byte `at_byte` of an upload's data
    or at `at_ms`. Like a power cut it tears what the flash was doing.
    """

    ONE_OF: ClassVar[tuple[str, ...]] = ("at_byte", "at_ms")
    EXPLAINS: ClassVar[frozenset[str]] = frozenset(("off", "power"))
    AIMS: ClassVar[Mapping[str, Aim]] = {"data_byte": Aim("at_byte")}
    ORDER: ClassVar[int] = 150
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = ({"at_byte": 100},)
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = (
        {"at_byte": DATA_BYTES},
        {"at_ms": TIMES_MS},
    )

    at_byte: Number | None = None
    at_ms: AtMs | None = None

    def words(self) -> str:
        """As in `reset at 3 ms`."""
        return f"reset {place_text(self.at_byte, self.at_ms)}"

    def arm(self, armed: Armed, places: Places) -> None:
        """At a byte, or at a time."""
        if self.at_ms is not None:
            places.agenda.add(armed.from_ns + ms(self.at_ms), self.later(armed, places))
        else:
            assert self.at_byte is not None
            places.data.at_byte(self.at_byte, partial(self.strike, armed, places))

    def what(self) -> str:
        """What has happened."""
        return "the device started anew"

    def can_happen(self, places: Places) -> bool:
        """Something must run."""
        return places.device.can_reset

    def happen(self, places: Places, now_ns: int) -> None:
        """It starts anew now."""
        places.device.reset(now_ns)
