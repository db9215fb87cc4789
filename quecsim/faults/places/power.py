"""The power, as faults take it away: what is due, for whoever runs the device to do."""

from typing import Protocol

from quecsim.faults.armed import Armed
from quecsim.faults.places.agenda import Act
from quecsim.flash.ufs import Ufs


class Powered(Protocol):
    """What faults do to the device as a whole."""

    @property
    def now_ns(self) -> int:
        """The time of the last thing that happened in it."""

    @property
    def has_power(self) -> bool:
        """There is power that could be taken away."""

    @property
    def can_reset(self) -> bool:
        """There is something running that a reset would end."""

    @property
    def has_network(self) -> bool:
        """There is a network that could go away."""

    @property
    def has_joined(self) -> bool:
        """Its station has joined an access point, which could throw it out."""

    @property
    def has_bearer(self) -> bool:
        """Its TCP/IP has a packet context that the network could end."""

    @property
    def ufs(self) -> Ufs:
        """Its files on the flash."""

    def follow_faults(self) -> None:
        """Others are armed now, which may have to see the command that runs."""

    def lose_power(self, now_ns: int) -> None:
        """A fault takes the power away."""

    def power_back(self, now_ns: int) -> None:
        """The power is there again."""

    def reset(self, now_ns: int) -> None:
        """A fault has it start anew."""

    def lose_bearer(self, now_ns: int) -> None:
        """The network ends the packet contexts of its TCP/IP."""

    def lose_registration(self, now_ns: int) -> None:
        """There is no network any more."""

    def find_network(self, now_ns: int) -> None:
        """There is one again."""

    def deauthenticate(self, now_ns: int) -> None:
        """The access point throws its station out."""

    def stall(self, now_ns: int, duration_ns: int, begun: Act) -> None:
        """The processor is taken, as soon as it is free; `begun` is told when that is."""

    def say(self, now_ns: int, text: str) -> bool:
        """An unsolicited result code at once; False where it does not come out."""


class PowerFaults:
    """A fault that strikes in the middle of a byte or of a flash operation leaves here what is to
    be done. Whoever runs the device does it as soon as it is in one piece again.
    """

    def __init__(self) -> None:
        self.due: list[Act] = []

    def happen(self, armed: Armed, now_ns: int, what: str, act: Act) -> None:
        """It happens now: `what`, in words with the place."""
        armed.fire(now_ns, what)
        self.due.append(act)

    def take(self) -> list[Act]:
        """What is due, once."""
        due, self.due = self.due, []
        return due
