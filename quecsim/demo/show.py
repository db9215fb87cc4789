"""What the demo says: the introduction, the table, the pictures, and what they mean.

Everything is text made from the outcomes, so that no number in it can be another than the run's.
Made for 80 columns; colour only repeats what the words say.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from io import StringIO
from textwrap import fill
from typing import TYPE_CHECKING, Any

from quecsim.demo.play import BAUD, DemoOutcome
from quecsim.demo.ways import CARGOES, SCENARIO, WAYS, Cargo, Way
from quecsim.render.lanes import LEGEND, ring_picture
from quecsim.trace.event import HostBytes
from quecsim.units import S, format_ns, ms

if TYPE_CHECKING:
    from quecsim.scenario.schema import Scenario

_WIDTH = 80
_LINE_BITS = 10  # of a byte, 8N1
_WINDOW_NS = ms(120)
_PICTURED = ("naive", "rtscts")

_INTRODUCTION = (
    "A microcontroller sends a file to a cellular module over a serial line, and does not ask"
    " whether the module has time. What arrives goes into a small buffer, the ring; while the"
    " module is busy with its flash memory it takes nothing out, and once the ring is full, what"
    " arrives is lost and nobody is told. Flow control is any way for the module to say"
    ' "wait": here the same files go up four times, once without it and three times with it.'
)


def introduction() -> str:
    """What is about to happen, for somebody who has never heard of flow control."""
    scenario = CARGOES[0].scenario(WAYS[0])
    facts = [("module", _module(scenario))]
    facts += [(cargo.title, _cargo(cargo)) for cargo in CARGOES]
    facts += [(f"{number} {way.title}", way.method) for number, way in enumerate(WAYS, 1)]
    return fill(_INTRODUCTION, _WIDTH) + "\n\n" + "\n".join(_fact(*fact) for fact in facts)


def _module(scenario: "Scenario") -> str:
    (stall,) = scenario.stalls
    return (
        f"a simulated {scenario.device_profile.title}, {BAUD} baud, ring of"
        f" {scenario.ring.rx_bytes} bytes, stops for {stall.stall_ms} ms after every"
        f" {stall.every_bytes} bytes (scenario {SCENARIO})"
    )


def _cargo(cargo: Cargo) -> str:
    return f"{cargo.content}, {len(cargo.data())} bytes; {_played(cargo)}"


def _played(cargo: Cargo) -> str:
    if cargo.is_virtual:
        return "played in virtual time"
    return "played in real time, on a pseudo terminal"


def _fact(label: str, text: str) -> str:
    indent = " " * 20
    return fill(text, _WIDTH, initial_indent=f"  {label:18}", subsequent_indent=indent)


# the table


def table(outcomes: Sequence[DemoOutcome], *, colour: bool, width: int = _WIDTH) -> str:
    """One row for each upload."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for title in ("way", "file"):
        made.add_column(title, no_wrap=True)
    for title in ("sent", "stored", "lost"):
        made.add_column(title, justify="right", no_wrap=True)
    made.add_column("sum ok?", no_wrap=True)
    made.add_column("time", justify="right", no_wrap=True)
    made.add_column("broker", no_wrap=True)
    before: Way | None = None
    for outcome in outcomes:
        way = "" if outcome.way is before else _numbered(outcome.way)
        before = outcome.way
        made.add_row(way, *_cells(outcome), style=_style(outcome))
    out = StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
    )
    console.print(made)
    rows = "\n".join(line.rstrip() for line in out.getvalue().split("\n")).strip("\n")
    return f"{rows}\n\n{_time_note()}\n\n{_broker_note()}"


def _time_note() -> str:
    waits = " and ".join(f"{cargo.timeout_s} s" for cargo in CARGOES)
    text = (
        "The time is that on the module's clock, in seconds, from CONNECT to its answer. In 2 it"
        f" includes {waits} in which the module waited for bytes that never came."
    )
    return fill(text, _WIDTH)


def _broker_note() -> str:
    text = (
        "The broker's own certificate is checked by this one. What it comes to is what AT+QMTOPEN"
        " says, on a module that has the file as it was stored; every setting before is OK."
    )
    return fill(text, _WIDTH)


def _numbered(way: Way) -> str:
    return f"{WAYS.index(way) + 1} {way.title}"


def _cells(outcome: DemoOutcome) -> tuple[str, ...]:
    right = outcome.stored_sum == outcome.file_sum
    return (
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


def pictures(outcomes: Iterable[DemoOutcome], *, colour: bool, width: int = _WIDTH) -> str:
    """The ring while the certificate goes up, without and with flow control."""
    drawn = [o for o in outcomes if o.cargo is CARGOES[0] and o.way.key in _PICTURED]
    blocks = [_picture(outcome, colour=colour, width=width) for outcome in drawn]
    return "\n\n".join([*blocks, "\n".join(LEGEND)])


def _picture(outcome: DemoOutcome, *, colour: bool, width: int) -> str:
    begin_ns = first_byte_ns(outcome)
    title = f"{_numbered(outcome.way)}: bytes in the ring while the certificate arrives"
    ring_bytes = outcome.cargo.scenario(outcome.way).ring.rx_bytes
    assert ring_bytes is not None
    return ring_picture(
        outcome.events,
        begin_ns,
        begin_ns + _WINDOW_NS,
        ring_bytes,
        width=width - 2,
        height=11,
        title=title,
        colour=colour,
    )


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


def words(outcomes: Sequence[DemoOutcome]) -> str:
    """What one sees in the table and the pictures."""
    wrong = [outcome for outcome in outcomes if not outcome.is_as_told]
    if wrong:
        return "\n".join(["This did not come out as told:", *map(_wrong, wrong)])
    by_key = {(o.way.key, o.cargo.payload): o for o in outcomes}
    naive, bundle = by_key["naive", "certificate"], by_key["naive", "bundle"]
    rtscts = by_key["rtscts", "certificate"]
    slow = [by_key[key, "bundle"] for key in ("rtscts", "ack")]
    paragraphs = (_lost(naive), _aftermath(naive, bundle), _late(rtscts, slow), _honest())
    return "\n\n".join(fill(paragraph, _WIDTH) for paragraph in paragraphs)


def _wrong(outcome: DemoOutcome) -> str:
    told = "to lose bytes" if outcome.way.loses else "to arrive whole"
    sentence = outcome.upload.sentence if outcome.upload else "the module never saw an upload"
    seen = "; ".join([sentence, *outcome.problems])
    text = f"{_numbered(outcome.way)}, {outcome.cargo.title}: was {told}, but: {seen}"
    return fill(text, _WIDTH, initial_indent="  ", subsequent_indent="    ")


def _lost(naive: DemoOutcome) -> str:
    loss = naive.first_loss
    assert loss is not None
    (stall,) = naive.cargo.scenario(naive.way).stalls
    arriving = stall.stall_ms * BAUD // (_LINE_BITS * 1000)
    return (
        f"Lost (2): in each stop of {stall.stall_ms} ms some {arriving} bytes arrive, and after it"
        f" the module takes {stall.every_bytes}. So the ring fills up:"
        f" {_since_start(naive, loss.first_ns)} after the first byte it holds all of its"
        f" {loss.ring_bytes} bytes. Byte {loss.at_byte} of the certificate (counted from 0) is the"
        f" first that finds no room; {loss.count - 1} more go the same way, until the stop ends"
        f" at {_since_start(naive, loss.last_ns)}."
    )


def _since_start(outcome: DemoOutcome, at_ns: int) -> str:
    return format_ns(at_ns - first_byte_ns(outcome))


def _aftermath(naive: DemoOutcome, bundle: DemoOutcome) -> str:
    assert naive.upload is not None
    assert bundle.upload is not None
    share = round(100 * bundle.lost / max(1, bundle.sent))
    return (
        f"The host believes that all is sent. The module still waits for {naive.lost} bytes, gives"
        f" up after {naive.cargo.patience_s(naive.way)} s of silence, and answers"
        f" {naive.upload.result}; what it keeps is no certificate any more, and so"
        f" {_refusal(naive)}. Of the CA bundle"
        f" {share} % is gone, in {len(bundle.upload.losses)} places."
    )


def _refusal(naive: DemoOutcome) -> str:
    assert naive.broker is not None
    return f"the connection to the broker fails ({naive.broker.command}: 0,{naive.broker.code})"


def _late(rtscts: DemoOutcome, slow: Sequence[DemoOutcome]) -> str:
    assert rtscts.upload is not None
    line_s = slow[0].sent * _LINE_BITS / BAUD
    times = " and ".join(f"{outcome.answer_ns / S:.0f} s" for outcome in slow)
    return (
        f"Late, but whole (1, 3, 4): with RTS/CTS the ring got no fuller than"
        f" {rtscts.upload.ring_peak_bytes} bytes, because the sender was held for"
        f" {format_ns(rtscts.upload.held_ns)} in all. In ACK mode it waits of its own accord, and"
        f" USB makes a PC wait. The price is time: {times} for a bundle that the line alone could"
        f" carry in {line_s:.0f} s."
    )


def _honest() -> str:
    return (
        "The small ring and the regular stops are assumed, not measured: they are what would"
        " explain the truncated certificates of Quectel forum thread 57329."
    )


def next_steps() -> str:
    """What to try next."""
    steps = (
        (f"quecsim run {SCENARIO} -- quecsim upload FILE --port {{port}}",
         "the same device, a file of yours"),
        ("quecsim run ec200u", "a port for your own program; Ctrl-C tells where its bytes went"),
        ("quecsim scenarios", "more devices in trouble"),
    )  # fmt: skip
    return "\n".join(["Try next:", *(f"  {command}\n      {what}" for command, what in steps)])


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
