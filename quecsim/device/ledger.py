"""Every byte that the host sent is in exactly one place. This is where they are counted."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Ledger:
    """Counts of bytes, host to device.

    `arrived` bytes reached the device's UART. Of these, `stored` went into files, `forwarded` left
    the device another way, `eaten` were read by the command line (or thrown away by its rules),
    `lost` are gone, by cause; `in_hand` were taken from the ring as data and are on their way.
    `transfer` is the number of the transfer that is asked for and not over, or 0.
    """

    arrived: int = 0
    stored: int = 0
    forwarded: int = 0
    eaten: int = 0
    in_hand: int = 0
    transfer: int = 0
    lost: dict[str, int] = field(default_factory=dict)

    @property
    def lost_total(self) -> int:
        """All lost bytes."""
        return sum(self.lost.values())

    def lose(self, cause: str, count: int) -> None:
        """Book `count` bytes as gone."""
        if count:
            self.lost[cause] = self.lost.get(cause, 0) + count

    def check(self, waiting: int) -> None:
        """The conservation law; `waiting` bytes are in the ring or in a command line."""
        kept = self.stored + self.forwarded + self.in_hand + waiting
        lost = self.lost_total if self.lost else 0
        assert self.arrived == kept + self.eaten + lost, (
            f"bytes appeared or vanished: {self}, waiting {waiting}"
        )
