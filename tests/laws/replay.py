"""Repeats a run from its own record: the inputs out of the event stream, at their times."""

from collections.abc import Iterable

from quecsim.faults.catalogue import read_fault
from quecsim.rig import Rig
from quecsim.trace.event import (
    ClockStopped,
    End,
    Event,
    FaultInjected,
    HostBytes,
    HostClosed,
    HostDiscard,
    HostLine,
    HostOpened,
    HostReady,
    HostRts,
    Power,
)
from tests.laws.driver import Setup

Input = (
    HostBytes
    | HostOpened
    | HostClosed
    | HostLine
    | HostReady
    | HostRts
    | HostDiscard
    | ClockStopped
    | FaultInjected
    | Power
    | End
)


def replay(setup: Setup, record: Iterable[Event]) -> list[Event]:
    """The events of a fresh run with the inputs of `record`."""
    rig = setup.rig()
    rig.start()
    for event in record:
        if isinstance(event, Input):
            _feed(rig, event)
    return rig.take_events()


def _feed(rig: Rig, event: Input) -> None:
    now_ns = event.at_ns
    rig.advance(now_ns)
    match event:
        case HostBytes(data=data):
            rig.host_write(now_ns, data)
        case HostOpened() | HostClosed():
            rig.host_port(now_ns, is_open=isinstance(event, HostOpened))
        case HostLine(baud=baud, frame=frame, flow=flow):
            rig.host_line(now_ns, baud, frame, flow)
        case HostReady(ready=ready):
            rig.host_ready(now_ns, ready=ready)
        case HostRts(on=on):
            rig.host_rts(now_ns, is_on=on)
        case ClockStopped(real_ns=real_ns):
            rig.clock_stopped(now_ns, real_ns)
        case HostDiscard():
            rig.host_discard(now_ns)
        case FaultInjected(fault=fault):
            rig.inject(now_ns, read_fault(fault))
        case Power(why="power on"):
            rig.power_on(now_ns)
        case Power(why="power cut"):
            rig.cut_power(now_ns)
        case Power(why="firmware restored"):
            rig.restore_firmware(now_ns)
        case End():
            rig.finish(now_ns)
