"""Records as tables of keys."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from website.generated.records import keys_table, records_in


class Inner(msgspec.Struct):
    """One more."""

    word: str


class Outer(msgspec.Struct):
    """Of all kinds."""

    needed: Literal["a", "b"]
    off_ms: Annotated[int, Meta(ge=1, le=10)] = 5
    up_bytes_per_s: int | None = None
    several: tuple[Inner, ...] = msgspec.field(default=(), name="one")


def test_a_row_says_what_a_key_takes_in_which_unit_and_what_it_is_otherwise() -> None:
    assert keys_table(Outer).splitlines()[2:] == [
        "| `needed` | `a` or `b` |  | needed |",
        "| `off_ms` | a whole number from 1 to 10 | ms | `5` |",
        "| `up_bytes_per_s` | a whole number | bytes/s | not set |",
        "| `one` | one or more tables |  | nothing |",
    ]


def test_without_units_there_is_no_column_for_them() -> None:
    assert keys_table(Inner).splitlines()[0] == "| key | takes | if left out |"


def test_the_records_in_a_record_are_found() -> None:
    fields = msgspec.structs.fields(Outer)
    assert [records_in(one.type) for one in fields] == [[], [], [], [Inner]]
