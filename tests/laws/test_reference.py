"""The fast receive path, which handles runs of bytes, is the slow one, which handles bytes."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from quecsim.flash.stall import Stall
from quecsim.flash.timing import FlashMode
from quecsim.rig import RigConfig
from quecsim.trace.event import FlashBusy, Lost, Rts, Stored
from quecsim.trace.event import Stall as StallEvent
from quecsim.units import S, ms, us
from tests.laws.driver import Run, Setup, Step, Write, law, play
from tests.laws.reference import Outcome, Rules, simulate
from tests.laws.strategies import pattern

BITS = {"8N1": 10, "8N2": 11, "8E1": 11}


@st.composite
def lines(draw: st.DrawFn) -> Setup:
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
            "files": {"block_count": 16, "data_buffer_bytes": draw(st.integers(1, 3000))},
        },
        RigConfig(
            host_flow=draw(st.sampled_from(["none", "rtscts"])),
            ifc=draw(st.sampled_from([(0, 0), (2, 2), (0, 2)])),
            lag_bytes=draw(st.integers(0, 40)),
            flash_mode=draw(st.sampled_from(list(FlashMode))),
            stalls=tuple(Stall(draw(durations), at_byte=place) for place in places),
            seed=draw(st.integers(0, 9)),
        ),
    )


@st.composite
def hosts(draw: st.DrawFn, setup: Setup) -> tuple[int, bool, list[Step]]:
    """A size, ACK mode, and data in pieces, never a second apart; it may begin before CONNECT.

    Often a piece comes as the one before it ends, to the nanosecond: that is where trains begin.
    """
    size, ack = draw(st.integers(1, 5000)), draw(st.booleans())
    count = draw(st.one_of(st.just(size), st.integers(1, 6000)))
    data = plain_data(count)
    command = b'AT+QFUPL="a",%d,5,%d\r' % (size, ack)
    steps: list[Step] = [(0, Write(command))]
    gaps = st.one_of(st.just(0), st.integers(0, ms(30)), st.integers(0, us(200)), st.none())
    uart, before = setup.profile.uart, len(command)
    while data:
        piece = draw(st.one_of(st.just(len(data)), st.integers(1, min(len(data), 700))))
        gap_ns = draw(gaps)
        if gap_ns is None:
            gap_ns = before * BITS[uart.frame] * S // uart.baud + draw(st.integers(-1, 3))
        steps.append((gap_ns, Write(data[:piece])))
        data, before = data[piece:], piece
    return size, ack, steps


@st.composite
def cases(draw: st.DrawFn) -> tuple[Setup, int, bool, list[Step]]:
    setup = draw(lines())
    return (setup, *draw(hosts(setup)))


def plain_data(count: int) -> bytes:
    """Data that is neither a command nor an escape when it is left over."""
    return pattern(count).translate(bytes(b if b not in b"Aa+\r" else b"x"[0] for b in range(256)))


def rules_of(setup: Setup, size: int, ack: bool, run: Run) -> Rules:
    """The setup in the reference's words; only the flash's times are taken from the run."""
    profile, config = setup.profile, setup.config
    uart, files = profile.uart, profile.files
    throttles = config.ifc is not None and config.ifc[1] == 2
    return Rules(
        baud=uart.baud,
        bits=BITS[uart.frame],
        ring_bytes=uart.rx_ring_bytes,
        off_level=uart.rts_off_bytes if throttles else 1 << 30,
        on_level=uart.rts_on_bytes,
        obeys_rts=config.host_flow == "rtscts",
        lag_bytes=config.lag_bytes,
        latency_ns=us(profile.at.command_latency_us),
        size=size,
        block_bytes=files.ack_block_bytes if ack else files.data_buffer_bytes,
        stalls=[(s.at_byte, s.duration_ns) for s in config.stalls if s.at_byte is not None],
        create_ns=work_ns(run, "created"),
        store_ns=store_times(run),
        close_ns=work_ns(run, "closed"),
    )


def work_ns(run: Run, why: str) -> int:
    return sum(w.until_ns - w.at_ns for w in run.of(FlashBusy) if w.why.startswith(why))


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
    assert [(e.at_ns, e.go) for e in run.of(Rts)] == slow.rts
    assert dict(run.files)["a"] == bytes(slow.file)
    stored = [(e.at_ns, e.total) for e in run.of(Stored)]
    if len(slow.file) == size:
        assert stored == slow.stored
    else:  # the last block was cut short by the time-out
        assert stored[: len(slow.stored)] == slow.stored
    for lost in run.of(Lost):
        assert lost.at_ns == slow.arrived_ns[lost.offset]
        assert lost.last_ns == slow.arrived_ns[lost.offset + lost.count - 1]


@law(300)
@given(cases())
def test_fast_is_slow(case: tuple[Setup, int, bool, list[Step]]) -> None:
    setup, size, ack, script = case
    run = play(setup, script)
    slow = simulate(rules_of(setup, size, ack, run), writes_of(script))
    assert_equal(run, slow, size)


def test_the_reference_sees_losses_and_rts() -> None:
    """The law above would hold in silence if nothing ever happened."""
    stall = RigConfig(stalls=(Stall(ms(200), at_byte=1000),), ifc=(2, 2), host_flow="rtscts")
    parts = {
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
        slow = simulate(rules_of(setup, 3000, False, run), writes_of(script))
        assert_equal(run, slow, 3000)
        assert len(run.of(StallEvent)) == 1
        assert slow.highest == 512
        assert bool(slow.lost) is is_lost
        assert [go for _, go in slow.rts[:2]] == [False, True]
