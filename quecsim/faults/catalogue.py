"""The kinds of fault that there are: whatever stands in `quecsim.faults.kinds`, a file for each."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, TypeAlias, Union

import msgspec

from quecsim.errors import QuecsimError
from quecsim.faults import kinds
from quecsim.faults.fault import Fault
from quecsim.profiles.toml_check import did_you_mean, read_values


def _found() -> Iterator[type[Fault]]:
    for found in iter_modules(kinds.__path__):
        module = import_module(f"{kinds.__name__}.{found.name}")
        for value in vars(module).values():
            is_kind = isinstance(value, type) and issubclass(value, Fault)
            if is_kind and value.__module__ == module.__name__:
                yield value


def kind_of(fault: type[Fault]) -> str:
    """The word of a kind."""
    return str(fault.__struct_config__.tag)


KINDS: dict[str, type[Fault]] = {
    kind_of(fault): fault
    for fault in sorted(_found(), key=lambda each: (each.ORDER, kind_of(each)))
}
"""Word -> record, the simplest first."""

if TYPE_CHECKING:
    AnyFault: TypeAlias = Fault
else:
    AnyFault = Union[tuple(KINDS.values())]  # noqa: UP007 - for msgspec, which tells them apart by `kind`


def read_fault(values: Mapping[str, Any]) -> Fault:
    """The fault of a table as a scenario has it: {"kind": "ack_late", "delay_ms": 50}.

    Its values are checked one by one, not yet what excludes what. Raises QuecsimError.
    """
    kind = values.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise QuecsimError(f"there is no fault {kind!r}", hint=did_you_mean(str(kind), KINDS))
    try:
        made: Fault = read_values(dict(values), KINDS[kind])
    except QuecsimError as error:
        problem = f"the fault {kind!r} cannot be: {error.message}"
        raise QuecsimError(problem, hint=error.hint) from None
    return made


def fault_table(fault: Fault) -> dict[str, Any]:
    """The fault as the table that `read_fault` takes; what is as by default is left out."""
    table: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(fault))
    return table


def table_words(table: Mapping[str, Any]) -> str:
    """What the fault of a record's table is to do; its kind, where another version knew it."""
    try:
        return read_fault(table).words()
    except QuecsimError:
        return str(table.get("kind"))


def checked(fault: Fault) -> Fault:
    """`fault` itself. Raises QuecsimError where something is wrong with it by itself."""
    for _, message, hint in fault.problems():
        raise QuecsimError(message, hint=hint)
    return fault
