"""The module's processor and its flash: one resource, which whoever has it has alone.

While it is taken nothing else runs, and nobody reads the receive ring. Jobs that wait for something
else do not hold it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quecsim.device.jobs import Job


@dataclass(slots=True)
class Busy:
    """Since when and until when it is taken, and why, in words.

    `owner` is the job whose turn it is (None: a stall that nobody asked for). `flash_since_ns` is
    when the flash's last work began, which a loss of power may tear.
    """

    is_on: bool = False
    since_ns: int = 0
    until_ns: int = 0
    why: str = ""
    owner: "Job | None" = None
    flash_since_ns: int = 0

    def begin(self, now_ns: int, until_ns: int, why: str, owner: "Job | None") -> None:
        """It is taken from now until `until_ns`."""
        assert not self.is_on, f"{why}, while {self.why}"
        self.is_on, self.since_ns, self.until_ns = True, now_ns, until_ns
        self.why, self.owner = why, owner

    def end(self) -> "Job | None":
        """It is free again; returns the job that had it."""
        owner, self.owner = self.owner, None
        self.is_on = False
        return owner
