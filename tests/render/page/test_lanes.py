from quecsim.render.page.lanes import WIRE, page_lanes
from quecsim.render.page.places import lost_places
from quecsim.render.timeline import timeline
from quecsim.run.recorded import recorded
from quecsim.trace.event import Event
from tests.cli.test_report import record


def keys(events: list[Event]) -> dict[str, int]:
    made = recorded(events)
    return {lane.key: len(lane.spans) for lane in page_lanes(timeline(made), lost_places(made))}


def test_they_follow_the_way_of_a_byte_and_empty_ones_are_left_out() -> None:
    found = keys(record("thread-57329"))
    assert list(found)[:4] == ["writes", "line", "rts", "flash"]
    assert list(found)[-1] == "lost"
    assert found["lost"] == 1
    assert not {"acks", "network", "held"} & set(found)


def test_flow_control_has_its_lanes() -> None:
    events = record("thread-57329", flow="rtscts", ifc=(2, 2))
    found = keys(events)
    assert found["held"] > 0
    assert found["rts"] > 0
    assert found["lost"] == 0
    made = recorded(events)
    (rts,) = [lane for lane in page_lanes(timeline(made), []) if lane.key == "rts"]
    assert rts.kind == WIRE


def test_a_device_without_flow_control_has_no_wire_for_it() -> None:
    assert "rts" not in keys(record("fcm242d-certificate"))
    assert "rts" in keys(record("typical-flash"))


def test_data_mode_says_how_it_ended_and_that_it_is_the_end_of_it() -> None:
    """All along it stands what was stored in the end; and the lane's name is not told twice."""
    made = recorded(record("thread-57329"))
    (mode,) = [lane for lane in page_lanes(timeline(made), []) if lane.key == "mode"]
    assert [span.text for span in mode.spans] == [
        "ca.pem, 1035 of 1188 bytes stored in the end (the host was silent for too long)"
    ]
