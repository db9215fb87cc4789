"""Which event is meant: by name and fields, with readable messages for what there is not."""

from typing import Any

import pytest

from quecsim.errors import QuecsimError
from quecsim.trace.event import Ack, DataBegin, DataEnd, HostBytes, Urc
from quecsim.trace.pattern import EVENTS, EventPattern, event_text

BEGIN = DataBegin(1_204_567_890, 30, "+QFUPL", "ca.pem", 1188, True, 0)


@pytest.mark.parametrize(
    ("kind", "fields", "is_it"),
    [
        ("DataBegin", {}, True),
        (DataBegin, {"name": "ca.pem", "size": 1188, "ack": True}, True),
        ("DataBegin", {"name": "ca.pem", "size": "1188", "ack": "true"}, True),
        ("DataBegin", {"name": "*.pem"}, True),
        ("DataBegin", {"name": "*"}, True),
        ("DataBegin", {"name": "ca"}, False),
        ("DataBegin", {"name": "c?.pem"}, False),
        ("DataBegin", {"size": 1}, False),
        (DataEnd, {}, False),
    ],
)
def test_what_matches(kind: Any, fields: dict[str, Any], is_it: bool) -> None:
    assert EventPattern(kind, fields).matches(BEGIN) is is_it


def test_bytes_compare_as_text_or_as_bytes() -> None:
    event = HostBytes(0, 0, b"\xffAT\r")
    assert EventPattern("HostBytes", {"data": b"\xffAT\r"}).matches(event)
    assert EventPattern("HostBytes", {"data": "*AT*"}).matches(event)


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("databegin", {}, "do you mean DataBegin"),
        ("xyzzy", {}, "Events are: Ack,"),
        (int, {}, "no event 'int'"),
        ("Ack", {"name": "x"}, "its fields are: at_ns, received"),
    ],
)
def test_what_there_is_not(kind: Any, fields: dict[str, Any], words: str) -> None:
    with pytest.raises(QuecsimError, match=words):
        EventPattern(kind, fields)


def test_for_people() -> None:
    assert str(EventPattern("DataBegin", {"name": "*.pem", "size": 3})) == (
        "DataBegin size=3 name=*.pem"
    )
    assert event_text(Ack(1_204_567_890, 12)) == "Ack at 1.204 s: received=12 transfer=0"
    assert event_text(Urc(5, "+X")) == "Urc at 0.000 s: text=+X"
    assert EVENTS["Urc"] is Urc
