"""The Wi-Fi station of a device, as a table: which event leads where, and what the host is told.

A station that has an access point to join tries until it has joined it, and again when it has lost
it. Nothing here knows the time.
"""

from collections.abc import Callable, Sequence
from enum import Enum, StrEnum, auto
from typing import NamedTuple

from quecsim.at.access_point import AccessPoint
from quecsim.profiles.schema import Wifi
from quecsim.units import ms


class Standing(StrEnum):
    """How a station stands."""

    DOWN = "down"
    JOINING = "joining"
    CONNECTED = "connected"  # and without an address
    GOT_IP = "got ip"


class Change(StrEnum):
    """What changes that."""

    JOIN = "told to join"
    NO_AP = "found no access point"
    REFUSED = "not let in"
    JOINED = "let in"
    ADDRESSED = "has an address"
    UNADDRESSED = "wants another address"
    LOST = "lost its access point"
    LEFT = "left its access point"
    STOP = "told to stop"


TRANSITIONS: dict[tuple[Standing, Change], Standing] = {
    (Standing.DOWN, Change.JOIN): Standing.JOINING,
    (Standing.JOINING, Change.JOIN): Standing.JOINING,
    (Standing.JOINING, Change.NO_AP): Standing.JOINING,
    (Standing.JOINING, Change.REFUSED): Standing.JOINING,
    (Standing.JOINING, Change.JOINED): Standing.CONNECTED,
    (Standing.JOINING, Change.STOP): Standing.DOWN,
    (Standing.CONNECTED, Change.ADDRESSED): Standing.GOT_IP,
    (Standing.CONNECTED, Change.LOST): Standing.JOINING,
    (Standing.CONNECTED, Change.LEFT): Standing.DOWN,
    (Standing.GOT_IP, Change.UNADDRESSED): Standing.CONNECTED,
    (Standing.GOT_IP, Change.LOST): Standing.JOINING,
    (Standing.GOT_IP, Change.LEFT): Standing.DOWN,
}


class Gone(StrEnum):
    """Why there is no Wi-Fi under a link any more: a closed set."""

    STOPPED = "the station was stopped"
    JOINS_ANOTHER = "the station joined another access point"
    READDRESSED = "the station's address changed"
    DEAUTHENTICATED = "the access point threw the station out"
    NETWORK_LOST = "the access point is gone"
    ASLEEP = "the device fell asleep"
    AP_STOPPED = "the access point of the device was stopped"
    DARK = "device down"


class Addresses(NamedTuple):
    """What a station or an access point has, each a dotted quad."""

    ip: str = "0.0.0.0"
    mask: str = "0.0.0.0"
    gateway: str = "0.0.0.0"
    dns: str = "0.0.0.0"


NO_ADDRESSES = Addresses()


class Aim(NamedTuple):
    """The access point that a station is to join."""

    ssid: str
    key: str = ""


class _Step(Enum):
    """What the station waits for."""

    NOTHING = auto()
    START = auto()
    SCAN = auto()
    HANDSHAKE = auto()
    RETRY = auto()
    DHCP = auto()


class Outlet(NamedTuple):
    """Where a station leaves what it has to say. All may be called from inside any method.

    `wake(delay_ns)`: call `on_timer` after that time, once; None: not any more.
    `say(event)`: the host is told. `lost(why)`: what ran over its address ends.
    `heard_dns(addresses)`: the name servers that it was given.
    """

    wake: Callable[[int | None], None]
    say: Callable[[str], None]
    lost: Callable[[Gone], None]
    heard_dns: Callable[[Sequence[str]], None]


class Station:
    """`saved` is the access point that it joins at a start; it outlives the power. `point` is the
    one that it has joined, `addresses` what it has there. `uses_dhcp`, and `static`, the addresses
    without it (None: never set), last until the next start.

    `find(ssid)` is what there is of that name, the strongest first.
    """

    def __init__(
        self,
        wifi: Wifi,
        find: Callable[[str], list[AccessPoint]],
        outlet: Outlet,
        saved: Aim | None,
    ) -> None:
        self._wifi = wifi
        self._find = find
        self._outlet = outlet
        self.saved = saved
        self.standing = Standing.DOWN
        self.point: AccessPoint | None = None
        self.addresses = NO_ADDRESSES
        self.uses_dhcp = True
        self.static: Addresses | None = None
        self._aim: Aim | None = None
        self._is_to_be_saved = False
        self._step = _Step.NOTHING

    @property
    def is_connected(self) -> bool:
        """It has joined an access point."""
        return self.standing in (Standing.CONNECTED, Standing.GOT_IP)

    # what the host wants

    def join(self, aim: Aim, *, saves: bool) -> None:
        """Join that access point, and leave the present one; `saves`: keep it for later starts."""
        self._leave(Gone.JOINS_ANOTHER)
        self._aim, self._is_to_be_saved = aim, saves
        if saves and self._wifi.save_when == "command":
            self.saved = aim
        self._move(Change.JOIN)
        self._scan()

    def stop(self) -> None:
        """Leave, and join no more."""
        self._leave(Gone.STOPPED)
        self._wait(_Step.NOTHING)
        self._move(Change.STOP)

    def forget(self) -> None:
        """No access point is saved any more; the present one stays, unless the device leaves it."""
        self.saved, self._is_to_be_saved = None, False
        if self._wifi.forget_leaves:
            self.stop()

    def use_dhcp(self, *, is_on: bool) -> None:
        """Have the address by DHCP, or the static one where there is one."""
        before, self.uses_dhcp = self.uses_dhcp, is_on
        if before != is_on and (is_on or self.static is not None):
            self._readdress()

    def set_static(self, addresses: Addresses) -> None:
        """The addresses without DHCP."""
        self.static = addresses
        if not self.uses_dhcp:
            self._readdress()

    # the device's start and end

    def be_up(self) -> None:
        """It joined what is saved long ago, or found nothing of it."""
        if self.saved is None:
            return
        self._aim = self.saved
        self.standing = Standing.JOINING
        point = self._joinable()
        if point is None:
            self._wait(_Step.RETRY, self._wifi.retry_ms)
            return
        self.point, self.standing = point, Standing.CONNECTED
        if point.dhcp:
            self.standing = Standing.GOT_IP
            self._take_given()

    def boot(self, delay_ns: int) -> None:
        """The device is ready in `delay_ns`, and joins what is saved by itself."""
        if self.saved is not None:
            self._step = _Step.START
            self._outlet.wake(delay_ns)

    def go_dark(self) -> None:
        """The device restarts, or has no power: nobody is told, but for what ran over it."""
        self._wait(_Step.NOTHING)
        had_address = self.standing is Standing.GOT_IP
        self.standing, self.addresses, self.point = Standing.DOWN, NO_ADDRESSES, None
        self._aim, self._is_to_be_saved = None, False
        self.uses_dhcp, self.static = True, None
        if had_address:
            self._outlet.lost(Gone.DARK)

    def on_timer(self) -> None:
        """The time of `Outlet.wake` has come."""
        step, self._step = self._step, _Step.NOTHING
        _ON_TIME[step](self)

    # what the world does

    def lose(self, why: Gone) -> None:
        """It is out of its access point, and wants back."""
        if not self.is_connected:
            return
        self._drop(why)
        if self._wifi.reconnects:
            self._scan()
        else:
            self.stop()

    def fall_asleep(self) -> None:
        """The radio is off: it is out of its access point, and waits for nothing."""
        self._wait(_Step.NOTHING)
        self._drop(Gone.ASLEEP)

    def wake_up(self) -> None:
        """The radio is on again: it tries what it tried, or joins what it had joined."""
        if self.standing is Standing.JOINING:
            self._scan()

    # inside

    def _drop(self, why: Gone) -> None:
        """It is out of its access point."""
        if self.is_connected:
            self._lose_address(why, Change.LOST)

    def _leave(self, why: Gone) -> None:
        if self.is_connected:
            self._lose_address(why, Change.LEFT)

    def _lose_address(self, why: Gone, change: Change) -> None:
        """The host is told before what ran over it ends."""
        had_address = self.standing is Standing.GOT_IP
        self.addresses = NO_ADDRESSES
        if change is not Change.UNADDRESSED:
            self.point = None
        self._move(change)
        if had_address:
            self._outlet.lost(why)

    def _move(self, change: Change) -> None:
        after = TRANSITIONS.get((self.standing, change))
        if after is None:
            return
        self.standing = after
        event = _event(change, self._wifi)
        if event:
            self._outlet.say(event)

    def _wait(self, step: _Step, delay_ms: int = 0) -> None:
        self._step = step
        self._outlet.wake(None if step is _Step.NOTHING else ms(delay_ms))

    def _start(self) -> None:
        if self.saved is not None:
            self._aim = self.saved
            self._move(Change.JOIN)
            self._scan()

    def _scan(self) -> None:
        self._wait(_Step.SCAN, self._wifi.scan_ms)

    def _scanned(self) -> None:
        assert self._aim is not None
        if self._find(self._aim.ssid):
            rest_ms = max(0, self._wifi.join_ms - self._wifi.scan_ms)
            self._wait(_Step.HANDSHAKE, rest_ms)
        else:
            self._fail()

    def _shaken(self) -> None:
        point = self._joinable()
        if point is None:
            self._fail()
            return
        self.point = point
        if self._is_to_be_saved:
            self.saved = self._aim
        self._move(Change.JOINED)
        self._ask_address()

    def _fail(self) -> None:
        assert self._aim is not None
        self._wait(_Step.RETRY, self._wifi.retry_ms)
        self._move(Change.REFUSED if self._find(self._aim.ssid) else Change.NO_AP)

    def _joinable(self) -> AccessPoint | None:
        """The access point that lets it in; None: there is none, or the key is another."""
        assert self._aim is not None
        found = self._find(self._aim.ssid)
        return next((point for point in found if point.key == self._aim.key), None)

    def _readdress(self) -> None:
        """Where it has joined an access point, it has another address from now on."""
        if self.is_connected:
            self._wait(_Step.NOTHING)
            self._lose_address(Gone.READDRESSED, Change.UNADDRESSED)
            self._ask_address()

    def _ask_address(self) -> None:
        """It has just joined, or wants another address."""
        assert self.point is not None
        if not self.uses_dhcp and self.static is not None:
            self.addresses = self.static
            self._outlet.heard_dns((self.static.dns,))
            self._move(Change.ADDRESSED)
        elif self.uses_dhcp and self.point.dhcp:
            self._wait(_Step.DHCP, self._wifi.dhcp_ms)

    def _answered(self) -> None:
        self._take_given()
        self._move(Change.ADDRESSED)

    def _take_given(self) -> None:
        """What DHCP has answered."""
        point = self.point
        assert point is not None
        self.addresses = Addresses(point.address, point.mask, point.gateway, point.dns[0])
        if self._wifi.dhcp_sets_dns:
            self._outlet.heard_dns(point.dns)


def _event(change: Change, wifi: Wifi) -> str:
    """What +QSTASTAT says of it; empty: nothing."""
    if change is Change.REFUSED:
        return wifi.refused_event
    if change is Change.LOST:
        return wifi.lost_event
    return wifi.left_event if change is Change.LEFT else _EVENTS.get(change, "")


_EVENTS = {
    Change.NO_AP: "SCAN_NO_AP",
    Change.JOINED: "WLAN_CONNECTED",
    Change.ADDRESSED: "GOT_IP",
}
_ON_TIME: dict[_Step, Callable[[Station], None]] = {
    _Step.NOTHING: lambda _station: None,
    _Step.START: Station._start,
    _Step.SCAN: Station._scanned,
    _Step.HANDSHAKE: Station._shaken,
    _Step.RETRY: Station._scan,
    _Step.DHCP: Station._answered,
}
