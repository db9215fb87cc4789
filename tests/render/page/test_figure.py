import json

from quecsim.render.page.figure import renumbered, timeline_item
from quecsim.render.page.lanes import page_lanes
from quecsim.render.page.places import lost_places
from quecsim.render.timeline import timeline
from quecsim.run.recorded import recorded
from tests.cli.test_report import record


def test_the_same_run_gives_the_same_figure() -> None:
    made = recorded(record("thread-57329"))
    times, places = timeline(made), lost_places(made)
    lanes = page_lanes(times, places)
    first, second = (json.dumps(timeline_item(times, lanes, (0, 10))) for _ in range(2))
    assert first == second
    assert '"view"' in first
    assert all(f'"{lane.key}"' in first for lane in lanes)
    assert "512" in first


def test_ids_are_counted_in_the_order_in_which_they_come() -> None:
    item = {"root_id": "p77", "doc": [{"id": "p77", "attributes": {"x": {"id": "p5"}}}]}
    assert renumbered(item) == {
        "root_id": "m1",
        "doc": [{"id": "m1", "attributes": {"x": {"id": "m2"}}}],
    }
