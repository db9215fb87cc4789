"""What the host does not read: it holds a lossless port, and is bounded on a paced line."""

import pytest

from quecsim.live.backlog import Backlog
from quecsim.profiles.loader import load_profile
from quecsim.rig import Rig, RigConfig
from quecsim.trace.event import HostReady, SendDropped
from quecsim.uart.rate import UnlimitedRate
from quecsim.uart.run import ByteRun
from quecsim.units import ms, s

MEGABYTE = 1 << 20


class Kernel:
    """Takes `room` bytes, and no more until the host reads."""

    def __init__(self) -> None:
        self.room = 4096
        self.taken = b""

    def unread_bytes(self) -> int:
        return 0

    def write(self, data: bytes | bytearray) -> int:
        count = min(len(data), self.room)
        self.taken += bytes(data[:count])
        self.room -= count
        return count


def made(config: RigConfig) -> tuple[Rig, Kernel, Backlog]:
    rig, kernel = Rig(load_profile("ec200u"), config), Kernel()
    rig.start()
    return rig, kernel, Backlog(rig, kernel)


def run(data: bytes) -> ByteRun:
    return ByteRun(0, 0, UnlimitedRate(), data, 0)


@pytest.mark.parametrize(
    "config", [RigConfig(is_unlimited=True), RigConfig(port="usb")], ids=["unlimited", "usb"]
)
def test_a_lossless_port_keeps_all_and_holds_the_device(config: RigConfig) -> None:
    rig, kernel, backlog = made(config)
    data = bytes(range(256)) * 12_000
    backlog.send(0, [run(data)])
    rig.host_write(0, b"AT\r")
    rig.advance(s(1))
    assert rig.take_output() == [], "the device is held"
    while backlog:
        kernel.room = 65_536
        backlog.send(s(1), [])
    assert kernel.taken == data
    rig.advance(s(2))
    assert b"".join(each.data for each in rig.take_output()).endswith(b"OK\r\n")
    assert not [event for event in rig.take_events() if isinstance(event, SendDropped)]


def test_a_paced_line_without_flow_control_keeps_a_megabyte_and_counts_the_rest() -> None:
    rig, _, backlog = made(RigConfig())
    backlog.send(0, [run(bytes(2 * MEGABYTE))])
    dropped = [event for event in rig.take_events() if isinstance(event, SendDropped)]
    assert [(each.count, each.why) for each in dropped] == [(MEGABYTE - 4096, "backlog")]
    assert len(backlog) == MEGABYTE


def test_with_rts_cts_the_device_waits() -> None:
    rig, kernel, backlog = made(RigConfig(ifc=(2, 2), host_flow="rtscts"))
    backlog.send(0, [run(bytes(20_000))])
    rig.host_write(0, b"AT\r")
    rig.advance(ms(50))
    assert rig.take_output() == []
    kernel.room = 20_000
    backlog.send(ms(50), [])
    rig.advance(s(1))
    assert rig.take_output()
    told = [event.ready for event in rig.take_events() if isinstance(event, HostReady)]
    assert told == [False, True]
