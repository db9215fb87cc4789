"""A device that others connect to: its services, advertising, and what it notifies of."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from quecsim.border.ble import (
    Advertise,
    Characteristic,
    GattService,
    Joined,
    Left,
    Notify,
    StopAdvertising,
    Subscribed,
)
from quecsim.clients.ble_state import State, Step

if TYPE_CHECKING:
    from quecsim.clients.ble import Ble

UNHEARD = "the other side had not switched notifications on"
_MOST = 3  # services, and characteristics of all of them
_WRITE, _WRITE_COMMAND, _NOTIFY = 1, 2, 4  # the bits of <att_cfg>
ATT_CFG = _WRITE_COMMAND | _NOTIFY
"""What a characteristic can do where the host does not say."""
_FLAGS = bytes.fromhex("020106")  # to be found by everybody, Low Energy alone
_LOCAL_NAME = 0x09


@dataclass(slots=True)
class _Service:
    """One that the host is making."""

    uuid: str
    characteristics: list[Characteristic] = field(default_factory=list)
    is_done: bool = False


class Peripheral:
    """`readvertises`: it advertises again by itself when a connection is over. `data` is what the
    host wants to have advertised, empty: its name.
    """

    def __init__(self, ble: "Ble") -> None:
        self._ble = ble
        self.readvertises = True
        self.data = b""
        self._name = b""  # its bytes, as the host wrote them
        self._services: list[_Service] = []
        self._advertised: Advertise | None = None
        self._subscribed: set[str] = set()

    # its services

    def add_service(self, uuid: str) -> bool:
        """AT+QBLEGATTSSRV; False where there is no room for another."""
        has_room = len(self._services) < _MOST
        if has_room:
            self._services.append(_Service(uuid))
        return has_room

    def add_characteristic(self, uuid: str, properties: int) -> bool:
        """AT+QBLEGATTSCHAR, for the service added last; False where there is none, no room, or
        one of that UUID.
        """
        have = sum(len(service.characteristics) for service in self._services)
        is_taken = not self._services or have >= _MOST or self.find(uuid) is not None
        if not is_taken:
            made = Characteristic(
                uuid,
                write=bool(properties & _WRITE),
                write_command=bool(properties & _WRITE_COMMAND),
                notify=bool(properties & _NOTIFY),
            )
            self._services[-1].characteristics.append(made)
        return not is_taken

    def finish_services(self) -> bool:
        """AT+QBLEGATTSSRVDONE; False where the last one has no characteristic."""
        is_right = bool(self._services) and bool(self._services[-1].characteristics)
        if is_right:
            for service in self._services:
                service.is_done = True
        return is_right

    def find(self, uuid: str) -> Characteristic | None:
        """The characteristic of that UUID."""
        all_of_them = (each for service in self._services for each in service.characteristics)
        return next((each for each in all_of_them if each.uuid == uuid), None)

    @property
    def services(self) -> tuple[GattService, ...]:
        """Those that are complete: what others find."""
        return tuple(
            GattService(service.uuid, tuple(service.characteristics))
            for service in self._services
            if service.is_done
        )

    # advertising

    def advertise(self, name: str, address: str, interval_ns: int) -> None:
        """AT+QBLEADVSTART; `name` as the host wrote it, which others read as UTF-8."""
        self._name = name.encode("latin-1")
        self._begin(Advertise(self._name.decode("utf-8", "replace"), address, interval_ns))

    def say(self, data: bytes) -> None:
        """AT+QBLEADVDATA: advertise `data` from now on."""
        self.data = data
        if self._ble.state is State.ADVERTISING and self._advertised is not None:
            self._begin(self._advertised)

    def stop(self) -> None:
        """AT+QBLEADVSTOP."""
        if self._ble.state is State.ADVERTISING:
            self._ble.air.want(StopAdvertising())
            self._ble.move(Step.STOP)

    def _begin(self, wish: Advertise) -> None:
        name = self._name
        data = self.data or _FLAGS + bytes((1 + len(name), _LOCAL_NAME)) + name
        self._advertised = msgspec.structs.replace(wish, data=data, services=self.services)
        self._ble.air.want(self._advertised)
        self._ble.move(Step.ADVERTISE)

    # a connection

    def hears(self, uuid: str) -> bool:
        """The other side has notifications of that characteristic switched on."""
        return uuid in self._subscribed

    def notify(self, uuid: str, data: bytes) -> None:
        """Tell the other side, where it wants to know."""
        if self.hears(uuid):
            self._ble.air.want(Notify(uuid, data))
        else:
            self._ble.air.drop_up(uuid, data, UNHEARD)

    def joined(self, news: Joined) -> None:
        """Somebody has connected."""
        del news
        self._subscribed.clear()
        self._ble.voice.state("CONNECTED")

    def left(self, news: Left) -> None:
        """He is gone."""
        del news
        if self.readvertises and self._advertised is not None:
            self._begin(self._advertised)

    def subscribed(self, news: Subscribed) -> None:
        """He has notifications switched on, or off."""
        if news.is_on:
            self._subscribed.add(news.uuid)
        else:
            self._subscribed.discard(news.uuid)
