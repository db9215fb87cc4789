"""The events of a run as a table, one line each, for a spreadsheet, pandas or a data base.

As RFC 4180 has it: commas, quotes where they are needed, lines that end with CR and LF. A text is
printable and on one line. A spreadsheet would take one that begins with `=`, `+`, `-` or `@` for a
formula, and obey it: an apostrophe stands before it.
"""

import csv
import json
from collections import Counter
from io import TextIOWrapper
from typing import Any, BinaryIO

import msgspec

from quecsim.render.layout import safe
from quecsim.render.recorded import Recorded
from quecsim.report.losses import why
from quecsim.trace import event as ev
from quecsim.units import S

COLUMNS = (
    "number", "time_ns", "time_s", "type", "end_ns", "offset", "count", "file", "transfer",
    "level", "text", "details",
)  # fmt: skip
"""They stay; new ones come behind them."""

_FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")  # wide ones are obeyed in some countries
_MOST_CHARS = 32_000
"""A spreadsheet's cell holds 32,767."""

_MOST_BYTES = 64
_FILES: dict[type, str] = {
    ev.DataBegin: "name",
    ev.FileChanged: "name",
    ev.Stored: "name",
    ev.TransferAsked: "name",
    ev.ClientResult: "file",
    ev.LinkClosed: "file",
    ev.LinkFailed: "file",
}
_WORDS = (
    "text", "what", "state", "why", "result", "summary", "did", "command", "name", "step", "frame",
    "sha256", "device",
)  # fmt: skip
"""What an event says in words is the first of these that it has."""

_OWN_COLUMN = {
    "at_ns", "count", "data", "hidden", "last_ns", "level", "offset", "transfer", "until_ns",
}  # fmt: skip
_ON_AIR = (ev.BleAsked, ev.BleGone, ev.BleHeard, ev.BleLost)
"""Their offsets are not those of the host's stream, and stand in the details."""

_LEFT_OUT = {"profile", "config"}  # a set-up is larger than a cell, and no happening


def write_csv(recorded: Recorded, stream: BinaryIO) -> None:
    """The events of the run, or those of its window."""
    begin_ns, end_ns = recorded.window or (0, 1 << 63)
    text = TextIOWrapper(stream, encoding="utf-8", newline="")
    try:
        table = csv.writer(text)
        table.writerow(COLUMNS)
        for number, event in enumerate(recorded.events):
            if begin_ns <= event.at_ns <= end_ns:
                table.writerow(_row(number, event))
    finally:
        text.detach()


def _row(number: int, event: ev.Event) -> tuple[int | str, ...]:
    values = msgspec.structs.asdict(event)
    data = values.get("data")
    count = values.get("count", "" if data is None else len(data))
    end_ns = values.get("last_ns", values.get("until_ns", ""))
    return (
        number,
        event.at_ns,
        f"{event.at_ns // S}.{event.at_ns % S:09d}",
        type(event).__name__,
        end_ns,
        "" if isinstance(event, _ON_AIR) else values.get("offset", ""),
        count,
        cell(str(values.get(_FILES.get(type(event), ""), ""))),
        values.get("transfer") or "",
        values.get("level", ""),
        cell(_words(event, values)),
        _details(event, values),
    )


def cell(text: str) -> str:
    """The text as a spreadsheet may have it: nothing in it is obeyed."""
    told = safe(text)
    if len(told) > _MOST_CHARS:
        told = f"{told[: _MOST_CHARS - 3]}..."
    return f"'{told}" if told.startswith(_FORMULA) else told


def _words(event: ev.Event, values: dict[str, Any]) -> str:
    if isinstance(event, ev.Lost):
        return why(event)
    data: bytes | None = values.get("data")
    if data is not None:
        more = "..." if len(data) > _MOST_BYTES else ""
        return data[:_MOST_BYTES].decode("latin-1").encode("unicode_escape").decode() + more
    file = _FILES.get(type(event))
    return next((str(values[name]) for name in _WORDS if values.get(name) and name != file), "")


def _details(event: ev.Event, values: dict[str, Any]) -> str:
    """All else that the event says, as JSON in ASCII; of flash work, how many operations."""
    left = {
        name: value
        for name, value in values.items()
        if (name not in _OWN_COLUMN or (name == "offset" and isinstance(event, _ON_AIR)))
        and name not in _LEFT_OUT
        and name != _FILES.get(type(event))
    }
    if isinstance(event, ev.FlashBusy):
        left["ops"] = Counter(kind for kind, *_ in event.ops)
    if not left:
        return ""
    told = json.dumps(msgspec.to_builtins(left))
    return told if len(told) <= _MOST_CHARS else '{"too_long": true}'
