"""What a host throws away unread, and what it sends behind the data that was asked for."""

from typing import Any

import pytest

from quecsim.judge.conduct_urcs import UrcWatch
from quecsim.trace import event as ev
from quecsim.trace.eaten import EatenWhy
from quecsim.units import ms

OPENED = "+QIOPEN: 0,0"


def breaches(*events: Any) -> list[tuple[str, str]]:
    watch = UrcWatch()
    for event in events:
        if (handle := watch.handlers.get(type(event))) is not None:
            handle(event)
    return [(each.rule, each.text) for each in watch.breaches()]


def said(text: str) -> tuple[ev.Sent, ev.Urc]:
    return ev.Sent(0, f"\r\n{text}\r\n".encode()), ev.Urc(0, text)


RESULT = ev.ClientResult(0, "socket 0", "+QIOPEN", 0)
URC_BYTES = len(OPENED) + 4


def test_a_result_that_is_thrown_away() -> None:
    found = breaches(RESULT, *said(OPENED), ev.HostFlushed(ms(1), URC_BYTES, 0))
    assert found == [
        ("flushed-result", f"the host threw away {URC_BYTES} bytes unread, '{OPENED}' among them")
    ]


@pytest.mark.parametrize(
    "events",
    [
        (*said(OPENED), ev.HostFlushed(ms(1), URC_BYTES, 0)),  # nobody waits for it
        (*said("RDY"), ev.HostFlushed(ms(1), 7, 0)),
        (RESULT, *said(OPENED), ev.HostFlushed(ms(1), 2, URC_BYTES - 2)),  # read before
        (RESULT, *said(OPENED), ev.Sent(0, b"\r\nOK\r\n"), ev.HostFlushed(ms(1), 6, URC_BYTES)),
    ],
)
def test_what_it_may_throw_away(events: tuple[Any, ...]) -> None:
    assert breaches(*events) == []


def test_a_notice_comes_only_once() -> None:
    text = '+QIURC: "recv",0'
    found = breaches(*said(text), ev.HostFlushed(ms(1), 30, 0))
    assert [rule for rule, _ in found] == ["flushed-result"]


def data(why: str, surplus: bytes, eaten: EatenWhy = EatenWhy.NO_COMMAND) -> tuple[Any, ...]:
    return (
        ev.DataBegin(0, 20, "+QISEND", "socket 0", 5, ack=False, early=0),
        ev.DataEnd(ms(1), 25, why, 5, 0, ""),
        ev.Eaten(ms(2), ms(2), 25, len(surplus), eaten, surplus),
    )


def test_more_than_was_asked_for() -> None:
    assert breaches(*data("size", b"hello")) == [
        ("more-than-asked", "5 bytes more came than AT+QISEND had asked for")
    ]


@pytest.mark.parametrize("surplus", [b"\r\n", b"\x1a", b"\xff\xff"])
def test_what_ends_lines_may_come_behind(surplus: bytes) -> None:
    assert breaches(*data("size", surplus)) == []


def test_nothing_is_too_much_where_no_size_was_given() -> None:
    assert breaches(*data("terminator", b"hello")) == []
    assert breaches(*data("size", b"hello", EatenWhy.LF_AFTER_CR)) == []
