"""What the faults of the power have in common: they strike at once, or leave it to the rig."""

from quecsim.faults.armed import Armed
from quecsim.faults.fault import Fault
from quecsim.faults.places import Places
from quecsim.faults.places.agenda import Act
from quecsim.units import format_ns


class PowerFault(Fault, frozen=True, kw_only=True, tag=""):
    """A fault after which the device is not what it was."""

    def what(self) -> str:
        """What has happened, in words."""
        raise NotImplementedError

    def can_happen(self, places: Places) -> bool:
        """The device is in a state in which it makes a difference."""
        raise NotImplementedError

    def happen(self, places: Places, now_ns: int) -> None:
        """Do it."""
        raise NotImplementedError

    def later(self, armed: Armed, places: Places) -> Act:
        """An act for the agenda."""

        def act(now_ns: int) -> None:
            if self.can_happen(places):
                armed.fire(now_ns, f"{self.what()} at {format_ns(now_ns)}")
                self.happen(places, now_ns)

        return act

    def strike(self, armed: Armed, places: Places, now_ns: int, place: str) -> None:
        """It strikes in the middle of something: it is due as soon as that is in one piece."""
        what = f"{self.what()} {place}"
        places.power.happen(armed, now_ns, what, lambda at_ns: self.happen(places, at_ns))
