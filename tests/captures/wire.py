"""A simulated session, as somebody with a probe on its wires has it: what captures are made of."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from quecsim.captures.imported import Import, open_import
from quecsim.captures.opened import Options
from quecsim.observed.heard import Heard, Side
from quecsim.profiles.loader import load_profile
from quecsim.rig import Rig
from quecsim.run.recorded import recorded
from quecsim.scenario.build import rig_config
from quecsim.scenario.options import make_scenario
from quecsim.trace import event as ev
from quecsim.trace.event import Event
from quecsim.uart.run import ByteRun
from quecsim.units import S, ms, s

DATA = bytes(range(256)) * 6
BYTE_NS = 10 * S // 115200
Byte = tuple[int, Side, int]
"""When it was over, who said it, which it is."""


@cache
def session(device: str = "ec200u") -> tuple[Event, ...]:
    """A host asks who is there, and uploads all byte values there are."""
    scenario = make_scenario(device)
    rig = Rig(scenario.profile(), rig_config(scenario))
    rig.start()
    at_ns = ms(5)
    for said in (b"AT\r", b"ATI\r", b"AT+CMEE=2\r", f'AT+QFUPL="a",{len(DATA)}\r'.encode(), DATA):
        rig.advance(at_ns)
        rig.host_write(at_ns, said)
        at_ns += s(1)
    rig.advance(at_ns)
    rig.host_write(at_ns, b'AT+QFDEL="a"\r')
    rig.advance(at_ns + s(2))
    rig.finish(at_ns + s(2))
    return tuple(rig.take_events())


@cache
def wire_bytes(device: str = "ec200u") -> tuple[Byte, ...]:
    """Every byte of the session on both wires, in the order of their times."""
    return tuple(bytes_of(session(device)))


def bytes_of(events: Sequence[Event]) -> list[Byte]:
    """Every byte of a run on both wires."""
    tap = recorded(events).wire.tap
    assert tap is not None
    sides: list[tuple[Side, list[ByteRun]]] = [
        ("host", tap.to_device.runs()),
        ("device", tap.to_host.runs()),
    ]
    made = [
        (run.edge_ns(index), side, byte)
        for side, runs in sides
        for run in runs
        for index, byte in enumerate(run.data)
    ]
    return sorted(made, key=lambda each: each[0])


def said(bytes_: Sequence[Byte], side: Side) -> bytes:
    """All that one side said."""
    return bytes(byte for _, who, byte in bytes_ if who == side)


def imported(path: Path, form: str = "auto", **options: Any) -> tuple[Import, list[Event]]:
    """The capture at `path` as a record."""
    made = open_import(path, form, Options(**options), usual=load_profile("ec200u"))
    return made, list(made.record())


def heard_host(record: Sequence[Event]) -> bytes:
    """What the host was heard to say; what it must have said besides is hidden."""
    said = (each for each in record if isinstance(each, ev.HostBytes) and not each.hidden)
    return b"".join(each.data for each in said)


def heard_device(record: Sequence[Event]) -> bytes:
    """What the device said, as on record."""
    return b"".join(each.data for each in record if isinstance(each, ev.Sent))


def assert_same(made: Import, *, within_ns: int, byte_ns: int = BYTE_NS) -> None:
    """The capture has the bytes of the session, each at its time."""
    heard: dict[str, list[tuple[int, int]]] = {"host": [], "device": []}
    for each in made.heard():
        if isinstance(each, Heard):
            heard[each.side] += [
                (each.at_ns + place * byte_ns, byte) for place, byte in enumerate(each.data)
            ]
    for side, here in heard.items():
        there = [(at_ns, byte) for at_ns, who, byte in wire_bytes() if who == side]
        assert [byte for _, byte in here] == [byte for _, byte in there]
        late_ns = max(abs(one[0] - other[0]) for one, other in zip(here, there, strict=True))
        assert late_ns <= within_ns
