"""Flow control keeps its promise: with enough headroom not one byte is lost, with less, one is.

Headroom is what the ring still takes when the device asks the host to stop: its size less the
level `rts_off_bytes`. How much is enough, for a far end that stops `lag_bytes` late:

RTS/CTS    lag_bytes. RTS falls as the byte that reaches the level ends. The next one has not begun
           then, so `lag_bytes` more come and nothing else.
XON/XOFF   max(lag_bytes, 1) + 1. The XOFF is on its way for one byte time, in which one byte comes.
           Where it also has to wait for a byte that the device has just begun to send, the far end
           has by then begun another, which it finishes: that one counts towards its lag.
ACK mode   no flow control at all: a ring of one block, because the host sends no byte of the next
           block before the last one has left the ring.

All of this is about a host that waits for CONNECT: flow control works in data mode only, unless
the profile says `flow_scope = "always"`.
"""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.flash.stall import AddedStall
from quecsim.flash.timing import FlashMode
from quecsim.rig import RigConfig
from quecsim.trace.event import HostHeld, Lost, Rts
from quecsim.units import S, ms
from tests.laws.driver import Setup, law
from tests.laws.host import Host
from tests.laws.strategies import pattern

BLOCK = 1024


@st.composite
def hardships(draw: st.DrawFn) -> RigConfig:
    """Slow flash and stalls."""
    durations = st.one_of(st.integers(1, ms(5)), st.integers(1, ms(900)))
    places = st.builds(AddedStall, durations, at_byte=st.integers(1, 5000))
    again = st.builds(AddedStall, durations, every_bytes=st.integers(100, 2000))
    return RigConfig(
        flash_mode=draw(st.sampled_from(list(FlashMode))),
        stalls=tuple(draw(st.lists(places | again, max_size=3))),
        seed=draw(st.integers(0, 9)),
        lag_bytes=draw(st.one_of(st.integers(0, 3), st.integers(0, 150))),
        ipr=draw(st.sampled_from([None, 9600, 230400, 921600])),
    )


def upload(setup: Setup, data: bytes, *, ack: bool, waits: bool, pieces: list[int]) -> Host:
    """Upload `data`; the host `waits` for each `A`, or does not."""
    host = Host(setup.rig())
    host.send(b'AT+QFUPL="a",%d,60,%d\r' % (len(data), ack))
    host.wait_for(b"CONNECT\r\n")
    step = BLOCK if waits else len(data)
    for start in range(0, len(data), step):
        host.send(data[start : start + step], pieces)
        if waits and start + step < len(data):
            host.wait_for(b"A")
    host.wait_for(b"+QFUPL: ", 3000 * S)
    host.wait_for(b"OK\r\n")
    host.rig.finish(host.now_ns)
    return host


def assert_whole(host: Host, data: bytes) -> None:
    counters = host.rig.counters()
    assert counters["lost"] == 0
    assert counters["stored"] == len(data)
    assert host.rig.device.context.ufs.read_file("a") == data


@law(120)
@given(
    config=hardships(),
    ring=st.integers(BLOCK, 4096),
    size=st.integers(1, 5000) | st.sampled_from([1023, 1024, 1025, 2048, 4096]),
    pieces=st.lists(st.integers(1, 1024), max_size=8),
    final=st.booleans(),
)
def test_a_host_that_waits_for_each_ack_loses_nothing(
    config: RigConfig, ring: int, size: int, pieces: list[int], final: bool
) -> None:
    files = {"block_count": 32, "ack_final_full_block": final}
    setup = Setup({"uart": {"rx_ring_bytes": ring}, "files": files}, config)
    host = upload(setup, pattern(size), ack=True, waits=True, pieces=pieces)
    assert_whole(host, pattern(size))


def test_a_ring_of_less_than_a_block_is_too_small_for_ack_mode() -> None:
    config = RigConfig(stalls=(AddedStall(ms(400), at_byte=1),))
    setup = Setup({"uart": {"rx_ring_bytes": BLOCK - 2}}, config)
    host = Host(setup.rig())
    host.send(b'AT+QFUPL="a",2048,5,1\r')
    host.wait_for(b"CONNECT\r\n")
    host.send(pattern(BLOCK))
    host.pause(S)
    assert host.rig.counters()["lost"] == 1  # one byte was taken before the stall, 1022 fit


@st.composite
def watermarks(draw: st.DrawFn, headroom: int) -> dict[str, int]:
    off = draw(st.one_of(st.integers(16, 300), st.integers(16, 3000)))
    on = draw(st.integers(0, off - 1))
    return {"rx_ring_bytes": off + headroom, "rts_off_bytes": off, "rts_on_bytes": on}


def flow_setup(config: RigConfig, marks: dict[str, int], flow: str, block: int) -> Setup:
    return Setup(
        {
            "uart": {**marks, "ifc_values": (0, 1, 2)},
            "files": {"block_count": 32, "data_buffer_bytes": block},
        },
        replace(config, host_flow=flow, ifc=IFC[flow]),
    )


IFC = {"rtscts": (2, 2), "xonxoff": (0, 1)}


def headroom_bytes(flow: str, lag_bytes: int) -> int:
    return lag_bytes if flow == "rtscts" else max(lag_bytes, 1) + 1


@pytest.mark.parametrize("flow", IFC)
@law(120)
@given(
    data=st.data(),
    config=hardships(),
    size=st.integers(1, 6000),
    block=st.integers(1, 4096),
    ack=st.booleans(),
    pieces=st.lists(st.integers(1, 3000), max_size=4),
)
def test_enough_headroom_loses_nothing(
    flow: str,
    data: st.DataObject,
    config: RigConfig,
    size: int,
    block: int,
    ack: bool,
    pieces: list[int],
) -> None:
    marks = data.draw(watermarks(headroom_bytes(flow, config.lag_bytes)))
    setup = flow_setup(config, marks, flow, block)
    host = upload(setup, pattern(size), ack=ack, waits=False, pieces=pieces)
    assert_whole(host, pattern(size))


@pytest.mark.parametrize("flow", IFC)
@pytest.mark.parametrize("lag_bytes", [1, 2, 7, 64])
@pytest.mark.parametrize("missing", [0, 1])
def test_one_byte_less_loses_one(flow: str, lag_bytes: int, missing: int) -> None:
    """Nothing happens but one long stall."""
    marks = {"rts_off_bytes": 256, "rts_on_bytes": 100}
    marks["rx_ring_bytes"] = 256 + headroom_bytes(flow, lag_bytes) - missing
    config = RigConfig(
        flash_mode=FlashMode.INSTANT,
        stalls=(AddedStall(ms(300), at_byte=500),),
        lag_bytes=lag_bytes,
    )
    host = Host(flow_setup(config, marks, flow, 4096).rig())
    host.send(b'AT+QFUPL="a",3000,5\r')
    host.wait_for(b"CONNECT\r\n")
    host.send(pattern(3000))
    host.pause(20 * S)
    events = host.rig.take_events()
    assert [e.on for e in events if isinstance(e, Rts)] == [False, True]
    assert [e.held for e in events if isinstance(e, HostHeld)] == [True, False]
    assert host.rig.counters()["lost"] == missing


def test_xoff_that_waits_for_the_shifter_lets_one_more_byte_come() -> None:
    """A far end without lag; the last `A` has just begun when surplus bytes reach the level."""
    lost = {1: 0, 2: 0}
    for off in range(30, 50):
        for headroom in lost:
            marks = {"rx_ring_bytes": off + headroom, "rts_off_bytes": off, "rts_on_bytes": 1}
            setup = flow_setup(RigConfig(lag_bytes=0), marks, "xonxoff", 4096)
            host = Host(setup.rig())
            host.send(b'AT+QFUPL="a",2048,5,1\r')
            host.wait_for(b"CONNECT\r\n")
            host.send(pattern(5000))
            host.pause(20 * S)
            lost[headroom] += host.rig.counters()["lost"]
    assert lost == {1: 1, 2: 0}


@pytest.mark.parametrize(
    ("ifc", "flow"), [((0, 0), "none"), ((2, 2), "none"), ((0, 0), "rtscts"), ((0, 0), "xonxoff")]
)
@pytest.mark.parametrize(("baud", "ring"), [(115200, 512), (921600, 4096), (9600, 100)])
def test_without_flow_control_the_loss_is_arithmetic(
    ifc: tuple[int, int], flow: str, baud: int, ring: int
) -> None:
    """What arrives during the stall and does not fit is lost: with one end only, all the same."""
    stall_ns, at_byte, size = ms(300), 500, 40_000
    config = RigConfig(
        flash_mode=FlashMode.INSTANT,
        stalls=(AddedStall(stall_ns, at_byte=at_byte),),
        ipr=baud,
        ifc=ifc,
        host_flow=flow,
    )
    host = Host(Setup({"uart": {"rx_ring_bytes": ring}}, config).rig())
    host.send(b'AT+QFUPL="a",%d,5\r' % size)
    host.wait_for(b"CONNECT\r\n")
    start_ns, sent = host.now_ns, len(b'AT+QFUPL="a",40000,5\r')
    host.send(pattern(size))
    host.pause(60 * S)

    def edge_ns(count: int) -> int:
        return start_ns + count * 10 * S // baud

    end_ns = edge_ns(at_byte) + stall_ns
    during = next(n for n in range(size) if edge_ns(at_byte + n + 1) > end_ns)
    host.rig.finish(host.now_ns)
    losses = [e for e in host.rig.take_events() if isinstance(e, Lost)]
    assert host.rig.counters()["lost"] == max(0, during - ring)
    if during > ring:
        (lost,) = losses
        assert lost.offset == sent + at_byte + ring
        assert lost.count == during - ring
        assert (lost.at_ns, lost.last_ns) == (
            edge_ns(at_byte + ring + 1),
            edge_ns(at_byte + during),
        )
