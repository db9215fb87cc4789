"""A device on the air with a crowd: it hears what is said, and takes it `LATE_NS` later."""

from typing import Any

import msgspec

from quecsim.border.ble import (
    Advertise,
    BleNews,
    BleWish,
    Came,
    Characteristic,
    GattService,
    Joined,
)
from quecsim.peers.ble_crowd import BleCrowd
from quecsim.peers.ble_settings import AnyBlePeer
from quecsim.units import MS

LATE_NS = 10 * MS
SERVICES = (
    GattService("fff1", (Characteristic("fff2", write=True, write_command=True, notify=True),)),
)
ADVERTISES = Advertise("meter", "90395e8a70d1", 100 * MS, b"", SERVICES)


def peers(*tables: dict[str, Any]) -> tuple[AnyBlePeer, ...]:
    return tuple(msgspec.convert(table, AnyBlePeer) for table in tables)


class Air:
    """`heard` is all that was said, with its time."""

    def __init__(self, *tables: dict[str, Any], seed: int = 1) -> None:
        self.crowd = BleCrowd(peers(*tables), seed)
        self.now_ns = 0
        self.heard: list[tuple[int, BleNews]] = []
        self._untaken: list[int] = []

    def wish(self, *wishes: BleWish) -> list[BleNews]:
        """What is said to them at once."""
        before = len(self.heard)
        for wish in wishes:
            self.crowd.handle_wish(self.now_ns, wish)
        self._listen()
        return [news for _, news in self.heard[before:]]

    def until(self, at_ms: int) -> list[BleNews]:
        """What is said up to then."""
        before, end_ns = len(self.heard), at_ms * MS
        while True:
            due_ns = self.crowd.deadline_ns()
            times = [*self._untaken[:1], *([] if due_ns is None else [due_ns])]
            if not times or min(times) > end_ns:
                break
            self.now_ns = max(self.now_ns, min(times))
            if self._untaken and self._untaken[0] <= self.now_ns:
                self._untaken.pop(0)
                self.crowd.handle_taken(self.now_ns)
            self._listen()
        self.now_ns = end_ns
        return [news for _, news in self.heard[before:]]

    def _listen(self) -> None:
        for news in self.crowd.take_news(self.now_ns):
            self.heard.append((self.now_ns, news))
            if isinstance(news, Came | Joined):
                self._untaken.append(self.now_ns + LATE_NS)
