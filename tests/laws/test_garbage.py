"""Any bytes at the port, for a long time: nothing breaks, and the device still answers AT."""

from collections import Counter
from collections.abc import Callable

import pytest

from quecsim.device.power import PowerState
from quecsim.flash.timing import FlashMode
from quecsim.rig import RigConfig
from quecsim.rng import Stream
from quecsim.trace.event import CommandLine, DataBegin, DataEnd, Result
from quecsim.units import ms, s
from tests.laws.driver import DEVICES, Parts, Setup, device_profile
from tests.laws.host import Host

TOTAL_BYTES = 80_000
FRAGMENTS = (
    b"AT", b"at", b"A", b"A/", b"AT+", b"AT&F", b"ATZ", b"ATE1", b"ATQ0", b"ATV0", b"ATS3?",
    b"AT+QFUPL=", b'AT+QFUPL="a",', b'AT+QFUPL="a",300,1\r', b'AT+QFUPL="b",9000,2,1\r',
    b'AT+QFUPL="c",40\r', b'AT+QFOPEN="a",1\r', b"AT+QFWRITE=1027,500,1\r", b"AT+QFREAD=1027\r",
    b"AT+QFSEEK=1027,0\r", b"AT+QFTUCAT=1027\r", b"AT+QFCLOSE=1027\r", b'AT+QFDWL="a"\r',
    b'AT+QFDEL="*"\r', b'AT+QFLST="*"\r', b"AT+QFLDS\r", b"AT+IFC=2,2\r", b"AT+IFC=0,0\r",
    b"AT+IFC=1,1\r", b"AT+IPR=921600\r", b"AT+IPR=115200\r", b"AT+ICF=2,1\r",
    b"AT+CFUN=0;+CFUN=1\r", b"AT&W\r", b"AT+CFUN=1,1\r", b"AT+QPOWD\r", b"AT+QPOWD;+QPOWD\r",
    b"AT+CFUN=1,1;+CFUN=1,1\r", b"AT+QPOWD;+CFUN=1,1\r", b"AT+CFUN=1,1;+QPOWD=0\r",
    b"AT+CMEE=2;+CREG?;+COPS?\r", b"AT+QCFG=", b'"usbifc",2,2',
    b"\r", b"\r\n", b"\n", b'"', b'"""', b";", b",", b"=", b"?", b"=?", b"+++", b"+", b"\x11",
    b"\x13", b"\x1a", b"\x1b", b"\x00", b"\xff", b"\x08\x08", b" ", b"-1", b"99999999999", b"0",
    b"S3=65", b"S5=66\r", b"1" * 70, b"x" * 1100, b"CONNECT", b"OK\r\n", b'\r\n+CME ERROR: 421\r\n',
)  # fmt: skip
OTHERS = (  # what the other devices know
    b'AT+QFOTADL="FILE:700"\r', b'AT+QFOTADL="FILE:40",0,5,5\r', b'AT+QFOTADL="FILE:',
    b'AT+QFOTADL="FILE:90",2\r', b'AT+QFOTADL="http://host/a"\r', b"AT+QFOTADL=", b"FILE:1",
    b'AT+QFOTADL="ftp://u:p@h/a"\r', b'AT+QSECWRITE="NVRAM:CA0",300,3\r', b'"NVRAM:', b'"RAM:',
    b'AT+QSECWRITE="NVRAM:CK0",2017,3\r', b'AT+QSECREAD="NVRAM:CA0"\r',
    b'AT+QSECDEL="NVRAM:CA0"\r', b'AT+QSECDEL="RAM:a"\r', b'AT+QSECWRITE="RAM:a",40\r',
    b'AT+QFUPL="RAM:a",300,1\r', b'AT+QFDWL="RAM:a"\r', b'AT+QFLST="RAM:*"\r',
    b'AT+QFDEL="RAM:*"\r', b'AT+QSSLCFG="ciphersuite",1,0XFFFF\r', b"AT+QSSLCFG=",
    b"AT+QFTPCFG=4,1\r", b"AT+IPR=0\r", b"AT+IPR=9600;&W\r", b'AT+QFOPEN="b",2\r',
    b"AT+QFWRITE=1,500,1\r", b"AT+QFWRITE=1,50\r", b"AT+QFWRITE=3000,9,1\r",
    b"AT+QFREAD=1,300\r", b"AT+QFCLOSE=1\r",
    b"AT+QECHO=0\r", b"AT+QVERSION\r", b"AT+QRST\r", b"AT+QSETBAND=9600\r", b"AT+QMTCFG=",
    b"AT+QBLENAME=", b"AT+QHTTPCFG=", b"AT+QICFG=", b'AT+QCFG="urc/pin",1\r',
)  # fmt: skip
PAUSES_NS = (0, 0, 0, 0, ms(1), ms(30), ms(1100))


def random_bytes(stream: Stream) -> bytes:
    return bytes(stream.below(256) for _ in range(stream.between(1, 600)))


def fragment(stream: Stream) -> bytes:
    known = (FRAGMENTS, OTHERS)[stream.below(2)]
    return known[stream.below(len(known))]


def fragments(stream: Stream) -> bytes:
    return b"".join(fragment(stream) for _ in range(stream.between(1, 20)))


def broken_lines(stream: Stream) -> bytes:
    """A command with one byte changed, and an end of line behind it."""
    line = bytearray(fragment(stream))
    line[stream.below(len(line))] = stream.below(256)
    return b"AT" * stream.below(2) + bytes(line) + b"\r"


def mixture(stream: Stream) -> bytes:
    return (random_bytes, fragments, broken_lines)[stream.below(3)](stream)


def setup(seed: int, device: str = "ec200u") -> Setup:
    stream = Stream(seed, "garbage.setup")
    uart = {
        "rx_ring_bytes": (64, 1024, 4096)[stream.below(3)],
        "rts_off_bytes": 48,
        "rts_on_bytes": 16,
        "ifc_values": (0, 1, 2),
    }
    config = RigConfig(
        port="uart" if device_profile(device).usb is None else ("uart", "uart", "usb")[seed % 3],
        flash_mode=(FlashMode.TYPICAL, FlashMode.INSTANT)[stream.below(2)],
        host_flow=("none", "rtscts", "xonxoff")[stream.below(3)],
        seed=seed,
    )
    parts: Parts = {
        "uart": uart,
        "usb": {"rx_ring_bytes": 1024},
        "files": {"block_count": 16, "ufs_bytes": 0},
        "fota": {"idle_ms": 3000},
    }
    return Setup(parts, config, device)


@pytest.mark.parametrize("make", [random_bytes, fragments, broken_lines, mixture])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_garbage(make: Callable[[Stream], bytes], seed: int) -> None:
    endure(setup(seed), make, Stream(seed, f"garbage.{make.__name__}"))


@pytest.mark.parametrize("device", DEVICES[1:])
def test_garbage_at_the_other_devices(device: str) -> None:
    seed = DEVICES.index(device)
    endure(setup(seed, device), mixture, Stream(seed, f"garbage.{device}"))


def endure(setup: Setup, make: Callable[[Stream], bytes], stream: Stream) -> None:
    host = Host(setup.rig())
    seen: Counter[type] = Counter()
    rounds = 0
    while host.rig.counters()["sent"] < TOTAL_BYTES:
        for _ in range(stream.between(1, 40)):
            throw(host, make(stream), stream)
        recover(host)
        assert host.ask(b"AT").endswith(b"AT\r\r\nOK\r\n")
        counters = host.rig.counters()
        assert counters["in_flight"] == 0
        assert counters["sent"] == counters["stored"] + counters["eaten"] + counters["lost"]
        seen.update(type(event) for event in host.rig.take_events())
        rounds += 1
    assert seen[CommandLine] >= seen[Result] > rounds
    if make is not random_bytes:
        assert seen[DataBegin] == seen[DataEnd] > 0


def throw(host: Host, piece: bytes, stream: Stream) -> None:
    """Send it; then go on at once, or after a while, or when the line has run dry."""
    host.send(piece)
    host.pause(PAUSES_NS[stream.below(len(PAUSES_NS))])
    if stream.below(2):
        host.pause(len(piece) * ms(1))
    if host.rig.device.power is PowerState.OFF:
        host.rig.power_on(host.now_ns)


def recover(host: Host) -> None:
    """What a patient host does: let the line run dry, leave data mode, reset the settings."""
    device = host.rig.device
    while not host.rig.is_quiet:
        host.pause(s(10))
    host.pause(s(10))  # it may be on its way down
    if device.power is PowerState.OFF:
        host.rig.power_on(host.now_ns)
    host.pause(s(20))
    host.send(b"\x11")  # if XON/XOFF is on and we said XOFF
    host.pause(s(2))
    host.send(b"+++")
    host.pause(s(2))
    # S3 may have been changed: nobody else could know to what. The rate may still be unknown.
    for command in (b"", b"AT&F", b"AT+QECHO=1", b"AT"):
        host.send(command + bytes((device.settings.s3,)))
        host.pause(s(10))
        if device.power is PowerState.OFF:  # the end of a line was all that AT+QPOWD lacked
            host.rig.power_on(host.now_ns)
            host.pause(s(20))
