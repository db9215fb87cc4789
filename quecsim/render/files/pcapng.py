"""`quecsim report --pcapng`: what crossed the border between the device and its network, as a
capture at the device.

Bytes, their times and what became of connections are those of the record; packets are made up
around them (`quecsim.packets`). What the device wished follows from running the record again; where
that cannot be, its sizes are known and no more, and news stand at the time at which they set out.
"""

import warnings
from collections.abc import Callable, Iterator
from typing import BinaryIO

import msgspec

from quecsim.at.surroundings import Surroundings
from quecsim.border import (
    Listen,
    News,
    Open,
    Ping,
    Refuse,
    Resolve,
    Shut,
    TlsWish,
    Wish,
)
from quecsim.date import parse_moment
from quecsim.faults.catalogue import KINDS
from quecsim.faults.cell_fault import CellFault
from quecsim.faults.network_fault import NetworkFault
from quecsim.packets.book import Book
from quecsim.packets.flow import Way
from quecsim.packets.links import LinkPackets
from quecsim.packets.pcapng import Packet, PcapngWriter
from quecsim.render.files.words import origin_line
from quecsim.render.recorded import Recorded
from quecsim.rig.air import bearer_pace
from quecsim.trace import event as ev
from quecsim.units import S

DESCRIPTIONS = (
    "the device's network: bytes and times are real, packets are made up around them",
    "what TLS carried, whose packets are not known: as if it had been taken off",
    "what happened besides, in words",
)
_Act = Callable[[LinkPackets], None]


def write_pcapng(recorded: Recorded, out: BinaryIO) -> None:
    """The capture. The times are the record's date and the model's time since, or the latter alone
    where it has no date.
    """
    if text := _missing(recorded):
        warnings.warn(f"--pcapng: {text}", stacklevel=2)
    epoch_ns = _epoch_ns(recorded)
    packets: list[Packet] = []
    pace = bearer_pace(recorded.profile) if recorded.profile is not None else None
    round_trip_ns = 0 if pace is None else 2 * pace.latency_ns
    links = LinkPackets(packets.append, _book(recorded), round_trip_ns)
    acts = [*_crossing(recorded), *_notes(recorded)]
    for _, act in sorted(acts, key=lambda each: each[0]):
        act(links)
    links.finish()
    writer = PcapngWriter(
        out,
        program=f"quecsim {recorded.start.origin.version}".strip(),
        comment=_comment(recorded),
        descriptions=DESCRIPTIONS,
    )
    for packet in sorted(packets, key=lambda each: each.at_ns):
        writer.write(packet, epoch_ns)


def _epoch_ns(recorded: Recorded) -> int:
    try:
        return parse_moment(recorded.start.origin.date) * S
    except ValueError:  # nobody has said it
        return 0


def _comment(recorded: Recorded) -> str:
    return "\n".join(filter(None, (origin_line(recorded), _missing(recorded))))


def _missing(recorded: Recorded) -> str:
    if recorded.wire.tap is not None or not recorded.wire.why_not:
        return ""
    why, *_advice = recorded.wire.why_not.splitlines()
    return f"what the device sent is missing, but for its size: {why}"


def _book(recorded: Recorded) -> Book:
    """What addresses the record tells of."""
    book = Book.of(recorded.profile, _around(recorded))
    asked: dict[int, str] = {}
    for event in recorded.events:
        if isinstance(event, ev.LinkAsked):
            asked[event.link] = event.host
        elif isinstance(event, ev.NewsCame):
            book.hear(asked.get(event.news.link, ""), event.news)
    return book


def _around(recorded: Recorded) -> Surroundings:
    try:
        return msgspec.convert(recorded.start.config.get("around", {}), Surroundings)
    except msgspec.ValidationError:  # another quecsim's
        return Surroundings()


# what happened, by its times


def _crossing(recorded: Recorded) -> Iterator[tuple[int, _Act]]:
    tap = recorded.wire.tap
    if tap is None:
        yield 0, lambda links: links.note(0, _missing(recorded))
        yield from _known(recorded)
        return
    for at_ns, what in tap.crossed:
        yield at_ns, _crosses(at_ns, what)


def _crosses(at_ns: int, what: Wish | News) -> _Act:
    def act(links: LinkPackets) -> None:
        if isinstance(what, News):
            links.news(at_ns, what)
        else:
            links.wish(at_ns, what)

    return act


def _known(recorded: Recorded) -> Iterator[tuple[int, _Act]]:
    """What the events alone tell."""
    for event in recorded.events:
        if isinstance(event, ev.NewsCame):
            yield event.at_ns, _crosses(event.at_ns, event.news)
        elif isinstance(event, ev.LinkSent):
            yield event.at_ns, _missed(event)
        elif (wish := _wish_of(event)) is not None:
            yield event.at_ns, _crosses(event.at_ns, wish)


def _missed(event: ev.LinkSent) -> _Act:
    return lambda links: links.miss(event.at_ns, event.link, Way.UP, event.count)


def _wish_of(event: ev.Event) -> Wish | None:
    if isinstance(event, ev.LinkShut):
        return Shut(event.link, event.is_abort)
    if isinstance(event, ev.LinkRefused):
        return Refuse(event.link, event.caller)
    if not isinstance(event, ev.LinkAsked):
        return None
    if event.protocol == "dns":
        return Resolve(event.link, event.host, event.owner)
    if event.protocol == "ping":
        return Ping(event.link, event.host, 0, event.owner)
    if event.protocol in _LISTENS:
        return Listen(event.link, event.port, _LISTENS[event.protocol], event.owner)
    tls = TlsWish(level=event.level) if event.level >= 0 else None
    return Open(event.link, event.host, event.port, event.protocol, tls, event.owner)


_LISTENS = {"tcp listener": "tcp", "udp service": "udp"}


def _notes(recorded: Recorded) -> Iterator[tuple[int, _Act]]:
    """What else a reader of packets wants to know."""
    for event in recorded.events:
        if text := note_of(event):
            yield event.at_ns, _noted(event.at_ns, text)


def _noted(at_ns: int, text: str) -> _Act:
    return lambda links: links.note(at_ns, text)


def note_of(event: ev.Event) -> str:
    """What whoever looks at packets wants to know of it, too; empty: nothing."""
    if isinstance(event, ev.Operated):
        return f"somebody did: {event.did}"
    if isinstance(event, ev.Power):
        return f"the device is {event.state} ({event.why})"
    if isinstance(event, ev.FaultFired):
        kind = KINDS.get(event.kind)
        if kind is not None and issubclass(kind, NetworkFault | CellFault):
            return f"fault {event.kind}: {event.what}"
    return ""
