"""Whole sessions a second in virtual time: what a test suite or a search pays for each case."""

import time
from collections.abc import Callable, Iterator

from benchmarks.measure import Measurement
from benchmarks.sizes import Sizes
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Profile
from quecsim.rig import Rig
from quecsim.sim.port import VirtualPort

_CERTIFICATE = bytes(range(32, 112)) * 20  # 1600 bytes, as a root certificate
_BUNDLE = bytes(range(256)) * 400  # about 100 kB


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """Each on a fresh device."""
    profile = load_profile("ec200u")
    yield _per_second("ACK uploads of 1,600 bytes", sizes.sessions, lambda: _certificate(profile))
    yield _per_second("uploads of 102,400 bytes", sizes.sessions, lambda: _bundle(profile))


def _per_second(name: str, count: int, session: Callable[[], None]) -> Measurement:
    begin_ns = time.perf_counter_ns()
    for _ in range(count):
        session()
    seconds = (time.perf_counter_ns() - begin_ns) / 1e9
    return Measurement(
        name, count / seconds, "a second", f"{count} sessions in {seconds:.2f} s", None
    )


def _certificate(profile: Profile) -> None:
    """Power on, AT, QFDEL, QFUPL in ACK mode, QFLST."""
    rig = Rig(profile)
    rig.start(is_up=False)
    port = VirtualPort(rig, timeout=10)
    _await(port, b"RDY\r\n")
    _ask(port, b"ATE0")
    _ask(port, b'AT+QFDEL="UFS:ca.pem"', b"\r\n")
    _ask(port, b'AT+QFUPL="UFS:ca.pem",1600,10,1', b"CONNECT\r\n")
    port.write(_CERTIFICATE[:1024])
    _await(port, b"A")
    port.write(_CERTIFICATE[1024:])
    _await(port, b"OK\r\n")
    listing = _ask(port, b'AT+QFLST="UFS:ca.pem"')
    assert b",1600\r\n" in listing, listing


def _bundle(profile: Profile) -> None:
    rig = Rig(profile)
    rig.start()
    port = VirtualPort(rig, timeout=10)
    _ask(port, b"ATE0")
    _ask(port, b'AT+QFUPL="UFS:ca.pem",%d' % len(_BUNDLE), b"CONNECT\r\n")
    port.write(_BUNDLE)
    summary = _await(port, b"OK\r\n")
    assert b"+QFUPL: %d," % len(_BUNDLE) in summary, summary


def _ask(port: VirtualPort, command: bytes, until: bytes = b"OK\r\n") -> bytes:
    port.write(command + b"\r")
    return _await(port, until)


def _await(port: VirtualPort, until: bytes) -> bytes:
    reply = b""
    while not reply.endswith(until):
        byte = port.read(1)
        assert byte, f"silence after {reply!r}"
        reply += byte
    return reply
