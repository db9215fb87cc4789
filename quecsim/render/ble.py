"""Bluetooth LE in the report for a terminal: first what went wrong, then everything there was."""

from collections.abc import Iterator

from quecsim.border.ble import INTERVAL_NS
from quecsim.render.dialogue.ble import WHYS
from quecsim.render.layout import counted, hanging, safe, seconds, worded, wrapped
from quecsim.report.air import BleConnection, BleReport, BleSession, BleTransfer
from quecsim.report.ble_answer import place
from quecsim.units import format_ns

_MOST_SENTENCES = 20
_MOST_CONNECTIONS = 10
_MOST_TRANSFERS = 10
_MOST_LOSSES = 10
_MOST_SESSIONS = 10
_HEAD = "Bluetooth LE"


def ble_troubles(ble: BleReport) -> list[tuple[str, str]]:
    """What went wrong: (failed | dropped | lost, sentence)."""
    told = [
        ("failed" if each.joined_ns is None else "dropped", each.sentence)
        for each in ble.connections
    ]
    told += [("lost", each.sentence) for each in ble.sessions]
    told += [("lost", each.sentence) for each in ble.transfers]
    return [(word, sentence) for word, sentence in told if sentence]


def ble_answers(ble: BleReport, *, colour: bool) -> Iterator[str]:
    """What went wrong, one sentence each."""
    told = ble_troubles(ble)
    if hidden := told[:-_MOST_SENTENCES]:
        yield f"{counted(len(hidden), 'earlier trouble')} of Bluetooth LE"
    for word, sentence in told[-_MOST_SENTENCES:]:
        yield from worded(word, f"{_HEAD}: {safe(sentence)}", _COLOURS[word] if colour else "")


_COLOURS = {"failed": "1;31", "dropped": "33", "lost": "1;31"}


def ble_block(ble: BleReport) -> Iterator[str]:
    """Every connection, and what went over it."""
    if not ble.has_any:
        return
    yield f"{_HEAD}:"
    hidden = max(0, len(ble.connections) - _MOST_CONNECTIONS) + ble.unlisted
    if hidden:
        yield f"  {counted(hidden, 'earlier connection')}"
    yield from _over(ble, 0)
    for made in ble.connections[-_MOST_CONNECTIONS:]:
        yield from hanging(connection_text(made))
        yield from _over(ble, made.number)


def _over(ble: BleReport, number: int) -> Iterator[str]:
    """What went over connection `number`, or wanted to when there was none."""
    sessions = [each for each in ble.sessions if each.connection == number]
    for session in sessions[-_MOST_SESSIONS:]:
        yield from hanging(_session_text(session))
        yield from _losses(session)
    transfers = [each for each in ble.transfers if each.connection == number]
    for transfer in transfers[:_MOST_TRANSFERS]:
        yield from hanging(transfer_text(transfer))
        yield from _losses(transfer)


def connection_text(made: BleConnection) -> str:
    """`3.120 s: 58d391010203 connected (30.0 ms interval, MTU 247, at most 32000 bytes/s) ...`."""
    who = safe(made.who)
    if made.joined_ns is None:
        asked = seconds(made.asked_ns or 0)
        return f"{asked} s: the device wanted to connect to {who}: {_never(made)}"
    did = f"connected to {who}" if made.is_central else f"{who} connected"
    rate = f", at most {made.carries_bytes_per_s} bytes/s" if made.carries_bytes_per_s else ""
    latency = f", latency {made.latency}" if made.latency else ""
    interval = f"{format_ns(made.interval * INTERVAL_NS)} interval"
    if made.first_interval != made.interval:
        interval += f", {format_ns(made.first_interval * INTERVAL_NS)} at first"
    quality = f"{interval}{latency}, MTU {made.mtu}{rate}"
    return f"{seconds(made.joined_ns)} s: {did} ({quality}), {_end(made)}"


def _never(made: BleConnection) -> str:
    if made.over_ns is None:
        return "no answer yet"
    return f"nothing came of it by {seconds(made.over_ns)} s"


def _end(made: BleConnection) -> str:
    if made.over_ns is None:
        return "and still is"
    why = _GONE if made.why == "gone" else WHYS.get(made.why, safe(made.why))
    return f"until {seconds(made.over_ns)} s: {why}"


_GONE = "the device went off the air"


def transfer_text(made: BleTransfer) -> str:
    """`fff2, to the other side: 1188 bytes in 60 pieces, all there`."""
    way = "to the other side" if made.way == "up" else "to the device"
    size = f"{counted(made.given, 'byte')} in {counted(made.pieces, 'piece')}"
    rest = made.given - made.arrived - made.lost
    parts = [
        "all there" if made.arrived == made.given else f"{made.arrived} there",
        f"{made.lost} lost" if made.lost else "",
        f"{rest} on their way" if rest > 0 else "",
    ]
    return f"{safe(made.uuid)}, {way}: {size}, {', '.join(filter(None, parts))}"


def _session_text(made: BleSession) -> str:
    until = "now" if made.end_ns is None else f"{seconds(made.end_ns)} s"
    lost = f", {made.lost} lost in the ring" if made.lost else ""
    return (
        f"transparent mode from {seconds(made.begin_ns)} s until {until}:"
        f" {counted(made.sent, 'byte')} from the host{lost}"
    )


def _losses(made: BleTransfer | BleSession) -> Iterator[str]:
    """Each stretch, where there are several: of one the answer has told."""
    if len(made.losses) < 2:
        return
    for loss in made.losses[:_MOST_LOSSES]:
        yield f"    {place(loss)} at {seconds(loss.first_ns)} s"
        yield from wrapped(safe(loss.why), 6)
    more = len(made.losses) - _MOST_LOSSES
    if more > 0 or made.unlisted:
        yield f"    and {counted(max(more, 1), 'more place')}"
