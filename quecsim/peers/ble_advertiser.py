"""When somebody advertises on the air of a Bluetooth LE device, and what he says then."""

from collections.abc import Iterable

from quecsim.border.ble import Heard
from quecsim.rng import Stream
from quecsim.units import ms

_DELAY_NS = ms(10)
"""Each advertisement is late by up to that much, as the Core Specification wants it."""
_FLAGS = bytes.fromhex("020106")  # general discoverable, no BR/EDR
_SHORT_NAME, _NAME, _UUIDS_16, _UUIDS_128 = 0x08, 0x09, 0x03, 0x07
_MOST_BYTES = 31  # of an advertisement, and of a scan response


class Advertiser:
    """From `from_ns` until `until_ns`, every `interval_ns`, beginning at a time of its own that
    `seed` draws.
    """

    def __init__(
        self,
        heard: Heard,
        interval_ns: int,
        seed: int,
        from_ns: int = 0,
        until_ns: int | None = None,
    ) -> None:
        self.heard = heard
        self._interval_ns = interval_ns
        self._until_ns = until_ns
        self._seed = seed
        self._first_ns = from_ns + self._drawn("begins").below(interval_ns)

    def at_ns(self, number: int) -> int | None:
        """When advertisement `number` (from 0) is made; None: he is gone by then."""
        late_ns = self._drawn(str(number)).below(_DELAY_NS)
        at_ns = self._first_ns + number * self._interval_ns + late_ns
        return at_ns if self._until_ns is None or at_ns < self._until_ns else None

    def first_from(self, at_ns: int) -> int:
        """The number of the first that is made at `at_ns` or later."""
        number = max(0, (at_ns - self._first_ns - _DELAY_NS) // self._interval_ns)
        while (made_ns := self.at_ns(number)) is not None and made_ns < at_ns:
            number += 1
        return number

    def _drawn(self, what: str) -> Stream:
        return Stream(self._seed, f"Bluetooth LE: {self.heard.address} advertises, {what}")


def advertisement(name: str, services: Iterable[str] = ()) -> bytes:
    """What somebody says who only says that he is there, his name, and the first of his services;
    with a scan response behind it where both do not fit into one.
    """
    data = _FLAGS
    for uuid in list(services)[:1]:
        kind = _UUIDS_16 if len(uuid) == 4 else _UUIDS_128
        data += _field(kind, bytes.fromhex(uuid)[::-1])
    return data + _field(_NAME, name.encode()[: _MOST_BYTES - 2])


def name_in(data: bytes) -> str:
    """The name in an advertisement; empty where it says none."""
    rest = data
    while len(rest) > 1:
        size, kind = rest[0], rest[1]
        if kind in (_SHORT_NAME, _NAME) and size:
            return rest[2 : 1 + size].decode("utf-8", "replace")
        rest = rest[1 + size :]
    return ""


def _field(kind: int, data: bytes) -> bytes:
    return bytes([1 + len(data), kind]) + data
