"""The fast receive path, which handles runs of bytes, is the slow one, which handles bytes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.checksum import checksum
from quecsim.flash.stall import AddedStall
from quecsim.flash.timing import FlashMode
from quecsim.rig import RigConfig
from quecsim.trace.event import DataEnd, FlashBusy, Lost, Rts, Stalled, Stored
from quecsim.units import S, ms, s, us
from tests.laws.driver import Parts, Run, Setup, Step, Write, law, play
from tests.laws.reference import Outcome, Rules, simulate
from tests.laws.strategies import pattern

BITS = {"8N1": 10, "8N2": 11, "8E1": 11}


@dataclass(frozen=True)
class Way:
    """How data gets into a device: the command lines, and the flash's works before and after it.

    The works have the words of the record: one tuple for each line. `block_bytes` None: all of the
    data is one block.
    """

    device: str
    lines: tuple[bytes, ...]  # `%d` is the size
    begin: tuple[tuple[str, ...], ...]
    end: tuple[str, ...] = ()
    block_bytes: int | None = 0  # 0: that of the device
    most: int = 5000
    may_be_too_much: bool = True
    start_ms: int = 0


QFUPL = (b'AT+QFUPL="a",%d,5,0\r',)
WAYS = (
    Way("ec200u", QFUPL, (("created",),), ("closed",)),
    Way("ec200u", (b'AT+QFUPL="a",%d,5,1\r',), (("created",),), ("closed",), block_bytes=1024),
    Way("ec200t", QFUPL, (("created",),), ("closed",)),
    Way("m95", QFUPL, (("created",),), ("closed",)),
    Way("m95", (b'AT+QFUPL="RAM:a",%d,5,0\r',), ((),)),
    Way("m95", (b'AT+QSECWRITE="NVRAM:CA0",%d\r',), (("looked",),), block_bytes=None, most=2017),
    Way("m95", (b'AT+QSECWRITE="RAM:a",%d\r',), ((),), block_bytes=None),
    Way(
        "fcm242d",
        (b'AT+QFOPEN="a",0\r', b"AT+QFWRITE=1,%d,5\r"),
        (("opened",), ()),
        ("wrote", "looked"),
    ),
    Way("uc200t", (b'AT+QFOTADL="FILE:%d"\r',), (("made room",),), ("closed",),
        may_be_too_much=False, start_ms=60),
    Way("ec200t", (b'AT+QFOTADL="FILE:%d",0\r',), (("made room",),), ("closed",),
        may_be_too_much=False, start_ms=1),
)  # fmt: skip


@st.composite
def lines(draw: st.DrawFn, way: Way) -> Setup:
    """A UART in one of its settings; ring, watermarks, blocks, stalls and flash as they come."""
    ring = draw(st.one_of(st.integers(16, 300), st.integers(16, 4096)))
    off = draw(st.integers(1, ring))
    baud, frame = draw(st.sampled_from([9600, 115200, 921600])), draw(st.sampled_from(list(BITS)))
    places = draw(st.lists(st.integers(1, 2500), max_size=3, unique=True))
    durations = st.one_of(st.integers(1, ms(3)), st.integers(1, ms(400)))
    return Setup(
        {
            "uart": {
                "baud": baud,
                "frame": frame,
                "rx_ring_bytes": ring,
                "rts_off_bytes": off,
                "rts_on_bytes": draw(st.integers(0, off - 1)),
            },
            "at": {
                "lf_wait_ms": 0,
                "command_latency_us": draw(st.sampled_from([1, 3000, 30_000])),
            },
            "files": {
                "block_count": 16,
                "ufs_bytes": 0,
                "data_buffer_bytes": draw(st.integers(1, 3000)),
            },
            "fota": {"start_ms": way.start_ms},
        },
        RigConfig(
            host_flow=draw(st.sampled_from(["none", "rtscts"])),
            ifc=draw(st.sampled_from([(0, 0), (2, 2), (0, 2)])),
            ipr=baud,
            lag_bytes=draw(st.integers(0, 40)),
            flash_mode=draw(st.sampled_from(list(FlashMode))),
            stalls=tuple(AddedStall(draw(durations), at_byte=place) for place in places),
            seed=draw(st.integers(0, 9)),
        ),
        way.device,
    )


@st.composite
def hosts(draw: st.DrawFn, way: Way, setup: Setup) -> tuple[int, list[Step]]:
    """A size, and data in pieces, never a second apart; it may begin before the device is ready.

    Often a piece comes as the one before it ends, to the nanosecond: that is where trains begin.
    """
    size = draw(st.integers(1, way.most))
    most = size + 1000 if way.may_be_too_much else size
    data = plain_data(draw(st.one_of(st.just(size), st.integers(1, most))))
    *first, last = [line % size if b"%d" in line else line for line in way.lines]
    steps: list[Step] = [(0, Write(line)) for line in first]
    steps.append((s(3) if first else 0, Write(last)))
    gaps = st.one_of(st.just(0), st.integers(0, ms(30)), st.integers(0, us(200)), st.none())
    uart, before = setup.profile.uart, len(last)
    while data:
        piece = draw(st.one_of(st.just(len(data)), st.integers(1, min(len(data), 700))))
        gap_ns = draw(gaps)
        if gap_ns is None:
            gap_ns = before * BITS[uart.frame] * S // uart.baud + draw(st.integers(-1, 3))
        steps.append((gap_ns, Write(data[:piece])))
        data, before = data[piece:], piece
    return size, steps


@st.composite
def cases(draw: st.DrawFn) -> tuple[Way, Setup, int, list[Step]]:
    way = draw(st.sampled_from(WAYS))
    setup = draw(lines(way))
    return (way, setup, *draw(hosts(way, setup)))


def plain_data(count: int) -> bytes:
    """Data that is neither a command nor an escape when it is left over."""
    return pattern(count).translate(bytes(b if b not in b"Aa+\r" else b"x"[0] for b in range(256)))


def rules_of(way: Way, setup: Setup, size: int, run: Run) -> Rules:
    """The setup in the reference's words; only the flash's times are taken from the run."""
    profile, config = setup.profile, setup.config
    uart, files = profile.uart, profile.files
    has_flow_control = config.ifc is not None and config.ifc[1] == 2
    thinks_ns = us(profile.at.command_latency_us)
    works_ns = [[thinks_ns, *(work_ns(run, why) for why in whys)] for whys in way.begin]
    works_ns[-1].append(ms(way.start_ms))
    return Rules(
        baud=uart.baud,
        bits=BITS[uart.frame],
        ring_bytes=uart.rx_ring_bytes,
        off_level=uart.rts_off_bytes if has_flow_control else 1 << 30,
        on_level=uart.rts_on_bytes,
        obeys_rts=config.host_flow == "rtscts",
        lag_bytes=config.lag_bytes,
        lines_ns=works_ns,
        size=size,
        block_bytes=size if way.block_bytes is None else way.block_bytes or files.data_buffer_bytes,
        stalls=[(stall.at_byte, stall.duration_ns) for stall in config.stalls if stall.at_byte],
        store_ns=store_times(run),
        close_ns=sum(work_ns(run, why) for why in way.end),
    )


def work_ns(run: Run, why: str) -> int:
    """How long the first work of that name took."""
    works = [work for work in run.of(FlashBusy) if work.why.startswith(why)]
    return works[0].until_ns - works[0].at_ns if works else 0


def store_times(run: Run) -> list[int]:
    """The flash's time for each store; one that only filled a cache took none, and is no event."""
    times: list[int] = []
    before_ns = 0
    for event in run.of(FlashBusy, Stored):
        if isinstance(event, Stored):
            times.append(before_ns)
        is_store = isinstance(event, FlashBusy) and event.why == "storing the data"
        before_ns = event.until_ns - event.at_ns if is_store else 0
    return times


def writes_of(script: Sequence[Step]) -> list[tuple[int, bytes]]:
    writes, now_ns = [], 0
    for gap_ns, action in script:
        now_ns += gap_ns
        assert isinstance(action, Write)
        writes.append((now_ns, action.data))
    return writes


def assert_equal(run: Run, slow: Outcome, size: int) -> None:
    assert run.lost_offsets() == set(slow.lost)
    assert [(e.at_ns, e.on) for e in run.of(Rts)] == slow.rts
    assert_content(run, bytes(slow.file))
    stored = [(e.at_ns, e.total) for e in run.of(Stored)]
    if len(slow.file) == size:
        assert stored == slow.stored
    else:  # the last block was cut short by the time-out
        assert stored[: len(slow.stored)] == slow.stored
    for lost in run.of(Lost):
        assert lost.at_ns == slow.arrived_ns[lost.offset]
        assert lost.last_ns == slow.arrived_ns[lost.offset + lost.count - 1]


def assert_content(run: Run, expected: bytes) -> None:
    """What is there, or (of a package, which is gone by now) how much there was."""
    if run.files:
        assert dict(run.files) == {"a": expected}
    for found in run.secrets.values():
        assert found == (True, checksum(expected))
    assert sum(event.count for event in run.of(Stored)) == len(expected)


@law(350)
@given(cases())
def test_fast_is_slow(case: tuple[Way, Setup, int, list[Step]]) -> None:
    way, setup, size, script = case
    run = play(setup, script)
    slow = simulate(rules_of(way, setup, size, run), writes_of(script))
    assert_equal(run, slow, size)


@pytest.mark.parametrize(
    "way", WAYS, ids=lambda way: f"{way.device} {way.lines[-1][2:11].decode()}"
)
def test_every_way_takes_data(way: Way) -> None:
    """The law above would hold in silence if nothing ever happened."""
    parts: Parts = {"at": {"lf_wait_ms": 0}, "fota": {"start_ms": way.start_ms}}
    setup = Setup(parts, RigConfig(ipr=115200), way.device)
    lines = [line % 900 if b"%d" in line else line for line in way.lines]
    script: list[Step] = [(s(3), Write(text)) for text in (*lines, plain_data(900))]
    run = play(setup, script)
    slow = simulate(rules_of(way, setup, 900, run), writes_of(script))
    assert_equal(run, slow, 900)
    assert slow.file == plain_data(900)
    assert [end.why for end in run.of(DataEnd)] == ["size"]


def test_the_reference_sees_losses_and_rts() -> None:
    stall = RigConfig(stalls=(AddedStall(ms(200), at_byte=1000),), ifc=(2, 2), host_flow="rtscts")
    parts: Parts = {
        "uart": {"rx_ring_bytes": 512, "rts_off_bytes": 500, "rts_on_bytes": 50},
        "at": {"lf_wait_ms": 0},
    }
    script: list[Step] = [
        (0, Write(b'AT+QFUPL="a",3000,5\r')),
        (ms(9), Write(plain_data(3000))),
    ]
    for lag, is_lost in ((12, False), (13, True)):
        setup = Setup(parts, replace(stall, lag_bytes=lag))
        run = play(setup, script)
        slow = simulate(rules_of(WAYS[0], setup, 3000, run), writes_of(script))
        assert_equal(run, slow, 3000)
        assert len(run.of(Stalled)) == 1
        assert slow.highest == 512
        assert bool(slow.lost) is is_lost
        assert [go for _, go in slow.rts[:2]] == [False, True]
