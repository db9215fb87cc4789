"""The events of a trace, from their records."""

import msgspec

from quecsim.trace.event import Event
from website.generated.markdown import prose, table
from website.generated.records import Record, keys_table

_COMMON = ("at_ns",)


def events() -> str:
    """Each event with its fields; those that are an input of the run are marked in their words."""
    kinds: tuple[Record, ...] = Event.__args__
    return "\n".join(map(_event, kinds))


def _event(kind: Record) -> str:
    own = [one for one in msgspec.structs.fields(kind) if one.name not in _COMMON]
    fields = keys_table(kind, leave_out=_COMMON) if own else "It has no field but `at_ns`.\n"
    return f"### `{kind.__name__}`\n\n{prose(kind.__doc__)}\n\n{fields}"


def inputs() -> str:
    """The events that hold an input, in a table."""
    kinds: tuple[Record, ...] = Event.__args__
    rows = [
        (f"[`{kind.__name__}`](#{kind.__name__.lower()})", _after_input(kind)) for kind in kinds
    ]
    return table(("event", "says"), [row for row in rows if row[1]])


def _after_input(kind: Record) -> str:
    words = " ".join(prose(kind.__doc__).split())
    head, _, rest = words.partition("Input. ")
    return "" if head else rest.partition(". ")[0].removesuffix(".")
