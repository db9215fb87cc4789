"""Several who are on the air with a device, as one: its connection is with one of them at most."""

from collections.abc import Sequence

from quecsim.border.ble import (
    Advertise,
    BleNews,
    BlePeer,
    BleWhy,
    BleWish,
    GiveUp,
    Heard,
    Join,
    Joined,
    Leave,
    Left,
    NotJoined,
    Scan,
    StopAdvertising,
    StopScan,
    Vanish,
)

_ENDS = {StopAdvertising: "Advertise", StopScan: "Scan", GiveUp: "Join"}
_TO_ALL = (Advertise, StopAdvertising, Scan, StopScan, Join, GiveUp, Vanish)


class BleTogether:
    """A `quecsim.border.ble.BlePeer` of all its members."""

    def __init__(self, members: Sequence[BlePeer] = ()) -> None:
        self._members = list(members)
        self._partner: BlePeer | None = None
        self._is_partner_lost = False  # the device is gone from him, which he sees later
        self._heard: dict[str, BleWish] = {}  # what the device says to all, as it stands

    def add(self, now_ns: int, member: BlePeer) -> None:
        """One more comes, and sees how the device stands."""
        for wish in self._heard.values():
            member.handle_wish(now_ns, wish)
        self._members.append(member)

    def handle_wish(self, now_ns: int, wish: BleWish) -> None:
        """What the device says to all, or to its partner."""
        if isinstance(wish, _TO_ALL):
            self._is_partner_lost |= isinstance(wish, Vanish)
            self._remember(wish)
            for each in self._members:
                each.handle_wish(now_ns, wish)
        elif (partner := self._partner) is not None:
            if isinstance(wish, Leave):
                self._partner = None
            partner.handle_wish(now_ns, wish)

    def _remember(self, wish: BleWish) -> None:
        if isinstance(wish, Vanish):
            self._heard.clear()
        elif isinstance(wish, Advertise | Scan | Join):
            self._heard[type(wish).__name__] = wish
        else:
            self._heard.pop(_ENDS[type(wish)], None)

    def handle_taken(self, now_ns: int) -> None:
        """The device has taken the oldest data that it had not."""
        if self._partner is not None:
            self._partner.handle_taken(now_ns)

    def deadline_ns(self) -> int | None:
        """When one of them has something to say by himself."""
        times = (each.deadline_ns() for each in self._members)
        return min((at_ns for at_ns in times if at_ns is not None), default=None)

    def take_news(self, now_ns: int) -> list[BleNews]:
        """What they say up to now."""
        news: list[BleNews] = []
        for each in self._members:
            for said in each.take_news(now_ns):
                if self._reaches(now_ns, each, said):
                    news.append(said)
        return news

    def _reaches(self, now_ns: int, member: BlePeer, said: BleNews) -> bool:
        """The device hears of it: of a connection only from its partner."""
        if isinstance(said, Joined):
            return self._meet(now_ns, member, said)
        is_partner = member is self._partner
        if is_partner and isinstance(said, Left):
            self._partner = None
        return is_partner or isinstance(said, Heard | NotJoined)

    def _meet(self, now_ns: int, member: BlePeer, said: Joined) -> bool:
        """He connects; False: another one was first, and he is refused."""
        partner = self._partner
        if partner is not None and not self._is_partner_lost:
            member.handle_wish(now_ns, Leave(BleWhy.REFUSED))
            return False
        if partner is not None:
            partner.handle_wish(now_ns, Leave(BleWhy.TIMEOUT))
        self._partner, self._is_partner_lost = member, False
        self._heard.pop("Join" if said.is_central else "Advertise", None)
        for each in self._members:
            if each is not member:
                self._part(now_ns, each, said)
        return True

    def _part(self, now_ns: int, other: BlePeer, said: Joined) -> None:
        """The others see that the device does not advertise any more, or looks for nobody."""
        other.handle_wish(now_ns, GiveUp() if said.is_central else StopAdvertising())
