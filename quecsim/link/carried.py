"""Every byte that goes over the links is in exactly one place: counted here, for each direction."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Carried:
    """Bytes of one direction: what was `given` has `arrived`, is `on_way`, or is `lost` by cause.

    Causes: `link` (a datagram that got lost), `fault` (swallowed, or beyond a cut), `credit` (more
    than the device takes), `nobody` (for a connection that is over, or never was).
    """

    given: int = 0
    arrived: int = 0
    on_way: int = 0
    lost: dict[str, int] = field(default_factory=dict)

    @property
    def lost_total(self) -> int:
        """All lost bytes."""
        return sum(self.lost.values())

    def lose(self, cause: str, count: int) -> None:
        """Book `count` bytes as gone."""
        if count:
            self.lost[cause] = self.lost.get(cause, 0) + count

    def check(self) -> None:
        """The conservation law."""
        assert self.given == self.arrived + self.on_way + self.lost_total, (
            f"bytes of a link appeared or vanished: {self}"
        )
