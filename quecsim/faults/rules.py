"""What msgspec cannot say about a fault: which keys exclude or need each other."""

from collections.abc import Iterator

from quecsim.errors import QuecsimError
from quecsim.faults.spec import (
    AckLate,
    BitError,
    Break,
    DropBytes,
    ExistingFile,
    Fault,
    InsertBytes,
    PowerCutFault,
    ResetFault,
    SplitReply,
    UrcFault,
)

# Of these keys a fault of the kind has exactly one.
ONE_OF: dict[type, tuple[str, ...]] = {
    BitError: ("at_byte", "per_million"),
    DropBytes: ("at_byte", "per_million"),
    InsertBytes: ("at_byte", "per_million"),
    Break: ("at_byte", "at_ms"),
    AckLate: ("ack", "every"),
    SplitReply: ("reply", "every"),
    UrcFault: ("moment", "at_ms", "at_byte"),
    PowerCutFault: ("at_byte", "at_ms", "at_flash_op"),
    ResetFault: ("at_byte", "at_ms"),
    ExistingFile: ("text", "bytes_count"),
}

Problem = tuple[str, str, str]


def problems(fault: Fault) -> Iterator[Problem]:
    """(key or "", message, hint) for each thing that is wrong with `fault` by itself."""
    keys = ONE_OF.get(type(fault), ())
    given = [key for key in keys if getattr(fault, key) is not None]
    if keys and len(given) != 1:
        listed = f"{', '.join(keys[:-1])} or {keys[-1]}"
        has = f"has {' and '.join(given)}" if given else "has none"
        yield given[-1] if given else "", f"{fault.kind} needs {listed}: one of them", f"It {has}."
    if isinstance(fault, BitError | DropBytes) and fault.per_million and fault.count != 1:
        yield "count", f"{fault.kind} with per_million hits single bytes", "Leave count out."
    if isinstance(fault, UrcFault) and fault.moment is None and fault.nth != 1:
        yield "nth", "nth counts moments, and no moment is given", 'Set moment = "before_ack", say.'


def checked(fault: Fault) -> Fault:
    """`fault` itself. Raises QuecsimError where something is wrong with it."""
    for _, message, hint in problems(fault):
        raise QuecsimError(message, hint=hint)
    return fault
