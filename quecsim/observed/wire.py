"""The wires of a real device's line: each byte as near to its time as its record knows that."""

from collections.abc import Iterable

from quecsim.rig.tap import Tap
from quecsim.trace.event import Event, HostBytes, HostLine, Sent, Start
from quecsim.uart.rate import Rate, UnlimitedRate, uart_rate
from quecsim.uart.run import ByteRun

_LINE = "line"


def observed_tap(events: Iterable[Event]) -> Tap:
    """What a probe would have heard. The bytes of a piece follow one another at the line's rate,
    where that is known, or all at once; and none comes before the one before it.
    """
    tap, rate, said = Tap(), _NO_TIME, 0
    free_ns = {True: 0, False: 0}
    for event in events:
        if isinstance(event, Start):
            rate = _rate(event.settings.get(_LINE, ""))
        elif isinstance(event, HostLine):
            rate = _rate(event.end) if event.baud else rate
        elif isinstance(event, HostBytes | Sent):
            is_host = isinstance(event, HostBytes)
            offset = event.offset if isinstance(event, HostBytes) else said
            said += 0 if is_host else len(event.data)
            origin_ns = max(event.at_ns - rate.span_ns(1), free_ns[is_host], 0)
            run = ByteRun(origin_ns, 0, rate, event.data, offset)
            free_ns[is_host] = run.edge_ns(len(event.data) - 1) if event.data else origin_ns
            (tap.to_device if is_host else tap.to_host).add(run)
    return tap


_NO_TIME: Rate = UnlimitedRate()


def _rate(line: str) -> Rate:
    """`115200 8N1` -> its rate; without a frame, or a rate: no time at all."""
    baud, _, frame = line.partition(" ")
    return uart_rate(int(baud), frame or "8N1") if baud.isdigit() and int(baud) else _NO_TIME
