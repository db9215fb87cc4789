"""A connection between two virtual controllers, each with a host of bumble's: the only file that
knows it.

    pair = Pair(central, peripheral)              they are connected
    pair.central.discover()                       ... as a client
    pair.peripheral.notify("fff2", b"21")         ... as a server
    pair.central.take()                           what has come there since the last call

Everything happens before a call returns.
"""

import logging
from collections.abc import Coroutine
from importlib.util import find_spec
from types import SimpleNamespace
from typing import Any, TypeVar

from quecsim.border.ble import (
    SMALLEST_MTU,
    Came,
    Characteristic,
    GattService,
    Subscribed,
)
from quecsim.errors import QuecsimError
from quecsim.gatt.end import (
    ATTRIBUTE_NOT_FOUND,
    INVALID_LENGTH,
    READ_NOT_PERMITTED,
    WRITE_NOT_PERMITTED,
    AttRefusedError,
    Side,
)
from quecsim.gatt.loop import StackLoop

T = TypeVar("T")

# Random static ones, of this link alone: what a peer is called on the air is no matter here.
_ADDRESSES = ("C0:00:00:00:00:01", "C0:00:00:00:00:02")
_ATT_BYTES = 3


_MISSING = "Bluetooth LE peers need bumble"
_INSTALL = "pip install 'quecsim[ble]'"


def need_stack() -> None:
    """Raises QuecsimError where the Bluetooth stack is not installed; nothing of it is loaded."""
    if find_spec("bumble") is None:
        raise QuecsimError(_MISSING, hint=_INSTALL)


def _bumble() -> SimpleNamespace:
    """Its modules. Raises QuecsimError where it is not installed."""
    try:
        from bumble import att, controller, core, device, gatt, hci, host, link
        from bumble.transport.common import AsyncPipeSink
    except ImportError:
        raise QuecsimError(_MISSING, hint=_INSTALL) from None
    # What it has to complain of is told by who asked for it. Without a handler Python would print
    # it, and so would the root's, which bumble itself sets up by the way.
    log = logging.getLogger("bumble")
    if not log.handlers:
        log.addHandler(logging.NullHandler())
        log.propagate = False
    return SimpleNamespace(
        att=att, controller=controller, core=core, device=device, gatt=gatt, hci=hci, host=host,
        link=link, pipe=AsyncPipeSink,
    )  # fmt: skip


class Pair:
    """Both sides of a connection, from its beginning. Raises QuecsimError without bumble.

    `steps` counts what the stack has done.
    """

    def __init__(self, central: Side, peripheral: Side) -> None:
        self._bumble = _bumble()
        self._loop = StackLoop()  # type: ignore[abstract] # what it has no use for is left out
        self.central, self.peripheral = self._loop.run(self._connected(central, peripheral))

    @property
    def steps(self) -> int:
        """How much there was to do, in turns of the loop."""
        return self._loop.steps

    @property
    def mtu(self) -> int:
        """What both have agreed on, in bytes."""
        return self.central.mtu

    async def _connected(self, central: Side, peripheral: Side) -> tuple["End", "End"]:
        link = self._bumble.link.LocalLink()
        one, other = (
            End(self._bumble, self._loop, side, address, link)
            for side, address in zip((central, peripheral), _ADDRESSES, strict=True)
        )
        for end in (one, other):
            await end.device.power_on()
        random = self._bumble.hci.OwnAddressType.RANDOM
        await other.device.start_advertising(auto_restart=False, own_address_type=random)
        one.begin(await one.device.connect(other.device.random_address))
        other.begin(next(iter(other.device.connections.values())))
        return one, other


class End:
    """One side. As a client it speaks of the other side's characteristics, as a server of its own;
    UUIDs are as the border has them.
    """

    def __init__(
        self, bumble: SimpleNamespace, loop: StackLoop, side: Side, address: str, link: Any
    ) -> None:
        """Within the loop."""
        self._bumble, self._loop, self._side = bumble, loop, side
        self._heard: list[Came | Subscribed] = []
        self._own: dict[str, Any] = {}
        self._exchanges = 0
        self._connection: Any = None
        controller = bumble.controller.Controller(side.name, link=link)
        config = bumble.device.DeviceConfiguration(
            name=side.name, address=bumble.hci.Address(address), gatt_service_enabled=False
        )
        sink = bumble.pipe(controller)
        self.device = bumble.device.Device(config=config, host=bumble.host.Host(controller, sink))
        self.device.gatt_server.max_mtu = side.mtu
        for service in side.services:
            self.device.add_service(self._service(service))

    def begin(self, connection: Any) -> None:
        """It is connected."""
        self._connection = connection
        ask = connection.gatt_client.send_request

        async def count_and_ask(request: Any) -> Any:
            self._exchanges += 1
            return await ask(request)

        connection.gatt_client.send_request = count_and_ask

    @property
    def mtu(self) -> int:
        """What both have agreed on, in bytes."""
        return int(self._connection.att_mtu)

    def take(self) -> list[Came | Subscribed]:
        """What has come to this side since the last call, in order."""
        heard, self._heard = self._heard, []
        return heard

    # as a client

    def exchange_mtu(self, mtu: int) -> int:
        """What both agree on: once for a connection; asked again it is the same."""
        client = self._connection.gatt_client
        return int(self._run(client.request_mtu(max(mtu, SMALLEST_MTU))))

    def keep_mtu(self, mtu: int) -> None:
        """It is as on a connection where both have agreed on `mtu`, for this side."""
        self._connection.on_att_mtu_update(mtu)

    def discover(self) -> tuple[tuple[GattService, ...], int]:
        """All services of the other side, and how many questions it took; each had an answer."""
        before = self._exchanges
        self._run(self._discover())
        return self._services(), self._exchanges - before

    def read(self, uuid: str) -> bytes:
        """The value. Raises AttRefusedError."""
        return bytes(self._run(self._connection.gatt_client.read_value(self._found(uuid))))

    def write(self, uuid: str, data: bytes, *, is_request: bool) -> None:
        """With an answer, or without. What is longer than MTU - 3 does not go into one, and is not
        written; nor is what the characteristic does not take that way. Raises AttRefusedError.
        """
        found, bits = self._found(uuid), self._bumble.gatt.Characteristic.Properties
        if not found.properties & (bits.WRITE if is_request else bits.WRITE_WITHOUT_RESPONSE):
            raise AttRefusedError(WRITE_NOT_PERMITTED)
        if len(data) > self.mtu - _ATT_BYTES:
            raise AttRefusedError(INVALID_LENGTH)
        self._run(self._connection.gatt_client.write_value(found, data, is_request))

    def subscribe(self, uuid: str, *, is_on: bool) -> None:
        """Notifications of it are switched on, or off. Raises AttRefusedError."""
        self._run(self._subscribe(self._found(uuid), uuid, is_on=is_on))

    # as a server

    def notify(self, uuid: str, data: bytes) -> None:
        """The other side has it, if it wants it: as much as fits into one, MTU - 3. Raises
        AttRefusedError where there is no such characteristic.
        """
        if uuid not in self._own:
            raise AttRefusedError(ATTRIBUTE_NOT_FOUND)
        server = self.device.gatt_server
        self._run(server.notify_subscriber(self._connection, self._own[uuid], data))

    # how

    def _run(self, what: Coroutine[Any, Any, T]) -> T:
        try:
            return self._loop.run(what)
        except self._bumble.att.ATT_Error as error:
            raise AttRefusedError(int(error.error_code)) from None

    def _service(self, service: GattService) -> Any:
        made = [self._characteristic(one) for one in service.characteristics]
        for one, characteristic in zip(service.characteristics, made, strict=True):
            self._own.setdefault(one.uuid, characteristic)
        return self._bumble.gatt.Service(self._uuid(service.uuid), made)

    def _characteristic(self, one: Characteristic) -> Any:
        gatt, refused = self._bumble.gatt, self._bumble.att.ATT_Error
        properties = gatt.Characteristic.Properties(0)
        for bit, has in (
            (gatt.Characteristic.Properties.READ, one.read),
            (gatt.Characteristic.Properties.WRITE, one.write),
            (gatt.Characteristic.Properties.WRITE_WITHOUT_RESPONSE, one.write_command),
            (gatt.Characteristic.Properties.NOTIFY, one.notify),
        ):
            if has:
                properties |= bit

        def read(_connection: Any) -> bytes:
            if not one.read:
                raise refused(error_code=READ_NOT_PERMITTED)
            return self._side.values.get(one.uuid, b"")

        def write(_connection: Any, data: bytes) -> None:
            if not (one.write or one.write_command):
                raise refused(error_code=WRITE_NOT_PERMITTED)
            self._side.values[one.uuid] = data
            self._heard.append(Came(one.uuid, data))

        value = gatt.CharacteristicValue(read=read, write=write)
        permissions = gatt.Characteristic.READABLE | gatt.Characteristic.WRITEABLE
        made = gatt.Characteristic(self._uuid(one.uuid), properties, permissions, value)
        made.on(
            made.EVENT_SUBSCRIPTION,
            lambda _connection, is_on, _indicate: self._heard.append(Subscribed(one.uuid, is_on)),
        )
        return made

    def _uuid(self, text: str) -> Any:
        return self._bumble.core.UUID(text)

    async def _discover(self) -> None:
        client = self._connection.gatt_client
        client.services.clear()
        for service in await client.discover_services():
            for characteristic in await client.discover_characteristics((), service):
                await client.discover_descriptors(characteristic)

    def _services(self) -> tuple[GattService, ...]:
        found = self._connection.gatt_client.services
        return tuple(
            GattService(_text(service.uuid), tuple(map(self._properties, service.characteristics)))
            for service in found
        )

    def _properties(self, found: Any) -> Characteristic:
        bits = self._bumble.gatt.Characteristic.Properties
        return Characteristic(
            _text(found.uuid),
            read=bool(found.properties & bits.READ),
            write=bool(found.properties & bits.WRITE),
            write_command=bool(found.properties & bits.WRITE_WITHOUT_RESPONSE),
            notify=bool(found.properties & bits.NOTIFY),
        )

    def _found(self, uuid: str) -> Any:
        """The other side's characteristic. Raises AttRefusedError."""
        client = self._connection.gatt_client
        if not client.services:
            self._run(self._discover())
        wanted, generic = self._uuid(uuid), self._bumble.gatt.GATT_GENERIC_ACCESS_SERVICE
        # One of its own comes before that of Generic Access, which everybody has first.
        for service in sorted(client.services, key=lambda each: each.uuid == generic):
            for characteristic in service.characteristics:
                if characteristic.uuid == wanted:
                    return characteristic
        raise AttRefusedError(ATTRIBUTE_NOT_FOUND)

    async def _subscribe(self, found: Any, uuid: str, *, is_on: bool) -> None:
        client = self._connection.gatt_client
        notify = self._bumble.gatt.Characteristic.Properties.NOTIFY
        descriptor = found.get_descriptor(
            self._bumble.gatt.GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR
        )
        if descriptor is None or not found.properties & notify:
            raise AttRefusedError(ATTRIBUTE_NOT_FOUND)
        value = bytes([is_on, 0])
        await client.write_value(descriptor, value, with_response=True)

        def hear(data: bytes) -> None:
            self._heard.append(Came(uuid, bytes(data), is_notification=True))

        client.notification_subscribers[found.handle] = {hear} if is_on else set()


def _text(uuid: Any) -> str:
    """As the border has it."""
    return str(uuid.to_hex_str("")).lower()
