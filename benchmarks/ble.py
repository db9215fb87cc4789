"""Bluetooth LE in virtual time: transparent mode against what its connection allows, and what an
exchange costs.
"""

import time
from collections.abc import Iterator
from statistics import median
from typing import Any

import serial
from msgspec.structs import replace

import quecsim
from benchmarks.asking import ask, await_text
from benchmarks.measure import Measurement
from benchmarks.sizes import Sizes
from quecsim.border.ble import Parameters
from quecsim.link.ble_pace import BlePace
from quecsim.peers.ble_settings import BleParameters, BlePhone, BleStep
from quecsim.profiles.loader import load_profile
from quecsim.rig.ble_air import ble_pace
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Scenario

_DEVICE = "fcm242d"
_BAUD = 921_600
_PATIENCE_S = 600
_NEED_MS = 60.0
_CHUNK_BYTES, _AHEAD_BYTES = 244, 2900
_UUID, _MTU = "fff2", 247
_SERVICE = (
    b"AT+QECHO=0", b"AT+QBLEINIT=2", b'AT+QBLEGATTSSRV="fff0"', b'AT+QBLEGATTSCHAR="fff2"',
    b"AT+QBLEGATTSSRVDONE",
)  # fmt: skip


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """Up in transparent mode over three intervals, then whole exchanges."""
    for interval in (12, 24, 400):
        yield from _transparent(sizes.ble_bytes, interval)
    yield _exchanges(sizes.stories)


def _scenario(interval: int, *steps: BleStep) -> Scenario:
    plain = make_scenario(_DEVICE, baud=_BAUD)
    phone = BlePhone(name="phone", parameters=BleParameters(interval=interval), steps=steps)
    return replace(plain, ble_peers=(phone,))


def _connected(device: Any, service: tuple[bytes, ...] = _SERVICE) -> Any:
    port = serial.serial_for_url(device.url, baudrate=_BAUD, timeout=_PATIENCE_S)
    for command in service:
        ask(port, command)
    ask(port, b"AT+QBLEADVSTART", b'CONNECTED"\r\n')
    await_text(port, b"+QBLEMTU: %d\r\n" % _MTU)
    return port


def _transparent(size: int, interval: int) -> Iterator[Measurement]:
    """Bytes a second, and how much faster than the device itself."""
    pace, data = ble_pace(load_profile(_DEVICE)), bytes(range(256)) * (size // 256)
    steps = (BleStep(do="mtu", mtu=_MTU), BleStep(do="subscribe", uuid=_UUID))
    with quecsim.open_virtual(scenario=_scenario(interval, *steps)) as device:
        port = _connected(device)
        time.sleep(5)
        ask(port, b'AT+QBLETRANMODE="fff2"', b"CONNECT\r\n")
        begin_s, begin_ns = time.monotonic(), time.process_time_ns()
        _pour(device, port, data)
        model_s = time.monotonic() - begin_s
        real_s = (time.process_time_ns() - begin_ns) / 1e9
    limit = _limit(pace, interval)
    rate = len(data) / model_s
    yield Measurement(
        f"transparent mode over Bluetooth LE, interval {interval * 1.25:g} ms",
        abs(rate / limit - 1) * 100,
        "% off its limit",
        f"{len(data)} bytes: {rate:.0f} bytes/s of {limit}",
        1.0 if size >= 200_000 else None,
    )
    yield Measurement(
        f"the same in virtual time, interval {interval * 1.25:g} ms",
        model_s / real_s,
        "x real time",
        f"{model_s:.1f} s of model time in {real_s:.3f} s",
        is_more_better=True,
    )


def _pour(device: Any, port: Any, data: bytes) -> None:
    """As fast as the air takes it: the device has no way to stop its host, and a ring that ends."""
    for start in range(0, len(data), _CHUNK_BYTES):
        while start - _air_bytes(device) > _AHEAD_BYTES:
            time.sleep(0.002)
        port.write(data[start : start + _CHUNK_BYTES])
    while _air_bytes(device) < len(data):
        time.sleep(0.002)


def _limit(pace: BlePace, interval: int) -> int:
    """What the air carries; the line is faster."""
    limit = pace.bytes_per_s(Parameters(interval), _MTU)
    assert limit < _BAUD // 10
    return limit


def _air_bytes(device: Any) -> int:
    counters: dict[str, int] = device.counters
    return counters.get("ble_up", 0) - counters.get("ble_up_on_way", 0)


def _exchanges(count: int) -> Measurement:
    """Advertise, connect, MTU, notifications on, a write, a notification, the end: each time."""
    steps = (
        BleStep(do="mtu", mtu=_MTU),
        BleStep(do="discover"),
        BleStep(do="subscribe", uuid=_UUID),
        BleStep(do="write", uuid=_UUID, text="hello"),
        BleStep(do="leave", after_bytes=5),
    )
    scenario = _scenario(24, *steps)
    _exchange(scenario)
    times = []
    for _ in range(count):
        begin_ns = time.process_time_ns()
        _exchange(scenario)
        times.append((time.process_time_ns() - begin_ns) / 1e6)
    detail = f"{min(times):.1f} .. {max(times):.1f} ms, with the device's start"
    return Measurement("a GATT exchange", median(times), "ms", detail, _NEED_MS)


def _exchange(scenario: Scenario) -> None:
    with quecsim.open_virtual(scenario=scenario) as device:
        port = _connected(device)
        await_text(port, b"hello\r\n")
        ask(port, b'AT+QBLEGATTSNTFY=0,"fff2","world"')
        await_text(port, b'DISCONNECTED"\r\n')
