"""The radio of Bluetooth LE computes what a walk over every single connection event finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.border.ble import (
    Advertise,
    BleNews,
    BleWish,
    Came,
    Discovered,
    Joined,
    Left,
    Notify,
    Parameters,
)
from quecsim.link.ble import BleModel
from quecsim.link.ble_pace import ATT_BYTES, BlePace
from quecsim.units import MS, S
from tests.laws.ble_reference import Asked, Span, walk
from tests.laws.driver import law

_END_NS = 20 * S


@st.composite
def _parameters(draw: st.DrawFn) -> Parameters:
    """Such as a right central asks for: several events fit into a time-out."""
    interval = draw(st.sampled_from([6, 7, 20, 100, 400]))
    latency = draw(st.sampled_from([0, 0, 1, 3, 9]))
    least = (1 + latency) * interval * 2 // 8 + 1
    return Parameters(interval, latency, least + draw(st.sampled_from([0, 10, 300])))


def joined(pace: BlePace, parameters: Parameters) -> tuple[BleModel, int]:
    """A radio whose device is the peripheral, and when its connection began."""
    model = BleModel(pace, seed=1)
    model.ask(0, Advertise("x", "0" * 12, 100 * MS), 0)
    model.take(model.next_ns() or 0)
    model.hear(5 * MS, Joined("1" * 12, parameters=parameters), 0)
    at_ns = model.next_ns()
    assert at_ns is not None
    model.take(at_ns)
    return model, at_ns


def numbered(number: int, size: int) -> bytes:
    return b"%04d" % number + bytes(size)


_TIMES = st.one_of(st.integers(0, 400), st.integers(0, 6000))
_SIZES = st.sampled_from([0, 10, 240, 500])
_PIECES = st.lists(st.tuples(_TIMES, _SIZES), max_size=12)
_SPANS = st.lists(st.tuples(_TIMES, st.sampled_from([1, 40, 300, 2000, 9000])), max_size=3)
_PACES = st.builds(
    BlePace, st.sampled_from([1, 2, 4]), st.sampled_from([27, 100, 251]), st.just(MS)
)
Pieces = list[tuple[int, int]]


def spans(drawn: Pieces, from_ns: int) -> list[Span]:
    """One after the other, in time."""
    return [
        (from_ns + at_ms * MS, from_ns + (at_ms + for_ms) * MS) for at_ms, for_ms in sorted(drawn)
    ]


@law(80)
@given(_PACES, _parameters(), _PIECES, _PIECES, _SPANS, st.integers(0, 3))
def test_the_fast_way_finds_what_a_walk_over_every_event_finds(
    pace: BlePace, parameters: Parameters, up: Pieces, down: Pieces, away: Pieces, exchanges: int
) -> None:
    model, began_ns = joined(pace, parameters)
    todo: list[tuple[int, int, BleWish | BleNews | Span]] = []
    for number, (at_ms, size) in enumerate(sorted(up)):
        todo.append((began_ns + at_ms * MS, 1, Notify("u", numbered(number, size))))
    for number, (at_ms, size) in enumerate(sorted(down)):
        todo.append((began_ns + at_ms * MS, 2, Came("u", numbered(number, size))))
    if exchanges:
        todo.append((began_ns + 100 * MS, 3, Discovered(exchanges=exchanges)))
    outages = spans(away, began_ns)
    todo += [(span[0], 0, span) for span in outages]
    ups, downs, end_ns = _run(model, sorted(todo, key=lambda each: each[:2]))

    def asked(way: int) -> list[Asked]:
        found = []
        for at_ns, kind, what in sorted(todo, key=lambda each: each[:2]):
            if isinstance(what, Came | Notify) and kind == way:
                packets = pace.packets(ATT_BYTES + len(what.data))
                found.append(Asked(at_ns, int(what.data[:4]), packets))
            elif isinstance(what, Discovered) and way == 2:
                found.append(Asked(at_ns, -1, 1, 2 * exchanges - 2))
        return found

    slow = walk(pace, parameters, began_ns, asked(2), asked(1), outages, _END_NS)
    assert (downs, ups) == slow[:2]
    assert end_ns == slow[2]


def _run(
    model: BleModel, todo: list[tuple[int, int, BleWish | BleNews | Span]]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]], int | None]:
    """Each thing at its time, and what is due in between."""
    ups: list[tuple[int, int]] = []
    downs: list[tuple[int, int]] = []
    end_ns: int | None = None
    now_ns = 0

    def go_to(until_ns: int) -> None:
        nonlocal end_ns, now_ns
        while (due_ns := model.next_ns()) is not None and due_ns <= until_ns:
            assert due_ns >= now_ns, "time goes back"
            now_ns = due_ns
            up, down = model.take(due_ns)
            for item in up:
                model.up.arrived += item.count
                if isinstance(item.what, Notify):
                    ups.append((due_ns, int(item.what.data[:4])))
            for heard in down:
                if isinstance(heard.what, Came):
                    downs.append((due_ns, int(heard.what.data[:4])))
                elif isinstance(heard.what, Discovered):
                    downs.append((due_ns, -1))
                elif isinstance(heard.what, Left):
                    end_ns = due_ns
            model.up.check()
            model.down.check()

    for at_ns, kind, what in todo:
        go_to(at_ns)
        if isinstance(what, tuple):
            model.go_out_of_range(at_ns, what[1])
        elif kind == 1:
            assert isinstance(what, Notify)
            model.ask(at_ns, what, 0)
        else:
            assert isinstance(what, Came | Discovered)
            model.hear(at_ns, what, 0)
    go_to(_END_NS)
    return ups, downs, end_ns


@pytest.mark.parametrize("latency", [0, 4])
def test_a_peripheral_that_leaves_out_events_still_sends_at_once(latency: int) -> None:
    """The device is the peripheral: what it sends does not wait for its latency."""
    model, began_ns = joined(BlePace(), Parameters(80, latency, 600))
    model.ask(began_ns + 130 * MS, Notify("u", b"0000"), 0)
    model.hear(began_ns + 130 * MS, Came("u", b"0000"), 0)
    ups, downs, _ = _run(model, [])
    pair_ns = model.pace.pair_ns
    assert ups == [(began_ns + 200 * MS + pair_ns, 0)]
    assert downs == [(began_ns + (500 if latency else 200) * MS + pair_ns, 0)]
