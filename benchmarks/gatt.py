"""What a Bluetooth LE connection costs: a whole exchange of GATT by bumble, and one write."""

import time
from collections.abc import Iterator

from benchmarks.measure import Measurement
from benchmarks.sizes import Sizes
from quecsim.border.ble import Characteristic, GattService
from quecsim.gatt.end import Side
from quecsim.gatt.stack import Pair

_NEED_MS = 60
_AIM_MS = 30
_PIECES = 200
_SERVICES = (
    GattService(
        "fff1", (Characteristic("fff2", read=True, write=True, write_command=True, notify=True),)
    ),
)


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """Of the processor's time, at its best of some rounds; the stack is loaded before."""
    _exchange()
    took_ms = min(1000 * _seconds() for _ in range(sizes.report_rounds))
    yield Measurement(
        "gatt: an exchange", took_ms, "ms",
        "connect, MTU, discover, subscribe, write, notify, read", _NEED_MS, _AIM_MS,
    )  # fmt: skip
    pair = _exchange()
    begin_s = time.process_time()
    for _ in range(_PIECES):
        pair.central.write("fff2", bytes(20), is_request=False)
    each_ms = 1000 * (time.process_time() - begin_s) / _PIECES
    yield Measurement("gatt: a write", each_ms, "ms", f"the mean of {_PIECES}")


def _seconds() -> float:
    begin_s = time.process_time()
    _exchange()
    return time.process_time() - begin_s


def _exchange() -> Pair:
    pair = Pair(Side("phone"), Side("device", _SERVICES))
    phone, device = pair.central, pair.peripheral
    phone.exchange_mtu(247)
    phone.discover()
    phone.subscribe("fff2", is_on=True)
    phone.write("fff2", b"21.5", is_request=True)
    device.notify("fff2", b"22.0")
    assert phone.read("fff2") == b"21.5"
    assert len(phone.take()) == 1
    return pair
