"""What the faults of the cellular network have in common: they strike the device itself."""

from collections.abc import Iterator, Sequence

from quecsim.faults.armed import Armed
from quecsim.faults.fault import Problem, Target
from quecsim.faults.network_fault import WishFault
from quecsim.faults.places import Places


class CellFault(WishFault, frozen=True, kw_only=True, tag=""):
    """A fault between the device and its cell."""

    def misfits(self, target: Target) -> Iterator[Problem]:
        """The device must have a radio, and TCP/IP that uses it."""
        if target.profile.radio is None or target.profile.tcpip is None:
            message = f"{self.kind} needs a cellular network, and {target.title} has none"
            yield "kind", message, "Take it out."

    def happen(self, armed: Armed, places: Places, now_ns: int) -> None:
        """Do it, and fire where it makes a difference."""
        raise NotImplementedError

    def strike(self, armed: Armed, places: Places, now_ns: int, _links: Sequence[int]) -> None:
        """In a step of its own: the device is in the middle of nothing then."""
        places.agenda.add(now_ns, lambda at_ns: self.happen(armed, places, at_ns))
