"""Bluetooth LE in the lane of the network."""

from quecsim.render.timeline.ble import ble_spans
from quecsim.trace import event as ev
from quecsim.units import s
from tests.report.ble_story import JOINED, PHONE, left, lost, notified


def spans(*events: ev.Event) -> list[tuple[int, int, str]]:
    told: dict[type, list[tuple[int, ev.Event]]] = {}
    for number, event in enumerate(events):
        told.setdefault(type(event), []).append((number, event))
    return [(each.begin_ns, each.end_ns, each.text) for each in ble_spans(told, s(20))]


def test_a_connection_lasts_until_its_end() -> None:
    assert spans(JOINED, left(s(9), "peer")) == [(s(1), s(9), f"Bluetooth LE: connected, {PHONE}")]
    assert spans(JOINED, ev.BleAsked(s(3), "vanish"))[0][1] == s(3)
    assert spans(JOINED)[0][1] == s(20)


def test_data_has_its_moment() -> None:
    texts = [text for _, _, text in spans(*notified(s(2), 0, 20), lost(s(3), 20, 1, "why"))]
    assert texts == ["Bluetooth LE: 20 bytes for fff2", "Bluetooth LE: 1 byte lost: why"]
