"""The deliberate cases that every search begins with, the simplest first.

Common mistakes are found by them in the first second: payloads with awkward bytes, a file that is
there already, a small ring, a slow flash, and each kind of fault alone at low numbers.
"""

from collections.abc import Callable, Collection, Iterator
from itertools import chain

from msgspec.structs import replace

from quecsim.faults.catalogue import KINDS
from quecsim.faults.fault import Fault, for_file
from quecsim.fuzz.case import DEFAULT_NAME, make_case
from quecsim.scenario.faults import has_use
from quecsim.scenario.readings import readings
from quecsim.scenario.schema import FlashSettings, Host, Line, Ring, Scenario, Stall
from quecsim.uart.port_kind import port_kind

_PLAIN = b"a" * 10
_AWKWARD = (
    _PLAIN,
    b"a\nb\n",
    b"a\r\nb\r\n",
    "\xfc".encode(),
    "\u20ac uro".encode(),
    b"A" * 20,
    b"+++",
    b"a\x11b\x13c",
    b"\0\x1a\x1b\xff",
    b"\r\nOK\r\n",
    b"\r\nERROR\r\n",
    b"AT\r\n",
)


def _payloads(block_bytes: int) -> tuple[bytes, ...]:
    """Awkward bytes, and awkward sizes where one `A` stands for so many bytes."""
    return (
        *_AWKWARD,
        b"a" * (block_bytes - 1) or _PLAIN,
        b"a" * block_bytes,
        b"a" * (block_bytes + 1),
        b"a" * 2 * block_bytes,
        b"A" * (2 * block_bytes + 1),
        bytes(range(256)) * 10,
        b"a" * 5000,
    )


def first_cases(
    base: Scenario,
    name: str = DEFAULT_NAME,
    payload: bytes | None = None,
    kinds: Collection[str] | None = None,
    connects: Callable[[], bool] = lambda: True,
    joins: Callable[[], bool] = lambda: True,
) -> Iterator[Scenario]:
    """The cases, all in `base`; with its payload alone where one is given. `connects` says, after
    those without a fault, whether the host asks for connections at all, `joins` whether there are
    any over Bluetooth LE.
    """
    block_bytes = base.profile().files.ack_block_bytes
    for data in _payloads(block_bytes) if payload is None else (payload,):
        yield make_case(base, data, name)
    medium = payload if payload is not None else b"a" * 1500

    def is_idle(fault: Fault) -> bool:
        return (fault.NEEDS_SERVER and not connects()) or (fault.NEEDS_PEER and not joins())

    for scenario in chain(_settings(base, name), _with_faults(base, name, kinds, is_idle)):
        yield make_case(scenario, medium, name)
    yield from _with_quirks(base, name, payload, kinds)
    for scenario in _harsh(base):
        yield make_case(scenario, b"a" * 5000 if payload is None else payload, name)


def _settings(base: Scenario, name: str) -> Iterator[Scenario]:
    """The file is there; the device stops; the ring is small; the line is slow."""
    yield replace(base, contents={**base.contents, name: b"old"})
    for byte in (1, base.profile().files.ack_block_bytes):
        for stall_ms in (100, 500, 1000):
            yield replace(base, stalls=(*base.stalls, Stall(stall_ms, at_byte=byte)))
    if base.ring == Ring():
        yield replace(base, ring=Ring(rx_bytes=256), stalls=(*base.stalls, Stall(100, at_byte=1)))
    if port_kind(base.line.interface).is_serial and base.line.lag_bytes == Line().lag_bytes:
        yield replace(base, line=replace(base.line, lag_bytes=16), host=Host(flow="rtscts"))


def _with_quirks(
    base: Scenario, name: str, payload: bytes | None, kinds: Collection[str] | None
) -> Iterator[Scenario]:
    """The device as others of its kind are; with an ending that falls on a whole block."""
    block = b"a" * 2 * base.profile().files.ack_block_bytes
    for reading in readings(base, name):
        new = reading.scenario.faults[len(base.faults) :]
        if kinds is None or all(fault.kind in kinds for fault in new):
            yield make_case(reading.scenario, block if payload is None else payload, name)


def _harsh(base: Scenario) -> Iterator[Scenario]:
    """The slowest flash, and little room."""
    if base.flash != FlashSettings():
        return
    slow = replace(base, flash=FlashSettings(timing="worst"))
    yield slow
    if base.ring == Ring():
        yield replace(slow, ring=Ring(rx_bytes=512))


def _with_faults(
    base: Scenario, name: str, kinds: Collection[str] | None, is_idle: Callable[[Fault], bool]
) -> Iterator[Scenario]:
    for fault in low_faults(name):
        has_sense = has_use(base, fault) and not is_idle(fault)
        if fault.kind in kinds if kinds is not None else has_sense:
            yield _able_to_fire(replace(base, faults=(*base.faults, fault)), fault)


def _able_to_fire(scenario: Scenario, fault: Fault) -> Scenario:
    """Some faults matter only where both ends have flow control."""
    has_ifc = 2 in scenario.device_profile.uart.ifc_values
    if not fault.NEEDS_FLOW_CONTROL or scenario.host != Host() or not has_ifc:
        return scenario
    settings = replace(scenario.device_settings, ifc=(2, 2))
    return replace(scenario, host=Host(flow="rtscts"), device_settings=settings)


def low_faults(name: str = DEFAULT_NAME) -> tuple[Fault, ...]:
    """Each kind of fault at low numbers."""
    return tuple(for_file(kind(**values), name) for kind in KINDS.values() for values in kind.FIRST)
