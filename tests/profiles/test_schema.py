from typing import Any

import pytest
from msgspec import inspect

from quecsim.profiles import Profile, load_profile


def bounded(info: inspect.Type) -> bool:
    """Whether every whole number within a type has a least and a greatest value."""
    match info:
        case inspect.IntType(ge=low, le=high):
            return low is not None and high is not None
        case inspect.Metadata(type=inner):
            return bounded(inner)
        case inspect.StructType(fields=fields):
            return all(bounded(field.type) for field in fields)
        case inspect.TupleType(item_types=items):
            return all(map(bounded, items))
        case inspect.VarTupleType(item_type=item):
            return bounded(item)
        case _:
            return True


def test_every_number_of_a_profile_has_a_range() -> None:
    assert bounded(inspect.type_info(Profile))
    assert not bounded(inspect.type_info(tuple[int, ...]))


def test_a_profile_is_frozen() -> None:
    uart: Any = load_profile("ec200u").uart
    with pytest.raises(AttributeError, match="immutable"):
        uart.baud = 9600
