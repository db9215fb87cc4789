"""What the demo says, piece by piece: introduction, table, pictures, and what they mean.

Everything is text made from the outcomes, so that no number in it can be another than the run's.
Made for 80 columns; colour only repeats what the words say.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from textwrap import fill
from typing import TYPE_CHECKING, Any

from quecsim.demo.outcomes import Outcomes
from quecsim.demo.play import BAUD, DemoOutcome
from quecsim.demo.ways import CARGOES, SCENARIO, WAYS, Cargo, Way
from quecsim.render.lanes import LEGEND, ring_picture
from quecsim.render.printed import printed
from quecsim.report.losses import places_text
from quecsim.trace.event import HostBytes
from quecsim.units import S, format_ns, ms

if TYPE_CHECKING:
    from quecsim.scenario.schema import Scenario

WIDTH = 80
_LINE_BITS = 10  # of a byte, 8N1
WINDOW_NS = ms(120)

INTRODUCTION = (
    "A microcontroller sends a file to a cellular module over a serial line, and does not ask"
    " whether the module has time. What arrives goes into a small buffer, the ring; while the"
    " module is busy with its flash memory it takes nothing out, and once the ring is full, what"
    " arrives is lost and nobody is told. Flow control is any way for the module to say"
    ' "wait": here the same is sent five times, once without it and four times with it.'
)


def facts(*, is_quick: bool = False) -> list[tuple[str, str]]:
    """Of the module, the files, and the ways they are sent."""
    files = [(cargo.title, _cargo(cargo, is_quick=is_quick)) for cargo in played(is_quick=is_quick)]
    ways = [(f"{number} {way.title}", way.method) for number, way in enumerate(WAYS, 1)]
    return [("module", _module(CARGOES[0].scenario(WAYS[0]))), *files, *ways]


def played(*, is_quick: bool) -> tuple[Cargo, ...]:
    """The files that go up."""
    return CARGOES[:1] if is_quick else CARGOES


def _module(scenario: "Scenario") -> str:
    (stall,) = scenario.stalls
    return (
        f"a simulated {scenario.device_profile.title}, {BAUD} baud, ring of"
        f" {scenario.ring.rx_bytes} bytes, stops for {stall.stall_ms} ms after every"
        f" {stall.every_bytes} bytes (scenario {SCENARIO})"
    )


def _cargo(cargo: Cargo, *, is_quick: bool) -> str:
    return f"{cargo.content}, {len(cargo.data())} bytes; played in {_clock(cargo, is_quick)}"


def _clock(cargo: Cargo, is_quick: bool) -> str:
    if is_quick or cargo.is_virtual:
        return "virtual time"
    timed = [str(n) for n, way in enumerate(WAYS, 1) if cargo.is_timed(way)]
    return f"real time, on a pseudo terminal ({', '.join(timed)}: in virtual time)"


# the table

COLUMNS = ("way", "file", "sent", "stored", "lost", "sum ok?", "time", "broker")
_NUMBERS = ("sent", "stored", "lost", "time")


def table(outcomes: Sequence[DemoOutcome], *, colour: bool, width: int = WIDTH) -> str:
    """One row for each upload."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for title in COLUMNS:
        made.add_column(title, justify="right" if title in _NUMBERS else "left", no_wrap=True)
    before: Way | None = None
    for outcome in outcomes:
        way, *rest = cells(outcome)
        made.add_row("" if outcome.way is before else way, *rest, style=_style(outcome))
        before = outcome.way
    rows = "\n".join(printed(made, width=width, colour=colour))
    return f"{rows}\n\n{fill(time_note(outcomes), WIDTH)}"


def time_note(outcomes: Sequence[DemoOutcome]) -> str:
    """What the column `time` is."""
    files = dict.fromkeys(outcome.cargo for outcome in outcomes)
    waits = " and ".join(f"{cargo.timeout_s} s" for cargo in files)
    return (
        "The time is that on the module's clock, in seconds, from CONNECT to its answer. In 2 it"
        f" includes {waits} in which the module waited for bytes that never came."
    )


def numbered(way: Way) -> str:
    """`1 PC over USB`."""
    return f"{WAYS.index(way) + 1} {way.title}"


def cells(outcome: DemoOutcome) -> tuple[str, ...]:
    """One upload, by `COLUMNS`."""
    right = outcome.stored_sum == outcome.file_sum
    return (
        numbered(outcome.way),
        outcome.cargo.title,
        str(outcome.sent),
        str(outcome.stored),
        str(outcome.lost),
        f"{outcome.stored_sum} {'ok' if right else 'NO'}",
        f"{outcome.answer_ns / S:.1f}",
        "-" if outcome.broker is None else outcome.broker.text,
    )


def _style(outcome: DemoOutcome) -> str:
    return "green" if outcome.is_intact else "bold red"


# the pictures


def picture(outcome: DemoOutcome, *, colour: bool, width: int = WIDTH) -> str:
    """The ring while the certificate goes up."""
    begin_ns = first_byte_ns(outcome)
    title = f"{numbered(outcome.way)}: bytes in the ring while the certificate arrives"
    ring_bytes = outcome.cargo.scenario(outcome.way).ring.rx_bytes
    assert ring_bytes is not None
    return ring_picture(
        outcome.events,
        begin_ns,
        begin_ns + WINDOW_NS,
        ring_bytes,
        width=width - 2,
        height=11,
        title=title,
        colour=colour,
    )


def legend() -> str:
    """What the lanes under a picture mean."""
    return "\n".join(LEGEND)


def first_byte_ns(outcome: DemoOutcome) -> int:
    """When the host began to send the file."""
    connect_ns = outcome.upload.begin_ns if outcome.upload else 0
    times = (
        event.at_ns
        for event in outcome.events
        if isinstance(event, HostBytes) and event.at_ns >= connect_ns
    )
    return next(times, connect_ns)


# what it means


def otherwise(wrong: Sequence[DemoOutcome]) -> str:
    """Those that did not come out as told."""
    return "\n".join(["This did not come out as told:", *map(_wrong, wrong)])


def _wrong(outcome: DemoOutcome) -> str:
    told = "to lose bytes" if outcome.way.loses else "to arrive whole"
    sentence = outcome.upload.sentence if outcome.upload else "the module never saw an upload"
    seen = "; ".join([sentence, *outcome.problems])
    text = f"{numbered(outcome.way)}, {outcome.cargo.title}: was {told}, but: {seen}"
    return fill(text, WIDTH, initial_indent="  ", subsequent_indent="    ")


def sentence(outcome: DemoOutcome) -> str:
    """What came of one upload."""
    told = outcome.upload.sentence if outcome.upload else "the module never saw an upload"
    is_right = outcome.stored_sum == outcome.file_sum
    sums = f"checksum {outcome.stored_sum}, {'as' if is_right else 'NOT as'} that of the file"
    if not is_right:
        sums += f" ({outcome.file_sum})"
    return f"{numbered(outcome.way)}: {outcome.way.method}. {_capital(told)}; {sums}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def broker_sentence(outcome: DemoOutcome) -> str:
    """What the broker made of the certificate."""
    broker = outcome.broker
    assert broker is not None
    if broker.is_let_in:
        return f"{numbered(outcome.way)}: let in."
    why = f" {_capital(broker.why)}." if broker.why else ""
    return f"{numbered(outcome.way)}: NOT let in ({broker.command}: 0,{broker.code}).{why}"


def lost(naive: DemoOutcome) -> str:
    """Which bytes are lost, when and why."""
    loss = naive.first_loss
    assert loss is not None
    (stall,) = naive.cargo.scenario(naive.way).stalls
    arriving = stall.stall_ms * BAUD // (_LINE_BITS * 1000)
    return (
        f"In each stop of {stall.stall_ms} ms some {arriving} bytes arrive, and after it"
        f" the module takes {stall.every_bytes}. So the ring fills up:"
        f" {_since_start(naive, loss.first_ns)} after the first byte it holds all of its"
        f" {loss.ring_bytes} bytes. Byte {loss.at_byte} of the certificate (counted from 0) is the"
        f" first that finds no room; {loss.count - 1} more go the same way, until the stop ends"
        f" at {_since_start(naive, loss.last_ns)}."
    )


def _since_start(outcome: DemoOutcome, at_ns: int) -> str:
    return format_ns(at_ns - first_byte_ns(outcome))


def aftermath(outcomes: Outcomes) -> str:
    """What the host makes of it, and what is left of the bundle."""
    naive = outcomes.of("naive", CARGOES[0])
    assert naive.upload is not None
    told = (
        f"The host believes that all is sent. The module still waits for {naive.lost} bytes, gives"
        f" up after {naive.cargo.patience_s(naive.way)} s of silence, and answers"
        f" {naive.upload.result}; what it keeps is no certificate any more."
    )
    if not outcomes.has(CARGOES[1]):
        return told
    bundle = outcomes.of("naive", CARGOES[1])
    assert bundle.upload is not None
    share = round(100 * bundle.lost / max(1, bundle.sent))
    places = places_text(bundle.upload)
    return f"{told} Of the CA bundle {share} % is gone, in {places}."


def late(outcomes: Outcomes) -> str:
    """What a cure costs."""
    rtscts = outcomes.of("rtscts", CARGOES[0])
    assert rtscts.upload is not None
    told = (
        f"Late, but whole: with RTS/CTS the ring got no fuller than"
        f" {rtscts.upload.ring_peak_bytes} bytes, because the sender was held for"
        f" {format_ns(rtscts.upload.held_ns)} in all. In ACK mode it waits for the module, and with"
        " pauses for the clock: the pauses have to be longer than the module ever stops, which"
        " nobody knows beforehand."
    )
    if not outcomes.has(CARGOES[1]):
        return told
    slow = [outcomes.of(way.key, CARGOES[1]) for way in WAYS if way.is_cure]
    line_s = slow[0].sent * _LINE_BITS / BAUD
    times = ", ".join(f"{outcome.answer_ns / S:.0f} s" for outcome in slow)
    price = f"The price is time: {times} for a bundle that the line could carry in {line_s:.0f} s."
    return f"{told} {price}"


def honest() -> str:
    """What is assumed."""
    return (
        "The small ring and the regular stops are assumed, not measured: they are what would"
        " explain the truncated certificates of Quectel forum thread 57329."
    )


NEXT_STEPS = (
    (f"quecsim run {SCENARIO} -- quecsim upload FILE --port {{port}}",
     "the same device, a file of yours"),
    ("quecsim run ec200u", "a port for your own program; Ctrl-C tells where its bytes went"),
    ("quecsim scenarios", "more devices in trouble"),
)  # fmt: skip
"""Commands to try, and what each does."""


def as_json(outcomes: Sequence[DemoOutcome]) -> str:
    """The outcomes as one JSON object; times in nanoseconds of the model's clock."""
    uploads = [_as_dict(outcome) for outcome in outcomes]
    as_told = all(outcome.is_as_told for outcome in outcomes)
    return json.dumps({"as_told": as_told, "scenario": SCENARIO, "uploads": uploads}, indent=2)


def _as_dict(outcome: DemoOutcome) -> dict[str, Any]:
    return {
        "way": outcome.way.key,
        "file": outcome.cargo.payload,
        **{name: getattr(outcome, name) for name in _JSON_FIELDS},
        "verdict": outcome.upload.verdict if outcome.upload else None,
        "first_lost_byte": outcome.first_loss.at_byte if outcome.first_loss else None,
        "why": outcome.first_loss.why if outcome.first_loss else None,
        "broker": None if outcome.broker is None else asdict(outcome.broker),
    }


_JSON_FIELDS = (
    "sent", "stored", "lost", "file_sum", "stored_sum", "answer_ns", "is_intact", "is_as_told",
    "problems",
)  # fmt: skip
