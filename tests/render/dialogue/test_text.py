from quecsim.render.dialogue import DialogueText, Group, Times
from quecsim.trace.event import Event, Power, Stored
from quecsim.units import ms
from tests.render.dialogue.test_dialogue import upload

EVENTS: list[Event] = [
    Power(0, "on", "already up"),
    Stored(ms(5), "a", 1, 1),
    Power(ms(9), "off", "power cut"),
]


def test_a_row_for_each_line() -> None:
    rows = DialogueText().feed(EVENTS)
    assert [row.split()[1] for row in rows] == ["power", "data", "power"]


def test_a_reader_chooses_groups_and_the_time_since_the_row_before() -> None:
    text = DialogueText([Group.POWER], Times.DELTA)
    assert [row.split()[0] for row in text.feed(EVENTS)] == ["+0.000000", "+0.009000"]


def test_what_was_before_is_known_and_not_shown() -> None:
    events = upload().events
    rows = DialogueText().feed(events)
    loss = next(place for place, row in enumerate(rows) if " lost " in row)
    number = next(n for n, event in enumerate(events) if type(event).__name__ == "Lost")
    assert DialogueText(since=number).feed(events) == rows[loss:]


def test_a_note_is_loud_and_has_the_time_of_the_row_before() -> None:
    text = DialogueText()
    text.feed(EVENTS)
    assert text.note("3 lines left out") == "       0.009000  run    !!  3 lines left out"


def test_events_that_are_not_known_count() -> None:
    text = DialogueText(since=10)
    text.skip(9)
    assert len(text.feed(EVENTS)) == 2
    assert text.end() == []
