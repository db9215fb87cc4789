"""Outcomes of the demo as they might be, made by hand."""

from collections.abc import Iterator

from msgspec.structs import replace

from quecsim.demo.broker import BrokerAnswer
from quecsim.demo.play import DemoOutcome
from quecsim.demo.ways import CARGOES, WAYS, Cargo, Way
from quecsim.report.model import EarlyBytes, Loss, Upload, Verdict
from quecsim.trace.event import Event, HostBytes, HostHeld, Lost, RingLevel, Stalled
from quecsim.units import ms, s

CONNECT_NS = s(1)
FIRST_NS = CONNECT_NS + ms(2)
FULL_NS = FIRST_NS + ms(90)
DRAINED_NS = FULL_NS + ms(10)
WHY = "ring full for 10.0 ms while the flash worked; flow control: device off, host off"

LOSS = Loss(
    offset=1100,
    at_byte=1031,
    count=115,
    first_ns=FULL_NS,
    last_ns=DRAINED_NS,
    cause="ring",
    ring_bytes=512,
    full_ns=ms(10),
    why=WHY,
)

INTACT = Upload(
    command="+QFUPL",
    name="ca.pem",
    size=1188,
    ack=False,
    begin_ns=CONNECT_NS,
    end_ns=CONNECT_NS + ms(250),
    start=69,
    end=1257,
    sent=1188,
    stored=1188,
    lost=0,
    eaten=0,
    losses=[],
    early=EarlyBytes(),
    swallowed=[],
    stray=0,
    held_ns=ms(77),
    ring_peak_bytes=391,
    ended="size",
    result="OK",
    verdict=Verdict.INTACT,
    sentence="all 1188 bytes are stored",
)

DAMAGED = replace(
    INTACT,
    end_ns=CONNECT_NS + ms(3400),
    stored=1073,
    lost=115,
    losses=[LOSS],
    ended="idle",
    result="+CME ERROR: 421",
    verdict=Verdict.LOST,
    sentence="115 bytes lost",
)

EVENTS: list[Event] = [
    HostBytes(FIRST_NS, 69, bytes(1188)),
    Stalled(FIRST_NS + ms(22), FIRST_NS + ms(62), 256),
    RingLevel(FIRST_NS + ms(62), 461),
    RingLevel(FIRST_NS + ms(62), 205),
    Stalled(FIRST_NS + ms(62), DRAINED_NS, 512),
    RingLevel(FULL_NS, 512),
    Lost(
        FULL_NS, DRAINED_NS, 1100, 115, "ring", 512, FULL_NS, DRAINED_NS, "the flash worked",
        "off", "off",
    ),
    RingLevel(DRAINED_NS, 256),
]  # fmt: skip

HELD: list[Event] = [
    *EVENTS[:2],
    HostHeld(FIRST_NS + ms(40), True),
    HostHeld(FIRST_NS + ms(80), False),
]


def outcome(
    way: Way, cargo: Cargo, *, loses: bool, events: list[Event] | None = None
) -> DemoOutcome:
    """What came of one upload, damaged or intact."""
    upload = DAMAGED if loses else INTACT
    assert upload.end_ns is not None
    return DemoOutcome(
        way=way,
        cargo=cargo,
        sent=1188,
        upload=upload,
        file_sum="380d",
        stored_sum="beef" if loses else "380d",
        answer_ns=upload.end_ns - upload.begin_ns,
        problems=["the module lists 1073 of 1188 bytes"] if loses else [],
        events=events if events is not None else EVENTS if loses else HELD,
        broker=_broker(cargo, loses=loses),
    )


def _broker(cargo: Cargo, *, loses: bool) -> BrokerAnswer | None:
    if cargo.payload != "certificate":
        return None
    return BrokerAnswer(False, "+QMTOPEN", 5, "no END line") if loses else BrokerAnswer(True)


def as_told() -> Iterator[DemoOutcome]:
    """All of them, as the demo says."""
    for way in WAYS:
        for cargo in CARGOES:
            yield outcome(way, cargo, loses=way.loses)
