"""Virtual time: how much faster than the device itself a simulated upload runs."""

import time
from collections.abc import Callable, Iterator

from benchmarks.measure import Measurement
from benchmarks.sizes import Sizes
from quecsim.flash.timing import FlashMode
from quecsim.profiles.loader import load_profile
from quecsim.rig import Rig, RigConfig
from quecsim.trace.event import Event
from quecsim.units import s
from quecsim.virtual.port import VirtualPort

# Flash at its slowest stops the device for longer than the ring lasts: there the host obeys RTS.
_WAYS = (
    (FlashMode.TYPICAL, (0, 0), 1000, 3000),
    (FlashMode.DRAWN, (2, 2), None, None),
    (FlashMode.WORST, (2, 2), None, None),
)


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """A file at 115200 baud, with the flash at work, event stream drained but not kept."""
    for mode, ifc, need, aim in _WAYS:
        model_s, real_s = upload(sizes.virtual_bytes, mode, ifc)
        yield Measurement(
            f"virtual time, {mode.value} flash",
            model_s / real_s,
            "x real time",
            f"{sizes.virtual_bytes} bytes: {model_s:.1f} s of model time in {real_s:.3f} s",
            need,
            aim,
            is_more_better=True,
        )


def upload(
    size: int,
    mode: FlashMode,
    ifc: tuple[int, int],
    take: Callable[[list[Event]], object] = len,
) -> tuple[float, float]:
    """An upload of `size` bytes: (model time, real time) in seconds. `take` gets the events."""
    data = bytes(range(256)) * (size // 256 + 1)
    data = data[:size]
    rig = Rig(load_profile("ec200u"), RigConfig(flash_mode=mode, ifc=ifc))
    rig.start()
    port = VirtualPort(rig, timeout=60, rtscts=ifc == (2, 2))
    port.write(b'ATE0;+QFUPL="bench.bin",%d\r' % size)
    _read_until(port, b"CONNECT\r\n")
    begin_model_ns, begin_ns = port.now_ns, time.perf_counter_ns()
    for start in range(0, size, 4096):
        port.write(data[start : start + 4096])
        take(rig.take_events())
    reply = _read_until(port, b"OK\r\n")
    take(rig.take_events())
    real_ns = time.perf_counter_ns() - begin_ns
    model_ns = port.now_ns - begin_model_ns
    if b"+QFUPL: %d," % size not in reply or rig.device.context.ufs.read_file("bench.bin") != data:
        raise RuntimeError(f"the upload went wrong: {reply!r}")
    return model_ns / s(1), real_ns / s(1)


def _read_until(port: VirtualPort, until: bytes) -> bytes:
    reply = b""
    while not reply.endswith(until):
        byte = port.read(1)
        if not byte:
            raise RuntimeError(f"the device fell silent after {reply!r}")
        reply += byte
    return reply
