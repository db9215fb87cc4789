"""Whoever is the host of a tap, and what he does to his port, in the order in which he does it."""

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from quecsim.live.ports.deed import Deed


@dataclass(frozen=True, slots=True)
class Presence:
    """The host opens his port, or the last one closes it; `hangs_up`: DTR and RTS go with him."""

    is_open: bool
    hangs_up: bool = True


Did: TypeAlias = Deed | Presence


class TapHost(Protocol):
    """The host's side of a tap. Nothing here waits."""

    @property
    def descriptor(self) -> int:
        """What is waited for."""

    @property
    def path(self) -> str:
        """What hosts open."""

    @property
    def shows_frame(self) -> bool:
        """Data bits and parity are as the host has set them: a pty shows none."""

    @property
    def is_open(self) -> bool:
        """A host has the port, as far as was seen."""

    def wants(self, *, read: bool, write: bool) -> int:
        """What is waited for at the descriptor (epoll's events), where the host's bytes are wanted
        or not, and some wait for him or not.
        """

    def take(self, most: int) -> list[Did]:
        """What the host has done since the last call, with at most so many bytes; 0: none."""

    def write(self, data: bytes | bytearray) -> int:
        """Give bytes to the host; returns how many it had room for."""

    def close(self) -> None:
        """The port is gone: for the host it is hung up."""
