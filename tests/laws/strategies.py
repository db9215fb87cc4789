"""Random devices, lines and hosts: everything a host can do to a port, right or wrong."""

from hypothesis import strategies as st

from quecsim.flash.stall import Stall
from quecsim.flash.timing import FlashMode
from quecsim.rig import RigConfig
from quecsim.units import ms, s, us
from tests.laws.driver import (
    CutPower,
    Cutter,
    Line,
    Parts,
    PowerOn,
    Ready,
    Setup,
    Step,
    Write,
)

BAUDS = st.sampled_from([9600, 115200, 230400, 921600])
FRAMES = st.sampled_from(["8N1", "8N2", "8E1"])
FLOWS = st.sampled_from(["none", "rtscts", "xonxoff"])
SIZES = st.one_of(
    st.integers(1, 40), st.integers(1, 3000), st.sampled_from([1023, 1024, 1025, 4096])
)
GAPS = st.one_of(
    st.just(0),
    st.integers(0, us(200)),
    st.integers(0, ms(60)),
    st.integers(0, s(2)),
    st.sampled_from([1, ms(20), ms(500), ms(1000), ms(1001), ms(1500), s(7)]),
)


def pattern(size: int, seed: int = 0) -> bytes:
    """Bytes in which every place is known by its neighbours; all 256 values occur."""
    return bytes((index * 7 + index // 251 + seed) & 0xFF for index in range(size))


@st.composite
def stalls(draw: st.DrawFn) -> Stall:
    duration_ns = draw(st.one_of(st.integers(1, ms(5)), st.integers(1, ms(700))))
    if draw(st.booleans()):
        return Stall(duration_ns, at_byte=draw(st.integers(0, 2500)))
    return Stall(duration_ns, every_bytes=draw(st.integers(40, 2000)))


@st.composite
def setups(draw: st.DrawFn, *, ports: tuple[str, ...] = ("uart", "uart", "uart", "usb")) -> Setup:
    """A random device on a random line."""
    ring = draw(st.one_of(st.integers(16, 600), st.sampled_from([1024, 4096, 8192])))
    off = draw(st.integers(1, ring))
    parts: Parts = {
        "uart": {
            "rx_ring_bytes": ring,
            "tx_ring_bytes": draw(st.sampled_from([16, 256, 4096])),
            "rts_off_bytes": off,
            "rts_on_bytes": draw(st.integers(0, off - 1)),
            "ifc_values": (0, 1, 2),
            "flow_scope": draw(st.sampled_from(["data", "always"])),
            "reopen_ms": draw(st.sampled_from([0, 0, 3, 500])),
            "tx_drop_ms": draw(st.sampled_from([5, 500])),
        },
        "usb": {"rx_ring_bytes": max(ring, 64), "packet_bytes": draw(st.sampled_from([8, 64]))},
        "at": {
            "command_latency_us": draw(st.sampled_from([0, 1, 3000, 40_000])),
            "lf_wait_ms": draw(st.sampled_from([0, 1, 20])),
            "urc_on_data_mode": draw(st.sampled_from(["clear", "keep"])),
        },
        "files": {
            "block_count": draw(st.sampled_from([8, 32, 32])),
            "data_buffer_bytes": draw(
                st.one_of(st.integers(1, 64), st.integers(1, 2048), st.sampled_from([4096, 8192]))
            ),
            "early_bytes": draw(st.sampled_from(["data", "discard"])),
            "surplus": draw(st.sampled_from(["command", "discard"])),
            "existing_file": draw(st.sampled_from(["refuse", "overwrite"])),
            "upload_timeout": draw(st.sampled_from(["cme421", "summary_then_421", "summary_ok"])),
            "upload_timer": draw(st.sampled_from(["idle", "total"])),
            "ack_final_full_block": draw(st.booleans()),
        },
    }
    is_unlimited = draw(st.sampled_from([False, False, False, False, True]))
    config = RigConfig(
        port=draw(st.sampled_from(ports)),
        is_unlimited=is_unlimited,
        host_baud=draw(st.sampled_from([None, None, None, 9600, 921600])),
        host_flow=draw(st.sampled_from(["auto", "none", "rtscts", "xonxoff"])),
        has_wires=draw(st.sampled_from([True, True, True, False])),
        lag_bytes=draw(st.one_of(st.integers(0, 3), st.integers(0, 200))),
        garbles=draw(st.sampled_from([False, False, True])),
        flash_mode=draw(st.sampled_from(list(FlashMode))),
        stalls=tuple(draw(st.lists(stalls(), max_size=2))),
        ifc=draw(st.sampled_from([None, (0, 0), (2, 2), (1, 1), (0, 2), (1, 2)])),
        ipr=draw(st.sampled_from([None, None, 921600])),
        seed=draw(st.integers(0, 5)),
        contents=draw(st.sampled_from([{}, {"old": pattern(900)}, {"a": b"there"}])),
    )
    return Setup(parts, config)


COMMANDS = st.sampled_from(
    [
        b"AT", b"ATE0", b"ATE1", b"ATV0", b"ATI", b"ATZ", b"AT&F", b"at+cmee=2;+ipr?",
        b"AT+CFUN=0;+CFUN=1", b"AT+IFC=2,2", b"AT+IFC=0,0", b"AT+IFC=1,1", b"AT+IPR=230400",
        b"AT+IPR=115200", b"AT+ICF=2,1", b"AT+CREG=2;+CREG?", b'AT+QFLST="*"', b'AT+QFDEL="a"',
        b'AT+QFDEL="*"', b'AT+QFDWL="old"', b'AT+QFOPEN="b",0', b"AT+QFWRITE=3000,200,1",
        b"AT+QFSEEK=3000,0", b"AT+QFREAD=3000,700", b"AT+QFCLOSE=3000", b"AT+NOSUCH", b"A/",
        b'AT+QFLDS="UFS"', b"ATE0V1;&W", b"AT" + b"x" * 1100,
    ]
)  # fmt: skip


@st.composite
def uploads(draw: st.DrawFn) -> list[Step]:
    """A QFUPL and data for it: enough, too little, too much, at once or after a wait."""
    size, data_bytes = draw(SIZES), draw(SIZES)
    data_bytes = draw(st.sampled_from([size, size, size, data_bytes]))
    name = draw(st.sampled_from([b"a", b"b", b"UFS:c"]))
    ack = draw(st.integers(0, 1))
    command = b'AT+QFUPL="%b",%d,%d,%d\r' % (name, size, draw(st.integers(1, 5)), ack)
    steps: list[Step] = [(draw(GAPS), Write(command))]
    data = pattern(data_bytes, draw(st.integers(0, 255)))
    while data:
        count = draw(st.one_of(st.just(len(data)), st.integers(1, len(data))))
        steps.append((draw(GAPS), Write(data[:count])))
        data = data[count:]
        if len(steps) > 6:
            break
    return steps


@st.composite
def escapes(draw: st.DrawFn) -> list[Step]:
    pluses = draw(st.sampled_from([b"+++", b"+", b"++", b"++++", b"+++A", b"a+++"]))
    steps = [
        (draw(st.sampled_from([0, ms(999), ms(1000), ms(1200)])), Write(pluses)),
        (draw(st.sampled_from([0, ms(100), ms(500), ms(700)])), Write(b"AT\r")),
    ]
    return [*steps]


def _one(action: st.SearchStrategy[Write | Line | Ready]) -> st.SearchStrategy[list[Step]]:
    return st.tuples(GAPS, action).map(lambda step: [step])


_POWER = st.sampled_from(
    [
        [(ms(3), CutPower()), (ms(5), PowerOn()), (s(6), Write(b"AT\r"))],
        [(0, CutPower())],
        [(0, PowerOn())],
        [(ms(1), Write(b"AT+CFUN=1,1\r")), (s(3), Write(b"AT\r"))],
        [(ms(1), Write(b"AT+QPOWD\r")), (s(8), PowerOn())],
        [(ms(1), Write(b"AT+QPOWD=0\r")), (ms(1), PowerOn())],
    ]
)
_HOST = st.one_of(
    _one(st.builds(Line, BAUDS, FRAMES, FLOWS)),
    _one(st.builds(Ready, st.booleans())),
)
_BYTES = _one(
    st.builds(
        Write,
        st.one_of(
            st.binary(max_size=60),
            st.sampled_from([b"\x11", b"\x13", b"\x13x\x11", b"\x1a", b"\n", b"\r", b"A", b"AT+"]),
            st.integers(1, 1200).map(pattern),
        ),
    )
)
_TYPED = _one(
    st.builds(lambda line, end: Write(line + end), COMMANDS, st.sampled_from([b"\r", b"\r\n"]))
)


@st.composite
def scripts(draw: st.DrawFn, most: int = 7) -> list[Step]:
    """A host that does a few things, mostly uploads."""
    parts = st.one_of(uploads(), uploads(), _TYPED, _TYPED, _BYTES, escapes(), _HOST, _POWER)
    return [step for part in draw(st.lists(parts, min_size=1, max_size=most)) for step in part]


SHARES = st.lists(st.integers(0, 1000), max_size=4)
CUTTERS = st.builds(
    Cutter, cuts=st.lists(st.integers(1, 700), max_size=5), waits=SHARES, naps=SHARES
)
