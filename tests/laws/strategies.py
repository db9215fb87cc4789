"""Random devices, lines and hosts: everything a host can do to a port, right or wrong."""

from collections.abc import Callable
from typing import Any, TypeAlias, get_args

from hypothesis import strategies as st

from quecsim.faults import (
    AckLate,
    AckLost,
    BitError,
    Break,
    ConnectLate,
    DiskFull,
    DropBytes,
    EchoOn,
    ErrorReply,
    ExistingFile,
    Fault,
    InsertBytes,
    PowerCutFault,
    ResetFault,
    RtsStuck,
    SplitReply,
    UrcFault,
)
from quecsim.faults.kinds.urc import UrcMoment
from quecsim.firmware.package import build_package
from quecsim.flash.stall import AddedStall
from quecsim.flash.timing import FlashMode
from quecsim.rig import RigConfig
from quecsim.testing import strategies as ours
from quecsim.units import ms, s, us
from tests.laws.driver import (
    CutPower,
    Cutter,
    Inject,
    Line,
    Parts,
    PowerOn,
    Ready,
    Restore,
    Setup,
    Step,
    Write,
    device_profile,
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
def stalls(draw: st.DrawFn) -> AddedStall:
    duration_ns = draw(st.one_of(st.integers(1, ms(5)), st.integers(1, ms(700))))
    if draw(st.booleans()):
        return AddedStall(duration_ns, at_byte=draw(st.integers(0, 2500)))
    return AddedStall(duration_ns, every_bytes=draw(st.integers(40, 2000)))


_AT_BYTE = st.one_of(st.integers(1, 60), st.integers(1, 3000))
_AT_MS = st.one_of(st.integers(0, 50), st.integers(0, 8000))
_SOME_MS = st.one_of(st.integers(1, 20), st.integers(1, 3000))
_WAY = st.sampled_from(["to_device", "to_device", "to_host"])
_PLACE = st.one_of(
    st.fixed_dictionaries({"at_byte": _AT_BYTE}),
    st.fixed_dictionaries({"per_million": st.sampled_from([300, 3000, 40_000])}),
)
_TIME = st.one_of(
    st.fixed_dictionaries({"at_byte": _AT_BYTE}), st.fixed_dictionaries({"at_ms": _AT_MS})
)
_NUMBER = st.integers(1, 4)
_NTH = st.one_of(
    st.fixed_dictionaries({"number": _NUMBER}), st.fixed_dictionaries({"every": _NUMBER})
)
_MOMENTS = st.sampled_from(get_args(UrcMoment))


def _built(kind: type[Any], keys: st.SearchStrategy[Any], **more: Any) -> st.SearchStrategy[Any]:
    return st.builds(lambda some, others: kind(**some, **others), keys, st.fixed_dictionaries(more))


def _numbered(kind: type[Any], name: str, **more: Any) -> st.SearchStrategy[Any]:
    keys = _NTH.map(lambda some: {name if key == "number" else key: some[key] for key in some})
    return _built(kind, keys, **more)


FAULTS: st.SearchStrategy[Fault] = st.one_of(
    _built(BitError, _PLACE, direction=_WAY, bit=st.sampled_from([None, 0, 5])),
    _built(DropBytes, _PLACE, direction=_WAY),
    st.builds(DropBytes, at_byte=_AT_BYTE, count=st.integers(2, 90)),
    _built(
        InsertBytes, _PLACE, direction=_WAY,
        bytes=st.sampled_from([(255,), (0, 65), (13,), (43, 43, 43), (17,), (19,), (65, 84, 13)]),
    ),
    _built(Break, _TIME, direction=_WAY, break_ms=_SOME_MS),
    _numbered(AckLate, "ack", delay_ms=_SOME_MS),
    st.builds(AckLost, ack=_NUMBER),
    st.builds(ConnectLate, connect=st.integers(1, 2), delay_ms=_SOME_MS),
    st.builds(
        ErrorReply,
        command=st.sampled_from(["+QFUPL", "+QFOTADL", "+QFWRITE", "+QFLST", "E"]),
        reply=st.sampled_from(["ERROR", "+CME ERROR: 409"]),
        call=st.integers(1, 2),
        times=st.integers(1, 2),
    ),
    _numbered(SplitReply, "reply", piece_bytes=st.integers(1, 5), pause_ms=_SOME_MS),
    _built(UrcFault, _TIME, text=st.just("+CREG: 1")),
    st.builds(UrcFault, moment=_MOMENTS, nth=st.integers(1, 3)),
    _built(PowerCutFault, _TIME, off_ms=st.one_of(st.none(), _SOME_MS)),
    st.builds(PowerCutFault, at_flash_op=st.integers(1, 40), off_ms=st.one_of(st.none(), _SOME_MS)),
    _built(ResetFault, _TIME),
    st.builds(DiskFull, free_bytes=st.sampled_from([0, 500, 9000])),
    st.builds(ExistingFile, name=st.sampled_from(["UFS:a", "b"]), bytes_count=st.integers(0, 900)),
    st.just(EchoOn()),
    st.builds(
        RtsStuck,
        state=st.sampled_from(["stop", "go"]),
        from_ms=_AT_MS,
        for_ms=st.one_of(st.none(), _SOME_MS),
    ),
    ours.faults(),
)  # fmt: skip
SOME_FAULTS: st.SearchStrategy[list[Fault]] = st.one_of(
    st.just([]), st.just([]), st.lists(FAULTS, min_size=1, max_size=3)
)

DRAWN_DEVICES = st.sampled_from(["ec200u", "ec200u", "ec200t", "uc200t", "m95", "fcm242d"])


@st.composite
def setups(draw: st.DrawFn) -> Setup:
    """A random device on a random line."""
    device = draw(DRAWN_DEVICES)
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
            "ufs_bytes": draw(st.sampled_from([0, 0, 8192])),
            "sync_every_bytes": draw(st.sampled_from([0, 0, 300])),
            "first_handle": 1027,
            "ram_bytes": draw(st.sampled_from([2000, 100_000])),
            "data_buffer_bytes": draw(
                st.one_of(st.integers(1, 64), st.integers(1, 2048), st.sampled_from([4096, 8192]))
            ),
            "early_bytes": draw(st.sampled_from(["data", "discard"])),
            "surplus": draw(st.sampled_from(["command", "discard"])),
            "existing_file": draw(st.sampled_from(["refuse", "overwrite"])),
            "upload_timeout": draw(st.sampled_from(["cme421", "summary_then_421", "summary_ok"])),
            "upload_timer": draw(st.sampled_from(["idle", "total"])),
            "ack_final_full_block": draw(st.booleans()),
            "ack_when": draw(st.sampled_from(["stored", "received"])),
            "no_room": draw(st.sampled_from(["refuse", "at_end"])),
        },
        "fota": {
            "start_ms": draw(st.sampled_from([0, 30, 1000])),
            "idle_ms": draw(st.sampled_from([40, 3000, 30_000, 30_000])),
            "begin_ms": draw(st.sampled_from([0, 2000])),
            "update_ms": draw(st.sampled_from([0, 150, 5000])),
            "reboot_ms": draw(st.sampled_from([0, 1000])),
        },
        "secure": {
            "slot_max_bytes": draw(st.sampled_from([500, 2017])),
            "ram_bytes": draw(st.sampled_from([3000, 131_072])),
            "write_timeout": draw(st.sampled_from(["cme421", "summary_then_421", "summary_ok"])),
        },
    }
    if device_profile(device).usb is None:
        port = "uart"
    else:
        port = draw(st.sampled_from(["uart", "uart", "uart", "usb"]))
    is_unlimited = draw(st.sampled_from([False, False, False, False, True]))
    config = RigConfig(
        port=port,
        is_unlimited=is_unlimited,
        host_baud=draw(st.sampled_from([None, None, None, 9600, 921600])),
        host_flow=draw(st.sampled_from(["auto", "none", "rtscts", "xonxoff"])),
        has_wires=draw(st.sampled_from([True, True, True, False])),
        lag_bytes=draw(st.one_of(st.integers(0, 3), st.integers(0, 200))),
        garbles=draw(st.sampled_from([False, False, True])),
        flash_mode=draw(st.sampled_from(list(FlashMode))),
        stalls=tuple(draw(st.lists(stalls(), max_size=2))),
        faults=tuple(draw(SOME_FAULTS)),
        ifc=draw(st.sampled_from([None, (0, 0), (2, 2), (1, 1), (0, 2), (1, 2)])),
        ipr=draw(
            st.sampled_from([None, None, 9600, 115_200] if device == "m95" else [None, 921600])
        ),
        seed=draw(st.integers(0, 5)),
        contents=draw(st.sampled_from([{}, {"old": pattern(900)}, {"a": b"there"}])),
    )
    return Setup(parts, config, device)


COMMANDS = st.sampled_from(
    [
        b"AT", b"ATE0", b"ATE1", b"ATV0", b"ATI", b"ATZ", b"AT&F", b"at+cmee=2;+ipr?",
        b"AT+CFUN=0;+CFUN=1", b"AT+IFC=2,2", b"AT+IFC=0,0", b"AT+IFC=1,1", b"AT+IPR=230400",
        b"AT+IPR=115200", b"AT+ICF=2,1", b"AT+CREG=2;+CREG?", b'AT+QFLST="*"', b'AT+QFDEL="a"',
        b'AT+QFDEL="*"', b'AT+QFDWL="old"', b'AT+QFOPEN="b",0', b"AT+QFWRITE=1027,200,1",
        b"AT+QFSEEK=1027,0", b"AT+QFREAD=1027,700", b"AT+QFCLOSE=1027", b"AT+NOSUCH", b"A/",
        b'AT+QFLDS="UFS"', b"ATE0V1;&W", b"AT" + b"x" * 1100,
    ]
)  # fmt: skip


_OF_DEVICE = {
    "ec200u": [b'AT+QFOTADL="FILE:9"'],
    "ec200t": [b"AT+QFOTADL=?", b'AT+QFOTADL="http://host/a"', b'AT+QFOTADL="FILE:99999999"'],
    "uc200t": [b'AT+QFOTADL="ftp://u:p@host/a"', b'AT+QCFG="usbifc",2,2'],
    "m95": [
        b"AT+IPR=0", b"AT+IPR=57600;&W", b'AT+QSECREAD="NVRAM:CA0"', b'AT+QSECDEL="NVRAM:CA0"',
        b'AT+QSECREAD="RAM:a"', b'AT+QFLST="RAM:*"', b'AT+QFDEL="RAM:*"', b'AT+QFDWL="RAM:a"',
        b'AT+QSSLCFG="seclevel",1,2', b"AT+QFTPCFG=4,1",
    ],
    "fcm242d": [b"AT+QVERSION", b'AT+QFOPEN="a",2', b"AT+QFREAD=1,300", b"AT+QFCLOSE=1"],
}  # fmt: skip


@st.composite
def _in_pieces(draw: st.DrawFn, data: bytes) -> list[Step]:
    """The host sends `data`, at once or with pauses."""
    steps: list[Step] = []
    while data and len(steps) < 6:
        count = draw(st.one_of(st.just(len(data)), st.integers(1, len(data))))
        steps.append((draw(GAPS), Write(data[:count])))
        data = data[count:]
    return steps


@st.composite
def _data_for(draw: st.DrawFn, size: int) -> bytes:
    """As much as was announced, or too much, or too little."""
    data_bytes = draw(st.one_of(st.just(size), st.just(size), st.just(size), SIZES))
    return pattern(data_bytes, draw(st.integers(0, 255)))


@st.composite
def qfupl(draw: st.DrawFn, device: str) -> list[Step]:
    """A whole file."""
    names = [b"a", b"b", b"UFS:c"] + ([b"RAM:a", b"ram:b"] if device == "m95" else [])
    size, ack = draw(SIZES), draw(st.integers(0, 1))
    command = b'AT+QFUPL="%b",%d,%d,%d\r' % (
        draw(st.sampled_from(names)), size, draw(st.integers(1, 5)), ack,
    )  # fmt: skip
    return [(draw(GAPS), Write(command)), *draw(_in_pieces(draw(_data_for(size))))]


@st.composite
def qfwrite(draw: st.DrawFn, device: str) -> list[Step]:
    """A file through a handle, after the answer to QFOPEN or without waiting for it."""
    handle, size = device_profile(device).files.first_handle, draw(SIZES)
    begin: list[Step] = [
        (draw(GAPS), Write(b'AT+QFOPEN="%b",%d\r' % (draw(st.sampled_from([b"a", b"b"])), 0))),
        (
            draw(st.sampled_from([0, ms(40), ms(500)])),
            Write(b"AT+QFWRITE=%d,%d,%d\r" % (handle, size, draw(st.integers(1, 5)))),
        ),
    ]
    end: list[Step] = [(draw(GAPS), Write(b"AT+QFCLOSE=%d\r" % handle))]
    return [*begin, *draw(_in_pieces(draw(_data_for(size)))), *draw(st.sampled_from([end, []]))]


@st.composite
def qsecwrite(draw: st.DrawFn, _device: str) -> list[Step]:
    """A certificate, into the flash or into memory; often checked afterwards."""
    name = draw(st.sampled_from([b"NVRAM:CA0", b"nvram:ck0", b"RAM:a", b"RAM:b", b"NVRAM:CA9"]))
    size = draw(st.one_of(st.integers(1, 2017), SIZES))
    command = b'AT+QSECWRITE="%b",%d,%d\r' % (name, size, draw(st.integers(3, 5)))
    check: list[Step] = [(draw(GAPS), Write(b'AT+QSECREAD="%b"\r' % name))]
    data = draw(_in_pieces(draw(_data_for(size))))
    return [(draw(GAPS), Write(command)), *data, *draw(st.sampled_from([check, []]))]


TARGET = "NEXT01A02M16"


@st.composite
def packages(draw: st.DrawFn, device: str) -> bytes:
    """For this device, mostly; one of five is for another revision, one is damaged."""
    source = device_profile(device).identity.revision
    fault = draw(st.sampled_from(["", "", "", "another", "damaged"]))
    payload = pattern(draw(SIZES), draw(st.integers(0, 255)))
    package = build_package(payload, "ANOTHER" if fault == "another" else source, TARGET)
    place = draw(st.integers(0, len(package) - 1)) if fault == "damaged" else len(package)
    return package[:place] + bytes(byte ^ 16 for byte in package[place:])


@st.composite
def qfotadl(draw: st.DrawFn, device: str) -> list[Step]:
    """An upgrade: of the whole package, mostly, and mostly after FILESTART."""
    package = draw(packages(device))
    data = draw(st.sampled_from([package, package, package, package[:-1], package + b"AT\r"]))
    arguments = draw(st.sampled_from([b"", b",0", b",1", b",0,5,5", b",1,50,0", b",1,0,10", b",2"]))
    command = b'AT+QFOTADL="FILE:%d"%b\r' % (len(package), b"" if device == "uc200t" else arguments)
    wait_ns = draw(st.sampled_from([0, ms(3), ms(200), ms(1500), ms(1500), ms(1500)]))
    return [(draw(GAPS), Write(command)), (wait_ns, Write(b"")), *draw(_in_pieces(data))]


Way: TypeAlias = Callable[[str], st.SearchStrategy[list[Step]]]
WAYS: dict[str, tuple[Way, ...]] = {
    "ec200u": (qfupl, qfupl, qfwrite),
    "ec200t": (qfupl, qfotadl, qfotadl, qfotadl),
    "uc200t": (qfotadl,),
    "m95": (qfupl, qfupl, qsecwrite, qsecwrite),
    "fcm242d": (qfwrite,),
}


@st.composite
def uploads(draw: st.DrawFn, device: str) -> list[Step]:
    """One of the ways in which the device takes data; sometimes the power goes on the way."""
    steps = draw(st.one_of([way(device) for way in WAYS[device]]))
    if draw(st.sampled_from([False, False, True])):
        wait_ns = draw(st.one_of(st.integers(0, ms(60)), st.integers(0, s(8))))
        steps += [(wait_ns, CutPower()), (draw(GAPS), PowerOn())]
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
        [(ms(40), CutPower()), (0, PowerOn()), (s(6), Restore())],
        [(ms(700), CutPower()), (s(1), PowerOn())],
        [(s(3), CutPower()), (s(1), PowerOn()), (s(9), Write(b"ATI\r"))],
        [(s(1), Restore())],
    ]
)
_INJECTED = st.tuples(GAPS, st.builds(Inject, FAULTS)).map(lambda step: [step])
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


def _typed(device: str) -> st.SearchStrategy[list[Step]]:
    command = st.one_of(st.sampled_from(_OF_DEVICE[device]), COMMANDS)
    end = st.sampled_from([b"\r", b"\r\n"])
    return _one(st.builds(lambda line, end: Write(line + end), command, end))


@st.composite
def scripts(draw: st.DrawFn, device: str = "ec200u", most: int = 7) -> list[Step]:
    """A host that does a few things, mostly uploads."""
    typed, data = _typed(device), uploads(device)
    parts = st.one_of(data, data, data, typed, typed, _BYTES, escapes(), _HOST, _POWER, _INJECTED)
    steps = [step for part in draw(st.lists(parts, min_size=1, max_size=most)) for step in part]
    finds_rate = device == "m95" and draw(st.sampled_from([True, True, False]))
    return [(0, Write(b"AT\r")), *steps] if finds_rate else steps


@st.composite
def cases(draw: st.DrawFn) -> tuple[Setup, list[Step]]:
    """A device and what a host does to it."""
    setup = draw(setups())
    return setup, draw(scripts(setup.device))


SHARES = st.lists(st.integers(0, 1000), max_size=4)
CUTTERS = st.builds(
    Cutter,
    cuts=st.lists(st.integers(1, 700), max_size=5),
    waits=SHARES,
    naps=SHARES,
    takes=st.booleans(),
    waits_for=st.sampled_from(["", "output", "room"]),
)
