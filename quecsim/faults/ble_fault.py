"""What the faults of Bluetooth LE have in common: at which piece of data, or time, they strike."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal, TypeAlias

from quecsim.border.ble import BleNews, BleWish, Joined
from quecsim.faults.armed import Armed
from quecsim.faults.fault import ORDINALS, TIMES_MS, AtMs, Fault, Number, Options, Problem, Target
from quecsim.faults.places import Places
from quecsim.faults.points import Aim
from quecsim.profiles.schema import Profile
from quecsim.units import ms

Side: TypeAlias = Literal["up", "down"]
PIECES: Options = (1, 2, 3, range(1, 9))
PIECE_AIMS: Mapping[str, Aim] = {
    "ble_data_up": Aim("piece", {"direction": "up"}),
    "ble_data_down": Aim("piece", {"direction": "down"}),
}
SIDES: Options = ("up", "down")
PLACES: tuple[Mapping[str, Options], ...] = (
    {"piece": PIECES, "direction": SIDES},
    {"connection": ORDINALS},
    {"at_ms": TIMES_MS},
)
"""How the place of a `BleMoment` is drawn."""


class BleFault(Fault, frozen=True, kw_only=True, tag=""):
    """A fault between the device and those on the air with it."""

    NEEDS_PEER: ClassVar[bool] = True

    @classmethod
    def suits(cls, profile: Profile) -> bool:
        """The device must have Bluetooth LE."""
        return profile.ble is not None

    def misfits(self, target: Target) -> Iterator[Problem]:
        """It must suit the device."""
        if not self.suits(target.profile):
            message = f"{self.kind} needs Bluetooth LE, and {target.title} has none"
            yield "kind", message, "Take it out."


class BleMoment(BleFault, frozen=True, kw_only=True, tag=""):
    """A fault from a time on; or from when data piece number `piece` of the device's (`direction`
    "up") has got to the other side, or one of the other side's ("down") leaves it; or from when
    connection number `connection` begins.
    """

    ONE_OF: ClassVar[tuple[str, ...]] = ("piece", "connection", "at_ms")
    AIMS: ClassVar[Mapping[str, Aim]] = {**PIECE_AIMS, "ble_connection": Aim("connection")}

    piece: Number | None = None
    direction: Side = "up"
    connection: Number | None = None
    at_ms: AtMs | None = None

    def place(self) -> str:
        """Where or when, in words."""
        if self.at_ms is not None:
            return f"from {self.at_ms} ms on"
        if self.connection is not None:
            return f"from connection {self.connection} on"
        return f"from {piece_words(self.piece, self.direction)} on"

    def strike(self, armed: Armed, places: Places, now_ns: int) -> None:
        """It is time."""
        raise NotImplementedError

    def at_joined(self, armed: Armed, places: Places, now_ns: int, news: Joined, /) -> Joined:
        """A connection begins; returns what the device hears."""
        self.strike(armed, places, now_ns)
        return news

    def arm(self, armed: Armed, places: Places) -> None:
        """At one of three places."""
        if self.at_ms is not None:
            due_ns = armed.from_ns + ms(self.at_ms)
            places.agenda.add(due_ns, lambda now_ns: self.strike(armed, places, now_ns))
        elif self.connection is not None:
            self._arm_joined(armed, places, self.connection)
        else:
            assert self.piece is not None
            self._arm_piece(armed, places, self.piece)

    def _arm_joined(self, armed: Armed, places: Places, number: int) -> None:
        def at_news(now_ns: int, news: BleNews) -> BleNews:
            assert isinstance(news, Joined)
            return self.at_joined(armed, places, now_ns, news)

        places.ble.faults.at_news("ble_connection", number, 1, at_news)

    def _arm_piece(self, armed: Armed, places: Places, number: int) -> None:
        def at_wish(now_ns: int, _wish: BleWish) -> bool:
            self.strike(armed, places, now_ns)
            return True

        def at_news(now_ns: int, news: BleNews) -> BleNews:
            self.strike(armed, places, now_ns)
            return news

        if self.direction == "up":
            places.ble.faults.at_wish("ble_data_up", number, 1, at_wish)
        else:
            places.ble.faults.at_news("ble_data_down", number, 1, at_news)


def piece_words(number: int | None, direction: Side) -> str:
    """As in `piece 3 of the device's data`."""
    return f"piece {number} of the {'device' if direction == 'up' else 'other side'}'s data"
