"""The lanes of the page's timeline, from top to bottom along the way of a byte."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from quecsim.render.layout import counted, safe
from quecsim.render.page.places import Place
from quecsim.render.timeline import Span, Timeline

WIRE, SPANS = "wire", "spans"
_ALWAYS = ("writes", "rts", "flash", "lost")


@dataclass(frozen=True, slots=True)
class PageLane:
    """`kind` is spans, or wire: the spans are when it is off."""

    key: str
    title: str
    kind: str
    spans: tuple[Span, ...]


_TITLES = {
    "writes": "host writes",
    "line": "line, to device",
    "rts": "RTS to host",
    "held": "host held",
    "flash": "flash busy",
    "mode": "data mode",
    "acks": "ACK bytes",
    "line-back": "line, to host",
    "commands": "commands",
    "urcs": "URCs",
    "network": "network",
    "faults": "faults, power",
    "eaten": "eaten",
    "lost": "lost",
}


ABOUT = {
    "writes": "the host program hands bytes to its serial port",
    "line": "bytes on the wire, from the host to the module",
    "rts": "the module's wire that lets the host send (high) or asks it to stop (low)",
    "held": "the host obeys that, and its bytes wait",
    "flash": "the flash memory writes or erases: the module takes nothing from the ring",
    "mode": "what comes goes into a file, not to the command line",
    "acks": "the module says A: another block is stored, go on",
    "line-back": "bytes on the wire, from the module to the host",
    "commands": "from an AT command to its answer",
    "urcs": "what the module says without being asked (unsolicited result codes)",
    "network": "connections behind the module",
    "faults": "what was made to go wrong on purpose, and the power",
    "eaten": "bytes that were neither command nor data, and went away silently",
    "lost": "bytes that are gone",
}
"""What a lane shows, for somebody who has never seen one."""


def page_lanes(made: Timeline, places: Sequence[Place]) -> list[PageLane]:
    """Those with something in them, and those that people look for."""
    lanes = [
        PageLane(key, title, WIRE if key == "rts" else SPANS, tuple(_spans(key, made, places)))
        for key, title in _TITLES.items()
    ]
    always = _ALWAYS if made.rts_off_bytes is not None else [key for key in _ALWAYS if key != "rts"]
    return [lane for lane in lanes if lane.spans or lane.key in always]


def _spans(key: str, made: Timeline, places: Sequence[Place]) -> Iterator[Span]:
    if key == "lost":
        yield from map(loss_span, places)
    elif key == "rts":
        for begin_ns, end_ns in made.signal("rts").spans("off", made.end_ns):
            yield Span(begin_ns, end_ns, "the device asks the host to stop (RTS off)")
    elif key == "mode":
        for span in made.lane("data").spans:  # beside the name of the lane, which says it
            yield replace(span, text=span.text.removeprefix("data mode: "))
        for state in ("booting", "off"):
            for begin_ns, end_ns in made.signal("mode").spans(state, made.end_ns):
                yield Span(begin_ns, end_ns, state)
    else:
        yield from next((lane.spans for lane in made.lanes if lane.key == key), ())


def loss_span(place: Place) -> Span:
    """A loss in the lane of losses."""
    loss = place.loss
    at = loss.offset if loss.at_byte is None else loss.at_byte
    of = "of the stream" if place.upload is None else f"of {safe(place.upload.name)}"
    text = f"{counted(loss.count, 'byte')} lost, from byte {at} {of} on: {safe(loss.why)}"
    return Span(loss.first_ns, loss.last_ns, text, offset=loss.offset, count=loss.count)
