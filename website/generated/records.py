"""Records (`msgspec.Struct`) as tables of their keys: what each takes, its unit, its default."""

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
from msgspec import NODEFAULT
from msgspec.structs import FieldInfo

from quecsim.profiles.toml_check import wanted, without_none
from quecsim.quantity import UNITS_OF_KEYS
from website.generated.markdown import code, prose, table

Record = type[msgspec.Struct]
_WORDS = {"ipr": "baud", "byte": "bytes"}


def keys_table(kind: Record, *, leave_out: tuple[str, ...] = ()) -> str:
    """A row for each key of a record; the column of units only where there are any."""
    fields = [one for one in msgspec.structs.fields(kind) if one.name not in leave_out]
    rows = [(code(one.encode_name), takes(one), unit(one), default(one)) for one in fields]
    head = ("key", "takes", "unit", "if left out")
    if not any(map(unit, fields)):
        return table((*head[:2], head[3]), [(*row[:2], row[3]) for row in rows])
    return table(head, rows)


def takes(field: FieldInfo) -> str:
    """What a key takes, in words."""
    if records_in(field.type):
        return "one or more tables" if is_list(field.type) else "a table"
    return prose(wanted(field.type)).replace('"', "`")


def unit(field: FieldInfo) -> str:
    """The unit that the last word of its name says; nothing for a key without one."""
    last = field.encode_name.rsplit("_", 1)[-1]
    if field.encode_name.endswith("_per_s"):
        return "bytes/s" if "bytes" in field.encode_name else "a second"
    known = last in UNITS_OF_KEYS and "whole number" in wanted(field.type)
    return _WORDS.get(last, last) if known else ""


def default(field: FieldInfo) -> str:
    """What it is when it is left out."""
    if field.default is None:
        return "not set"
    if field.default is NODEFAULT and field.default_factory is NODEFAULT:
        return "needed"
    value = field.default_factory() if field.default is NODEFAULT else field.default
    if isinstance(value, msgspec.Struct) or value in ((), {}, "", b""):
        return "nothing" if not isinstance(value, msgspec.Struct) else "as below"
    return code(msgspec.json.encode(value, enc_hook=str).decode())


def is_list(kind: Any) -> bool:
    """Whether there may be several of it."""
    return get_origin(_bare(kind)) in (tuple, list)


def records_in(kind: Any) -> list[Record]:
    """The records that a key holds: itself, its items, or one of several."""
    return list(dict.fromkeys(_records(kind)))


def _records(kind: Any) -> Iterator[Record]:
    bare = _bare(kind)
    if isinstance(bare, type) and issubclass(bare, msgspec.Struct):
        yield bare
    elif isinstance(bare, UnionType) or get_origin(bare) in (Union, tuple, list, dict):
        for one in get_args(bare):
            yield from _records(one)


def _bare(kind: Any) -> Any:
    kind = without_none(kind)[0]
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind
