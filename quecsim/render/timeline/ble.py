"""Bluetooth LE in the lane of the network: connections, and the data that goes over them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from quecsim.render.layout import counted, safe
from quecsim.render.timeline.model import Span
from quecsim.trace import event as ev
from quecsim.trace.ble_words import words_of

_HEAD = "Bluetooth LE"


def ble_spans(told: Mapping[type, Sequence[tuple[int, Any]]], last_ns: int) -> Iterator[Span]:
    """Connections last until their end; data are instants."""
    yield from _connections(told, last_ns)
    for number, event in told.get(ev.BleAsked, ()):
        if event.count:
            text = f"{_HEAD}: {counted(event.count, 'byte')} for {safe(event.uuid)}"
            yield Span(event.at_ns, event.at_ns, text, number, count=event.count)
    for number, event in told.get(ev.BleHeard, ()):
        if event.count:
            text = f"{_HEAD}: {counted(event.count, 'byte')} of {safe(event.uuid)} received"
            yield Span(event.at_ns, event.at_ns, text, number, count=event.count)
    for number, event in told.get(ev.BleLost, ()):
        text = f"{_HEAD}: {counted(event.count, 'byte')} lost: {safe(event.why)}"
        yield Span(event.at_ns, event.at_ns, text, number, count=event.count)


def _connections(told: Mapping[type, Sequence[tuple[int, Any]]], last_ns: int) -> Iterator[Span]:
    ends = [event.at_ns for _, event in told.get(ev.BleHeard, ()) if event.what == "left"]
    ends += [event.at_ns for _, event in told.get(ev.BleAsked, ()) if event.what == "vanish"]
    for number, event in told.get(ev.BleHeard, ()):
        if event.what == "joined":
            end_ns = min((at_ns for at_ns in ends if at_ns >= event.at_ns), default=last_ns)
            who = safe(words_of(event.words).get("address", "")) or "somebody"
            yield Span(event.at_ns, end_ns, f"{_HEAD}: connected, {who}", number)
