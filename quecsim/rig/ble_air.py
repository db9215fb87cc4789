"""Between a Bluetooth LE device and everybody else on the air: the radio, faults, and who is there.

As `quecsim.rig.air` has it for the network: what the device wants leaves on its way up; when it is
there, the peer has it. What anybody says is an input of the run (`BleCame`), goes on its way down,
and reaches the device when it is there. A run without a peer is one whose news come from its
record.
"""

from collections import Counter

from quecsim.border.ble import (
    BleNews,
    BlePeer,
    BleWhy,
    BleWish,
    Came,
    Joined,
    Leave,
    Parameters,
    data_bytes,
)
from quecsim.device import Device
from quecsim.faults.places.ble import BleFaults
from quecsim.link.ble import BleModel
from quecsim.link.ble_pace import BlePace
from quecsim.profiles.schema import Profile
from quecsim.trace.event import BleCame, BleGone, BleLost
from quecsim.trace.recorder import Recorder
from quecsim.units import us


class BleAir:
    """The far side of a device's radio. `peer` None: nobody says anything by himself.

    It is the `Radio` of the faults (`quecsim.faults.places.ble`).
    """

    def __init__(
        self,
        device: Device,
        peer: BlePeer | None,
        record: Recorder,
        seed: int,
        points: Counter[str],
    ) -> None:
        """`points` counts what faults could hit."""
        self.model = BleModel(ble_pace(device.profile), seed)
        self.faults = BleFaults(points)
        self._device = device
        self._peer = peer
        self._record = record
        self._due_ns: int | None = None  # when the peer has something to say; until it is told more
        self._is_due_known = False
        self._seen_ns = 0  # when something last came from the device, or went to it
        self._came_bytes = 0  # that others have said

    @property
    def is_used(self) -> bool:
        """The device has been on the air."""
        return self.model.is_used

    def follow(self, now_ns: int) -> None:
        """Take what the device wants."""
        self._seen_ns = now_ns
        while wishes := self._device.take_ble_wishes():
            for wish, offset in wishes:
                self._ask(now_ns, wish, offset)

    def _ask(self, now_ns: int, wish: BleWish, offset: int) -> None:
        count, is_alone = data_bytes(wish), self.model.connection is None
        self.model.ask(now_ns, wish, offset)
        self._tell_lost(now_ns)
        if is_alone and count:
            self._lose(now_ns, "up", wish, offset, "there is no connection")
            self._device.ble_gone(now_ns, count)

    def next_ns(self) -> int | None:
        """When something arrives, at either end."""
        return self.model.next_ns()

    def act(self, now_ns: int) -> None:
        """Something arrives."""
        self._seen_ns = now_ns
        up, down = self.model.take(now_ns)
        self._tell_lost(now_ns)
        for sent in up:
            self._arrive(now_ns, sent.what, sent.offset, sent.count)
        for heard in down:
            if isinstance(heard.what, Came | Joined):
                self._tell_taken(now_ns)
            self._device.hear_ble(now_ns, heard.what, heard.offset)

    def _arrive(self, now_ns: int, wish: BleWish, offset: int, count: int) -> None:
        gets_through = self.faults.reach(now_ns, wish)
        if count:
            if gets_through:
                self.model.up.arrived += count
                self._record.add(BleGone(now_ns, offset, count))
            else:
                self.model.up.lose("fault", count)
                self._lose(now_ns, "up", wish, offset, "a fault swallowed them")
            self._device.ble_gone(now_ns, count)
        if gets_through:
            self._tell_peer(now_ns, wish)

    def _tell_lost(self, now_ns: int) -> None:
        for way, item in self.model.take_lost():
            self._lose(
                now_ns, way, item.what, item.offset, "the connection ended before they got through"
            )

    def _lose(self, now_ns: int, way: str, what: BleWish | BleNews, offset: int, why: str) -> None:
        uuid = getattr(what, "uuid", "")
        self._record.add(BleLost(now_ns, way, uuid, offset, data_bytes(what), why))

    # everybody else, who is outside: what they say comes last at its time

    def peer_ns(self) -> int | None:
        """When somebody has something to say by himself."""
        if not self._is_due_known:
            self._due_ns = None if self._peer is None else self._peer.deadline_ns()
            self._is_due_known = True
        due_ns = self._due_ns
        return None if due_ns is None else max(due_ns, self._seen_ns)

    def _tell_peer(self, now_ns: int, wish: BleWish) -> None:
        if self._peer is not None:
            self._is_due_known = False
            self._peer.handle_wish(now_ns, wish)

    def _tell_taken(self, now_ns: int) -> None:
        if self._peer is not None:
            self._is_due_known = False
            self._peer.handle_taken(now_ns)

    def look(self, now_ns: int) -> None:
        """Take what they have to say by now."""
        assert self._peer is not None
        self._is_due_known = False
        for news in self._peer.take_news(now_ns):
            self.hear(now_ns, news)

    def hear(self, now_ns: int, news: BleNews) -> None:
        """Somebody says something: an input."""
        self.model.is_used = True
        self._record.add(BleCame(now_ns, news))
        told = self.faults.leave(now_ns, news)
        if told is None:
            self._swallow(now_ns, news)
        else:
            self.say(now_ns, told)

    def _swallow(self, now_ns: int, news: BleNews) -> None:
        """The device never hears of it; who said it does not wait for that."""
        count = data_bytes(news)
        if count:
            self.model.down.given += count
            self.model.down.lose("fault", count)
            self._lose(now_ns, "down", news, self._came_bytes, "a fault swallowed them")
            self._came_bytes += count
        if isinstance(news, Came):
            self._tell_taken(now_ns)
        elif isinstance(news, Joined):
            self._tell_peer(now_ns, Leave(BleWhy.REFUSED))

    # what faults do (quecsim.faults.places.ble.Radio)

    def say(self, now_ns: int, news: BleNews) -> None:
        """The device hears of it as if somebody had said it."""
        offset = self._came_bytes
        self._came_bytes += data_bytes(news)
        if self.model.hear(now_ns, news, offset):
            return
        is_full = self.model.can_hear
        if data_bytes(news):
            why = "too much was on its way" if is_full else "there is no connection"
            self._lose(now_ns, "down", news, offset, why)
        if is_full and isinstance(news, Came):
            self._tell_taken(now_ns)
        if isinstance(news, Joined) and not self.model.has_peer:
            self._tell_peer(now_ns, Leave(BleWhy.REFUSED))

    def tell(self, now_ns: int, wish: BleWish) -> None:
        """The other side hears of it as if the device had wanted it."""
        self._tell_peer(now_ns, wish)

    @property
    def is_on_air(self) -> bool:
        """Somebody could be missing it if nothing got through."""
        return self.model.is_on_air

    @property
    def parameters(self) -> Parameters | None:
        """Those of the connection; None: there is none."""
        there = self.model.connection
        return None if there is None else there.parameters

    def go_out_of_range(self, now_ns: int, until_ns: int) -> None:
        """Nothing gets through from now until then."""
        self.model.go_out_of_range(now_ns, until_ns)


def ble_pace(profile: Profile) -> BlePace:
    """The radio of a device as its profile has it."""
    ble = profile.ble
    if ble is None:
        return BlePace()
    return BlePace(ble.packets_per_event, ble.packet_bytes, max(1, us(ble.air_us)))
