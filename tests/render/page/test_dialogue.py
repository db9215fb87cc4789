from quecsim.render.dialogue import Dialogue
from quecsim.render.page import dialogue
from quecsim.render.page.dialogue import dialogue_view
from quecsim.render.page.places import lost_places
from quecsim.run.recorded import recorded
from tests.cli.test_report import record
from tests.render.page.runs import many_losses


def test_all_lines_of_a_short_run() -> None:
    events = record("thread-57329")
    made = recorded(events)
    view = dialogue_view(made, lost_places(made))
    assert [line.text for line in view.lines] == [line.text for line in Dialogue().feed(events)]
    assert {"at", "data", "lost", "flash"} <= {group for group, _ in view.groups}


def test_lines_of_losses_know_which() -> None:
    made = recorded(many_losses())
    places = lost_places(made)
    view = dialogue_view(made, places)
    numbers = [line.loss for line in view.lines if line.loss]
    assert sorted(set(numbers)) == [place.number for place in places]


def test_of_many_lines_commands_and_the_first_losses_stay() -> None:
    made = recorded(many_losses(40))
    places = lost_places(made)
    most, dialogue.MOST_LINES = dialogue.MOST_LINES, 60
    try:
        view = dialogue_view(made, places)
    finally:
        dialogue.MOST_LINES = most
    told = [line for line in view.lines if not line.gap]
    gaps = [line.gap for line in view.lines if line.gap]
    assert len(told) == 60
    assert view.total == len(Dialogue().feed(made.events))
    assert any("left out (" in gap and "flash" in gap for gap in gaps)
    assert sum(int(gap.split()[0]) for gap in gaps) == view.total - 60
    assert any("+CME ERROR: 421" in line.text for line in told)  # the very end
    assert told[0].text.startswith("the run begins")
