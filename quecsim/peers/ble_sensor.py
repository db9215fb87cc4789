"""A peripheral that a Bluetooth LE device connects to: it has values, and notifies of them."""

from quecsim.border.ble import Came, Characteristic, GattService, Heard, Subscribed
from quecsim.gatt.end import Side
from quecsim.peers.ble_advertiser import Advertiser, advertisement, name_in
from quecsim.peers.ble_line import Line
from quecsim.peers.ble_person import Person
from quecsim.peers.ble_settings import BleSensor, BleValue
from quecsim.rng import Stream
from quecsim.units import ms

_MOST_UNHEARD = 16  # pieces that its stack holds for the device; more it leaves out


class Sensor(Person):
    """Does as its settings say."""

    kind = "sensor"

    def __init__(self, settings: BleSensor, address: str, seed: int) -> None:
        super().__init__(settings.name, address, is_random=settings.address_type == "random")
        self.settings = settings
        self.subscribed: set[str] = set()
        self._values = {
            _uuid(value): value.data(Stream(seed, f"Bluetooth LE: {address}, {value.uuid}"))
            for service in settings.services
            for value in service.characteristics
        }
        self._services = tuple(
            GattService(service.uuid.lower(), tuple(map(_characteristic, service.characteristics)))
            for service in settings.services
        )
        self._every_ns = {
            _uuid(value): ms(value.every_ms)
            for service in settings.services
            for value in service.characteristics
            if value.every_ms is not None
        }
        self._due_ns: dict[str, int] = {}
        self._leaves_ns: int | None = None
        self._came_bytes = 0

    def advertiser(self, seed: int) -> Advertiser:
        """How it advertises."""
        one = self.settings
        services = (service.uuid for service in one.services)
        data = bytes.fromhex(one.adv_data) or advertisement(one.name, services)
        until_ns = None if one.until_ms is None else ms(one.until_ms)
        heard = Heard(
            self.address, self.is_random, name_in(data), one.rssi_dbm, data, one.connectable
        )
        return Advertiser(heard, ms(one.adv_interval_ms), seed, ms(one.from_ms), until_ns)

    def side(self) -> Side:
        """Its services and values; what was written before is still there."""
        return Side(self.name, self._services, self._values, self.settings.mtu)

    def connected(self, now_ns: int, line: Line) -> None:
        """It asks for the parameters that it wants."""
        super().connected(now_ns, line)
        one = self.settings
        self._leaves_ns = None if one.leaves_ms is None else now_ns + ms(one.leaves_ms)
        self._came_bytes = 0
        if one.asks is not None:
            line.change(one.asks.made)

    def left(self) -> None:
        """Nobody has its notifications on any more."""
        super().left()
        self.subscribed.clear()
        self._due_ns.clear()
        self._leaves_ns = None

    def heard(self, now_ns: int, what: Came | Subscribed) -> None:
        """It was written, or is to notify."""
        super().heard(now_ns, what)
        if isinstance(what, Came):
            self._came_bytes += len(what.data)
            after = self.settings.leaves_after_bytes
            if after is not None and self._came_bytes >= after:
                self._leaves_ns = now_ns
        elif what.is_on:
            self.subscribed.add(what.uuid)
            if (every_ns := self._every_ns.get(what.uuid)) is not None:
                self._due_ns[what.uuid] = now_ns + every_ns
        else:
            self.subscribed.discard(what.uuid)
            self._due_ns.pop(what.uuid, None)

    def deadline_ns(self) -> int | None:
        """When it notifies, or leaves."""
        times = [*self._due_ns.values(), *([] if self._leaves_ns is None else [self._leaves_ns])]
        return min(times, default=None)

    def advance(self, now_ns: int) -> None:
        """It notifies, and leaves."""
        for uuid, due_ns in list(self._due_ns.items()):
            if due_ns <= now_ns and self.line is not None:
                self._due_ns[uuid] = due_ns + self._every_ns[uuid]
                if self.line.unheard < _MOST_UNHEARD:
                    self.line.notify(uuid, self._values[uuid])
        if self._leaves_ns is not None and self._leaves_ns <= now_ns:
            self.end()


def _uuid(value: BleValue) -> str:
    return value.uuid.lower()


def _characteristic(value: BleValue) -> Characteristic:
    has = value.properties
    return Characteristic(
        _uuid(value),
        read="read" in has,
        write="write" in has,
        write_command="write_command" in has,
        notify="notify" in has,
    )
