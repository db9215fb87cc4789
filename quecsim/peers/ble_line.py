"""The connection of somebody with a Bluetooth LE device: GATT on one side, the border on the other.

What the device wants becomes what its GATT client or server does, and what that brings it is said
as news; the same for the other side. Each thing happens when it is asked for: the time that it
takes on the air is the radio's (`quecsim.link.ble`).
"""

from collections.abc import Callable

from quecsim.border.ble import (
    AskMtu,
    AskParameters,
    BleNews,
    BleWish,
    Came,
    Characteristic,
    Discover,
    Discovered,
    KeepMtu,
    MtuIs,
    Notify,
    Parameters,
    ParametersAre,
    Read,
    Refused,
    Subscribe,
    Subscribed,
    Value,
    Write,
    Written,
)
from quecsim.gatt.end import AttRefusedError, Side
from quecsim.gatt.stack import End, Pair


class Line:
    """`unheard` is how many pieces of data the device has not taken yet. `is_central`: it is the
    central.
    """

    def __init__(
        self,
        device: Side,
        other: Side,
        parameters: Parameters,
        say: Callable[[BleNews], None],
        *,
        is_central: bool,
    ) -> None:
        self.is_central = is_central
        self.parameters = parameters
        self.unheard = 0
        self._services = device.services
        self._say = say
        self._device: End
        self._other: End
        if is_central:
            pair = Pair(device, other)
            self._device, self._other = pair.central, pair.peripheral
        else:
            pair = Pair(other, device)
            self._other, self._device = pair.central, pair.peripheral

    @property
    def device_has(self) -> str:
        """The device's characteristics, and what may be done with them, in words."""
        found = [one for service in self._services for one in service.characteristics]
        return "; ".join(f"{one.uuid} ({_properties(one)})" for one in found) or "none"

    @property
    def mtu(self) -> int:
        """What both have agreed on, in bytes."""
        return self._other.mtu

    # what the device does

    def follow(self, wish: BleWish) -> list[Came | Subscribed]:
        """What has come to the other side of it."""
        try:
            self._follow(wish)
        except AttRefusedError as refused:
            is_heard = not isinstance(wish, Write) or wish.is_request
            if isinstance(wish, Read | Subscribe | Write) and is_heard:
                self._say(Refused(wish.uuid, refused.error))
        return self._other.take()

    def _follow(self, wish: BleWish) -> None:
        device, say = self._device, self._say
        match wish:
            case AskMtu(mtu):
                say(MtuIs(device.exchange_mtu(mtu)))
            case KeepMtu(mtu):
                for end in (device, self._other):
                    end.keep_mtu(mtu)
            case AskParameters(parameters):
                self.change(parameters)
            case Discover():
                say(Discovered(*device.discover()))
            case Read(uuid):
                say(Value(uuid, device.read(uuid)))
            case Write(uuid, data, is_request):
                device.write(uuid, data, is_request=is_request)
                if is_request:
                    say(Written(uuid))
            case Subscribe(uuid, is_on):
                device.subscribe(uuid, is_on=is_on)
                say(Written(uuid))
            case Notify(uuid, data):
                device.notify(uuid, data)
            case _:
                pass

    # what the other side does; raises AttRefusedError where the device refuses it

    def ask_mtu(self, mtu: int) -> None:
        """It asks for a larger MTU; both have what both can."""
        self._say(MtuIs(self._other.exchange_mtu(mtu)))

    def change(self, parameters: Parameters) -> None:
        """The connection gets other parameters."""
        self.parameters = parameters
        self._say(ParametersAre(parameters))

    def discover(self) -> int:
        """It looks for the device's services: how many questions it took."""
        return self._other.discover()[1]

    def read(self, uuid: str) -> bytes:
        """A value of the device's."""
        return self._other.read(uuid)

    def write(self, uuid: str, data: bytes, *, is_request: bool) -> None:
        """A characteristic of the device's."""
        self._other.write(uuid, data, is_request=is_request)
        self._told()

    def subscribe(self, uuid: str, *, is_on: bool) -> None:
        """Notifications of one of the device's."""
        self._other.subscribe(uuid, is_on=is_on)
        self._told()

    def notify(self, uuid: str, data: bytes) -> None:
        """One of its own has a new value; the device hears of it if it wants to."""
        self._other.notify(uuid, data)
        self._told()

    def _told(self) -> None:
        for heard in self._device.take():
            self.unheard += isinstance(heard, Came)
            self._say(heard)


def _properties(one: Characteristic) -> str:
    """As in `write_command, notify`."""
    has = ("read", "write", "write_command", "notify")
    return ", ".join(each for each in has if getattr(one, each)) or "nothing"
