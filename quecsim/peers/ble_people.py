"""Who is on the air, by the settings: everybody with an address, and when he advertises."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from quecsim.border.ble import Heard
from quecsim.gatt.end import Side
from quecsim.peers.ble_advertiser import Advertiser, advertisement
from quecsim.peers.ble_person import Person
from quecsim.peers.ble_phone import Phone
from quecsim.peers.ble_sensor import Sensor
from quecsim.peers.ble_settings import AnyBlePeer, BleOthers, BlePhone, address_of
from quecsim.rng import Stream
from quecsim.units import ms

_RESOLVABLE, _ADDRESS_BITS = 1 << 46, 46  # a random private one


class Other(Person):
    """Somebody who only advertises."""

    kind = "crowd"

    def side(self) -> Side:
        """Nobody connects to him."""
        raise AssertionError(self.name)


@dataclass(frozen=True, slots=True)
class People:
    """`sensors` by the number of their advertiser."""

    all: list[Person] = field(default_factory=list)
    phones: list[Phone] = field(default_factory=list)
    sensors: dict[int, Sensor] = field(default_factory=dict)
    advertisers: list[Advertiser] = field(default_factory=list)


def people(settings: Sequence[AnyBlePeer], seed: int) -> People:
    """All of them, in order."""
    made = People()
    for index, one in enumerate(settings):
        if isinstance(one, BleOthers):
            _add_others(made, one, index, seed)
            continue
        address = address_of(one, index)
        if isinstance(one, BlePhone):
            phone = Phone(one, address, seed)
            made.phones.append(phone)
            made.all.append(phone)
        else:
            sensor = Sensor(one, address, seed)
            made.sensors[len(made.advertisers)] = sensor
            made.advertisers.append(sensor.advertiser(seed))
            made.all.append(sensor)
    return made


def add_phone(made: People, one: BlePhone, seed: int) -> None:
    """One more."""
    phone = Phone(one, address_of(one, len(made.all)), seed)
    made.phones.append(phone)
    made.all.append(phone)


def _add_others(made: People, one: BleOthers, index: int, seed: int) -> None:
    drawn = Stream(seed, f"Bluetooth LE: others {index}")
    for number in range(1, one.count + 1):
        name = f"{one.name} {number}"
        address = f"{_RESOLVABLE | (drawn.u64() % (1 << _ADDRESS_BITS)):012x}"
        rssi_dbm = -drawn.between(45, 98)
        data = advertisement(name)
        heard = Heard(address, True, name, rssi_dbm, data, is_connectable=False)
        made.all.append(Other(name, address, is_random=True))
        made.advertisers.append(Advertiser(heard, ms(one.adv_interval_ms), seed))
