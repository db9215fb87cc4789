"""The Bluetooth LE of a device, from AT+QBLEINIT on: one role, and one connection at most.

Commands call it, the air tells it (`quecsim.at.ble.Air`), and the host hears of it by unsolicited
result codes, or over the serial line itself where that is the connection (`ble_stream`). What only
a peripheral or only a central does is in `ble_peripheral` and `ble_central`.
"""

from collections.abc import Callable
from typing import Any

from quecsim.at.ble import Air
from quecsim.border.ble import (
    SMALLEST_MTU,
    BleNews,
    Came,
    Discovered,
    Heard,
    Joined,
    Leave,
    Left,
    MtuIs,
    NotJoined,
    Parameters,
    ParametersAre,
    Refused,
    Subscribed,
    Value,
    Vanish,
    Written,
)
from quecsim.clients.ble_central import Central
from quecsim.clients.ble_peripheral import Peripheral
from quecsim.clients.ble_state import TRANSITIONS, Role, State, Step
from quecsim.clients.ble_stream import BleStream
from quecsim.clients.ble_voice import BleVoice
from quecsim.profiles.schema import Ble as BleProfile
from quecsim.profiles.schema import Wifi


class Ble:
    """`role` and `state` are those of the device; `mtu`, `parameters` and `is_central` those of its
    connection. `stream` is the transparent mode.
    """

    name = "Bluetooth LE"

    def __init__(self, air: Air, profile: BleProfile, wifi: Wifi) -> None:
        self.air = air
        self.profile = profile
        self.role = Role.NONE
        self.state = State.NOINIT
        self.mtu = SMALLEST_MTU
        self.parameters = Parameters()
        self.is_central = False
        self.voice = BleVoice(air, profile, wifi)
        self.stream = BleStream(self)
        self.peripheral = Peripheral(self)
        self.central = Central(self)

    # what commands ask for

    def begin(self, role: Role, *, readvertises: bool) -> None:
        """AT+QBLEINIT; `readvertises`: advertise again by itself behind a connection."""
        self.role = role
        self.peripheral.readvertises = readvertises
        self.move(Step.INIT)
        self.air.attend(self)

    def end(self) -> None:
        """AT+QBLEINIT=0: it is off, and the other side, if any, will miss the device."""
        if self.role is not Role.NONE:
            self.role = Role.NONE
            self.move(Step.OFF)
            self.air.want(Vanish())
            self.stream.forget()
            self.peripheral, self.central = Peripheral(self), Central(self)

    @property
    def is_connected(self) -> bool:
        """There is a connection."""
        return self.state is State.CONNECTED

    @property
    def payload_bytes(self) -> int:
        """The most data of one write or notification."""
        return self.mtu - 3

    @property
    def has_room(self) -> bool:
        """The stack takes one more piece of data."""
        return self.air.waiting() < self.profile.queue_pieces

    def leave(self) -> None:
        """AT+QBLEDISCONN. What becomes of it the host hears later."""
        self.air.want(Leave())

    def move(self, step: Step) -> None:
        """It stands elsewhere now."""
        self.state = TRANSITIONS[self.state, step]

    # what the air tells (quecsim.at.ble.BleClient)

    def told(self, news: BleNews) -> None:
        """Something has happened on the air."""
        _TOLD[type(news)](self, news)

    def gone(self, count: int) -> None:  # noqa: ARG002 - each piece makes room for one
        """A piece of data has reached the other side."""
        self.stream.wake()

    def deadline_ns(self) -> int | None:
        """When its central has waited long enough."""
        return self.central.deadline_ns()

    def on_time(self) -> None:
        """It has."""
        self.central.on_time()

    def _joined(self, news: Joined) -> None:
        self.mtu, self.parameters, self.is_central = SMALLEST_MTU, news.parameters, news.is_central
        self.move(Step.JOINED)
        self.stream.joined()
        if news.is_central:
            self.central.joined(news)
        else:
            self.peripheral.joined(news)

    def _not_joined(self, news: NotJoined) -> None:
        self.central.not_joined(news)

    def _left(self, news: Left) -> None:
        self.move(Step.LEFT)
        self.stream.over()
        self.voice.state("DISCONNECTED")
        if self.is_central:
            self.central.left(news)
        else:
            self.peripheral.left(news)

    def _mtu_is(self, news: MtuIs) -> None:
        self.mtu = news.mtu
        self.voice.mtu(news.mtu)

    def _parameters_are(self, news: ParametersAre) -> None:
        self.parameters = news.parameters
        self.voice.parameters(news.parameters)

    def _came(self, news: Came) -> None:
        if not self.stream.takes(news.uuid, news.data):
            self.voice.received(news.uuid, news.data, self.air.heard_offset)

    def _subscribed(self, news: Subscribed) -> None:
        self.peripheral.subscribed(news)


_TOLD: dict[type, Callable[[Ble, Any], None]] = {
    Heard: lambda ble, news: ble.central.heard(news),
    Joined: Ble._joined,
    NotJoined: Ble._not_joined,
    Left: Ble._left,
    MtuIs: Ble._mtu_is,
    ParametersAre: Ble._parameters_are,
    Discovered: lambda ble, news: ble.central.discovered(news),
    Value: lambda ble, news: ble.central.value(news),
    Written: lambda ble, news: ble.central.written(news),
    Refused: lambda ble, news: ble.central.refused(news),
    Came: Ble._came,
    Subscribed: Ble._subscribed,
}
