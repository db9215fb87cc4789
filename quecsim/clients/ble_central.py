"""A device that connects to others: it scans, connects, discovers, reads and writes.

What the host hears of a connection: that it is there, its MTU, one line for each characteristic,
and "DOWN". Only then it may read and write.
"""

from collections import deque
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

from quecsim.border.ble import (
    AskMtu,
    AskParameters,
    Characteristic,
    Discover,
    Discovered,
    GiveUp,
    Heard,
    Join,
    Joined,
    Left,
    NotJoined,
    Parameters,
    Read,
    Refused,
    Scan,
    StopScan,
    Subscribe,
    Value,
    Write,
    Written,
)
from quecsim.clients.ble_state import Step

if TYPE_CHECKING:
    from quecsim.clients.ble import Ble


class ScanMode(IntEnum):
    """What AT+QBLESCAN shows of those who advertise."""

    NAMES = 1
    DATA = 2
    CONNECTABLE = 3  # data, and only of those that can be connected to


@dataclass(slots=True)
class _Scanning:
    mode: ScanMode
    until_ns: int | None
    shown: set[str] = field(default_factory=set)  # addresses


class Central:
    """What it has found of the other side, and what it waits for. Commands check before they call:
    `is_joining`, `is_ready`, `find`.
    """

    def __init__(self, ble: "Ble") -> None:
        self._ble = ble
        self._scanning: _Scanning | None = None
        self._give_up_ns: int | None = None
        self._mtu = 0  # that is asked for when there is a connection
        self._has_set_mtu = False
        self._there: dict[str, Characteristic] = {}
        self.is_ready = False
        """All that the other side has is known (`+QBLEINFO: "DOWN"`)."""
        self._unsaid: deque[str] = deque()
        self._reads: list[str] = []

    # what commands ask for

    @property
    def is_scanning(self) -> bool:
        """It listens for advertisements."""
        return self._scanning is not None

    @property
    def is_joining(self) -> bool:
        """The host waits for a connection."""
        return self._give_up_ns is not None

    def scan(
        self, mode: ScanMode, interval_ns: int, window_ns: int, duration_ns: int | None
    ) -> None:
        """Listen, for `duration_ns` or until `stop_scan`; a scan before is over."""
        until_ns = None if duration_ns is None else self._ble.air.now_ns + duration_ns
        self._scanning = _Scanning(mode, until_ns)
        self._ble.air.want(Scan(interval_ns, window_ns))

    def stop_scan(self) -> None:
        """Do not listen any more."""
        if self._scanning is not None:
            self._scanning = None
            self._ble.air.want(StopScan())

    def join(
        self, address: str, parameters: Parameters, timeout_ns: int, mtu: int, *, is_random: bool
    ) -> None:
        """Connect to `address`; give up after `timeout_ns`. With the connection `mtu` is asked
        for, where the device does that by itself.
        """
        self._mtu = mtu
        self._give_up_ns = self._ble.air.now_ns + timeout_ns
        self._ble.air.want(Join(address, is_random, parameters))

    def set_mtu(self, mtu: int) -> bool:
        """Ask for it; False where that was done in this connection."""
        if self._has_set_mtu:
            return False
        self._has_set_mtu = True
        self._ble.air.want(AskMtu(mtu))
        return True

    def set_parameters(self, parameters: Parameters) -> None:
        """Change those of the connection; what becomes of it the host hears later."""
        self._ble.air.want(AskParameters(parameters))

    def find(self, uuid: str) -> Characteristic | None:
        """A characteristic of the other side, if it has it and all of them are known."""
        return self._there.get(uuid) if self.is_ready else None

    def read(self, uuid: str) -> bool:
        """Ask for its value, which the host hears later; False where too much is asked already."""
        if len(self._reads) >= self._ble.profile.queue_pieces:
            return False
        self._reads.append(uuid)
        self._ble.air.want(Read(uuid))
        return True

    def write(self, uuid: str, data: bytes, *, is_request: bool) -> None:
        """Write it: with an answer, or without."""
        self._ble.air.want(Write(uuid, data, is_request))

    def subscribe(self, uuid: str, *, is_on: bool) -> None:
        """Have its notifications, or not any more."""
        self._ble.air.want(Subscribe(uuid, is_on))

    # what the air tells

    def joined(self, news: Joined) -> None:
        """The connection has come about."""
        del news
        ble, is_late = self._ble, not self.is_joining
        self._give_up_ns = None
        self._clear()
        ble.voice.state("CONNECTED")
        if is_late:  # it came while the device was giving up
            ble.leave()
            return
        if ble.profile.asks_mtu:
            ble.air.want(AskMtu(self._mtu))
        ble.air.want(Discover())

    def not_joined(self, news: NotJoined) -> None:
        """It has not."""
        del news
        if self.is_joining:
            self._failed()

    def left(self, news: Left) -> None:
        """It is over."""
        del news
        self._clear()

    def heard(self, news: Heard) -> None:
        """Somebody advertises."""
        scanning, profile = self._scanning, self._ble.profile
        if scanning is None:
            return
        if scanning.mode is ScanMode.CONNECTABLE and not news.is_connectable:
            return
        address = news.address.lower()
        if address in scanning.shown and not profile.scan_repeats:
            return
        scanning.shown.add(address)
        name = news.name.encode("utf-8", "replace").decode("latin-1")  # its bytes as they are
        values = [self._shown(name), str(int(news.is_random)), self._shown(address)]
        if scanning.mode is not ScanMode.NAMES:
            values += [str(news.rssi_dbm), self._shown(news.data.hex())]
        self._ble.voice.line("+QBLESCAN", ",".join(values))

    def discovered(self, news: Discovered) -> None:
        """What the other side has."""
        has_handles, handle = self._ble.profile.info_handles, 0
        for service in news.services:
            handle += 1  # its declaration
            for each in service.characteristics:
                handle += 2  # its declaration, and its value
                self._there.setdefault(each.uuid, each)
                self._unsaid.append(f"{handle} {each.uuid}" if has_handles else each.uuid)
                handle += each.notify  # the switch of its notifications
        self._unsaid.append("DOWN")
        self._say_next()

    def value(self, news: Value) -> None:
        """What was read: a line of its own, as it is."""
        self._answered(news.uuid)
        self._ble.air.say(news.data.decode("latin-1"))

    def written(self, news: Written) -> None:
        """A write request is answered: the host has its OK."""

    def refused(self, news: Refused) -> None:
        """Reading or writing is not allowed: the host has its OK, and hears no more."""
        self._answered(news.uuid)

    def deadline_ns(self) -> int | None:
        """When the host has waited long enough for a connection, or for a scan."""
        until_ns = None if self._scanning is None else self._scanning.until_ns
        times = [each for each in (until_ns, self._give_up_ns) if each is not None]
        return min(times, default=None)

    def on_time(self) -> None:
        """It has."""
        now_ns, scanning = self._ble.air.now_ns, self._scanning
        if scanning is not None and scanning.until_ns is not None and scanning.until_ns <= now_ns:
            self.stop_scan()
        if self._give_up_ns is not None and self._give_up_ns <= now_ns:
            self._ble.air.want(GiveUp())
            self._failed()

    # inside

    def _failed(self) -> None:
        self._give_up_ns = None
        self._ble.move(Step.FAILED)
        self._ble.voice.state("DISCONNECTED")

    def _clear(self) -> None:
        self._has_set_mtu = self.is_ready = False
        self._there.clear()
        self._unsaid.clear()
        self._reads.clear()

    def _say_next(self) -> None:
        """One behind the other: there may be more than the device keeps for its host."""
        if self._unsaid and self._ble.central is self:  # not since switched off
            text = self._unsaid.popleft()
            self._ble.voice.found(text, self._say_next)
            self.is_ready = not self._unsaid

    def _answered(self, uuid: str) -> None:
        if uuid in self._reads:
            self._reads.remove(uuid)

    def _shown(self, text: str) -> str:
        voice = self._ble.voice
        return voice.word(text) if self._ble.profile.scan_quotes else text
