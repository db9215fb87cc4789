"""What is always in one state: the wires of flow control, and what the device is at."""

from collections.abc import Sequence
from typing import Any

from quecsim.render.timeline.model import Signal
from quecsim.trace import event as ev

ON, OFF = "on", "off"
COMMAND, DATA, BOOTING = "command", "data", "booting"

_POWER = {"on": COMMAND, "booting": BOOTING}


def signals(events: Sequence[ev.Event]) -> tuple[Signal, ...]:
    """The device's RTS (the host's CTS), the host's RTS (the device's CTS), DTR, and the mode.

    What XON and XOFF say shows as the device's RTS: it is the same wish on another way.
    """
    start = events[0]
    assert isinstance(start, ev.Start)
    begun = COMMAND if start.is_up else OFF
    device_rts = [(e.at_ns, _wire(e.on)) for e in events if isinstance(e, ev.Rts)]
    host_rts = [(e.at_ns, _wire(_asks(e))) for e in events if isinstance(e, _HOST_RTS)]
    dtr = [(e.at_ns, _wire(e.on)) for e in events if isinstance(e, ev.HostDtr)]
    at_ns = start.at_ns
    return (
        Signal("rts", "device's RTS", _changes([(at_ns, ON), *device_rts])),
        Signal("host-rts", "host's RTS", _changes([(at_ns, ON), *host_rts])),
        Signal("dtr", "host's DTR", _changes([(at_ns, ON), *dtr])),
        Signal("mode", "mode", _changes([(at_ns, begun), *_modes(events)])),
    )


_HOST_RTS = ev.HostReady | ev.HostRts


def _asks(event: Any) -> bool:
    return bool(event.ready if isinstance(event, ev.HostReady) else event.on)


def _wire(is_on: bool) -> str:
    return ON if is_on else OFF


def _modes(events: Sequence[ev.Event]) -> list[tuple[int, str]]:
    states = []
    for event in events:
        if isinstance(event, ev.DataBegin):
            states.append((event.at_ns, DATA))
        elif isinstance(event, ev.DataEnd):
            states.append((event.at_ns, COMMAND))
        elif isinstance(event, ev.Power):
            states.append((event.at_ns, _POWER.get(event.state, OFF)))
    return states


def _changes(states: list[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    """The same without what changes nothing; of several at one time the last counts."""
    made: list[tuple[int, str]] = []
    for at_ns, state in sorted(states, key=lambda each: each[0]):
        if made and made[-1][0] == at_ns:
            made.pop()
        if not made or made[-1][1] != state:
            made.append((at_ns, state))
    return tuple(made)
