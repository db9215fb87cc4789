"""Which event somebody means: its name, and values that its fields must have.

DataBegin                       any DataBegin
DataBegin name=ca.pem           that of one file
CommandLine text=AT+QFUPL*      `*` in a text stands for anything
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, get_args

import msgspec

from quecsim.errors import QuecsimError
from quecsim.trace.event import Event, Start

_LONG_CHARS = 200
EVENTS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Event)}


class EventPattern:
    """An event of that kind (its class or name) with those fields.

    Raises QuecsimError for names that no event has.
    """

    __slots__ = ("_fields", "_texts", "kind")

    def __init__(self, kind: type[Any] | str, fields: Mapping[str, Any] | None = None) -> None:
        self.kind = _kind_of(kind)
        given = dict(fields or {})
        known = self.kind.__struct_fields__
        for name in given:
            if name not in known:
                raise QuecsimError(
                    f"{self.kind.__name__} has no field {name!r}",
                    hint="its fields are: " + ", ".join(known),
                )
        self._texts = {k: _wild(v) for k, v in given.items() if isinstance(v, str)}
        self._fields = {k: v for k, v in given.items() if not isinstance(v, str)}

    def __str__(self) -> str:
        texts = {name: text.pattern for name, text in self._texts.items()}
        wanted = {**self._fields, **{k: _unwild(v) for k, v in texts.items()}}
        return " ".join([self.kind.__name__, *(f"{k}={v}" for k, v in wanted.items())])

    def matches(self, event: Event) -> bool:
        """Whether it is such an event."""
        return (
            type(event) is self.kind
            and all(getattr(event, name) == value for name, value in self._fields.items())
            and all(wild.fullmatch(_text(getattr(event, k))) for k, wild in self._texts.items())
        )


def event_text(event: Event) -> str:
    """An event for people: `DataBegin at 1.204 s: offset=30 command=+QFUPL ...`.

    Long values are cut, and what a run began with is not spelled out.
    """
    fields = msgspec.structs.asdict(event)
    at_ns = fields.pop("at_ns")
    if isinstance(event, Start):
        fields = {name: fields[name] for name in ("device", "seed", "port")}
    shown = " ".join(f"{name}={_short(_text(value))}" for name, value in fields.items())
    return f"{type(event).__name__} at {at_ns // 1_000_000 / 1000:.3f} s: {shown}"


def _kind_of(kind: type[Any] | str) -> type[Any]:
    name = kind if isinstance(kind, str) else kind.__name__
    if name in EVENTS:
        return EVENTS[name]
    by_small = {known.lower(): known for known in EVENTS}
    near = get_close_matches(name.lower(), by_small, n=1)
    meant = f"do you mean {by_small[near[0]]}? " if near else ""
    raise QuecsimError(
        f"there is no event {name!r}", hint=f"{meant}Events are: " + ", ".join(sorted(EVENTS))
    )


def _wild(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, text.split("*"))), re.DOTALL)


def _unwild(pattern: str) -> str:
    return re.sub(r"\\(.)", r"\1", pattern.replace(".*", "*"))


def _short(text: str) -> str:
    return text if len(text) <= _LONG_CHARS else f"{text[:_LONG_CHARS]}..."


def _text(value: object) -> str:
    """A field as text; bytes as Latin-1, so that no byte is too strange to compare."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)
