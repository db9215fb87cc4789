"""The closed set of effects: each is a frozen record, and the interpreter performs each."""

from typing import get_args

import msgspec
import pytest

from quecsim.at.effects import Effect, Info
from quecsim.device.performer import _PERFORM


def test_the_interpreter_performs_exactly_these() -> None:
    assert set(_PERFORM) == set(get_args(Effect))


@pytest.mark.parametrize("kind", get_args(Effect), ids=lambda kind: kind.__name__)
def test_an_effect_is_a_record_that_does_nothing(kind: type) -> None:
    assert issubclass(kind, msgspec.Struct)
    public = {name for name in vars(kind) if not name.startswith("_")}
    assert public == {field.name for field in msgspec.structs.fields(kind)}


def test_effects_are_frozen() -> None:
    with pytest.raises(AttributeError):
        Info("a").text = "b"  # type: ignore[misc]
