"""Whole sessions a second in virtual time: what a test suite or a search pays for each case."""

import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

import serial

import quecsim.pyserial  # noqa: F401 - so that pyserial knows quecsim://
from benchmarks.measure import Measurement
from benchmarks.sizes import Sizes
from quecsim.checksum import checksum, checksum_text
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Profile
from quecsim.rig import Rig
from quecsim.virtual.port import VirtualPort

_CERTIFICATE = b"".join(b"%015d\n" % (number**5) for number in range(100))  # 1600 bytes
_CHECKSUM = checksum_text(checksum(_CERTIFICATE)).encode()
_BUNDLE = bytes(range(256)) * 400  # about 100 kB
_ROUNDS = 5


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """Each on a fresh device."""
    profile = load_profile("ec200u")
    yield _per_second("ACK uploads of 1,600 bytes", sizes.sessions, lambda: _certificate(profile))
    yield _per_second("ACK uploads through pyserial", sizes.sessions, _pyserial, 300, 1000)
    yield _per_second("uploads of 102,400 bytes", sizes.sessions, lambda: _bundle(profile))


def _per_second(
    name: str,
    count: int,
    session: Callable[[], None],
    need: float | None = None,
    aim: float | None = None,
) -> Measurement:
    """The median of a few rounds, after one session that only warms up."""
    session()
    rates = [_rate(max(1, count // _ROUNDS), session) for _ in range(_ROUNDS)]
    detail = f"{_ROUNDS} rounds: {min(rates):.0f} .. {max(rates):.0f}"
    return Measurement(name, median(rates), "a second", detail, need, aim, is_more_better=True)


def _rate(count: int, session: Callable[[], None]) -> float:
    begin_ns = time.perf_counter_ns()
    for _ in range(count):
        session()
    return count * 1e9 / (time.perf_counter_ns() - begin_ns)


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


def _pyserial() -> None:
    """The same through the public pyserial object: echo on, AT first, the checksum compared."""
    with serial.serial_for_url("quecsim://ec200u?power_on=true", 115_200, timeout=10) as port:
        assert port.read_until(b"RDY\r\n").endswith(b"RDY\r\n")
        _converse(port, b"AT")
        _converse(port, b'AT+QFDEL="UFS:ca.pem"', b"ERROR: 4")  # there is none yet
        assert port.read_until(b"\r\n").endswith(b"\r\n")
        _converse(port, b'AT+QFUPL="UFS:ca.pem",1600,10,1', b"CONNECT\r\n")
        port.write(_CERTIFICATE[:1024])
        assert port.read_until(b"A") == b"A"
        port.write(_CERTIFICATE[1024:])
        summary = port.read_until(b"OK\r\n")
        assert b"+QFUPL: 1600,%s\r\n" % _CHECKSUM in summary, summary
        listing = _converse(port, b'AT+QFLST="UFS:ca.pem"')
        assert b'+QFLST: "UFS:ca.pem",1600\r\n' in listing, listing


def _converse(port: Any, command: bytes, until: bytes = b"OK\r\n") -> bytes:
    port.write(command + b"\r")
    reply: bytes = port.read_until(until)
    assert reply.endswith(until), f"silence after {reply!r}"
    return reply


def _bundle(profile: Profile) -> None:
    rig = Rig(profile)
    rig.start()
    port = VirtualPort(rig, timeout=10)
    _ask(port, b"ATE0")
    _ask(port, b'AT+QFUPL="UFS:ca.pem",%d' % len(_BUNDLE), b"CONNECT\r\n")
    port.write(_BUNDLE)
    summary = _await(port, b"OK\r\n")
    assert b"+QFUPL: %d," % len(_BUNDLE) in summary, summary


def _ask(port: Any, command: bytes, until: bytes = b"OK\r\n") -> bytes:
    port.write(command + b"\r")
    return _await(port, until)


def _await(port: Any, until: bytes) -> bytes:
    reply = b""
    while not reply.endswith(until):
        byte: bytes = port.read(1)
        assert byte, f"silence after {reply!r}"
        reply += byte
    return reply
