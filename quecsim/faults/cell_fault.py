"""What the faults of the radio have in common: they strike the device itself."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from quecsim.faults.armed import Armed
from quecsim.faults.fault import Problem, Target
from quecsim.faults.network_fault import WishFault
from quecsim.faults.places import Places
from quecsim.profiles.schema import Profile


class CellFault(WishFault, frozen=True, kw_only=True, tag=""):
    """A fault between the device and its cell, or (`OVER`) its access point."""

    OVER: ClassVar[tuple[str, ...]] = ("a cellular network",)

    @classmethod
    def suits(cls, profile: Profile) -> bool:
        """The device must have such a radio, and TCP/IP that uses it."""
        has = {
            "a cellular network": profile.radio is not None and profile.tcpip is not None,
            "Wi-Fi": profile.wifi is not None,
        }
        return any(has[network] for network in cls.OVER)

    def misfits(self, target: Target) -> Iterator[Problem]:
        """It must suit the device."""
        if not self.suits(target.profile):
            needed = " or ".join(self.OVER)
            message = f"{self.kind} needs {needed}, and {target.title} has none"
            yield "kind", message, "Take it out."

    def happen(self, armed: Armed, places: Places, now_ns: int) -> None:
        """Do it, and fire where it makes a difference."""
        raise NotImplementedError

    def strike(self, armed: Armed, places: Places, now_ns: int, _links: Sequence[int]) -> None:
        """In a step of its own: the device is in the middle of nothing then."""
        places.agenda.add(now_ns, lambda at_ns: self.happen(armed, places, at_ns))
