"""What the full screen shows, from events and answers."""

import pytest

from quecsim.report.builder import ReportBuilder
from quecsim.trace import event as ev
from quecsim.trace.event import Event
from quecsim.tui.model import Checksum, Model
from tests.report.story import PAYLOAD, Story, qfupl
from tests.tui.made import FILES, NETWORK, finished_events, lossy_events, model_of

EVENTS = lossy_events()


def test_the_account_is_the_report_s() -> None:
    builder = ReportBuilder()
    builder.feed(EVENTS)
    counters, model = builder.report().counters, model_of(EVENTS)
    assert counters.lost > 0
    for name in ("sent", "stored", "lost", "eaten", "in_flight", "forwarded"):
        assert model.bytes[name] == getattr(counters, name), name


def test_where_events_are_missing_the_device_s_own_account_counts() -> None:
    model = model_of([EVENTS[0], len(EVENTS) - 6, *EVENTS[-5:]])
    assert model.missed == len(EVENTS) - 6
    assert model.bytes["stored"] < 3000
    model.asked = {"sent": 4062, "stored": 3, "lost": 580, "eaten": 0, "in_flight": 0}
    assert model.bytes == model.asked
    model.feed([ev.End(model.now_ns, {})])
    assert model.ending() == "The run has ended."


def test_the_dialogue_is_kept_with_numbers() -> None:
    model = model_of(EVENTS)
    lines = list(model.lines_before(model.lines_told))
    assert len(lines) == model.lines_told > 30
    assert model.first_line == 0
    assert lines[-1].kind == "Start"
    assert list(model.lines_before(2)) == lines[-2:]
    assert list(model.lines_before(0)) == []


def test_lines_that_are_too_old_go() -> None:
    model = Model()
    model.feed(ev.LinkOpened(number, number, "socket 0", "x.example", 1) for number in range(6000))
    assert model.lines_told - model.first_line == 5000
    assert len(list(model.lines_before(model.lines_told))) == 5000


def test_the_device_s_checksum_of_a_file() -> None:
    story = Story().tell([(0, b"ATE0\r"), (10**7, qfupl(1000)), (10**8, PAYLOAD[:1000])])
    (end,) = [event for event in story.events if isinstance(event, ev.DataEnd)]
    model = model_of(story.events)
    assert model.checksums["UFS:ca.pem"] == Checksum(end.checksum or 0, 1000)
    assert model.checksum("UFS:ca.pem") in end.summary
    model.files = {"UFS:ca.pem": 999}  # somebody has written to it since
    assert model.checksum("UFS:ca.pem") == ""
    model.feed(story.tell([(0, b'AT+QFDEL="UFS:ca.pem"\r')]).events[len(story.events) - 12 :])
    assert model.checksums == {}


@pytest.mark.parametrize("kind", ["FileChanged", "DataEnd", "Power"])
def test_when_files_are_asked_for_again(kind: str) -> None:
    changes: dict[str, Event] = {
        "FileChanged": ev.FileChanged(1, 1, "deleted", "a"),
        "DataEnd": ev.DataEnd(1, 0, "size", 1, 1, ""),
        "Power": ev.Power(1, "off", "power cut"),
    }
    model = Model()
    model.are_files_old = False
    model.feed([ev.Ack(1, 1), ev.RingLevel(2, 3)])
    assert not model.are_files_old
    model.feed([changes[kind]])
    assert model.are_files_old


def test_faults_that_fired_are_counted() -> None:
    fired: list[Event] = [ev.FaultFired(n, 0, "stall", "the device stalls") for n in range(3)]
    assert model_of(fired).faults_fired == {"stall": 3}


def test_the_newest_time_is_that_of_an_event_or_of_an_answer() -> None:
    model = model_of([ev.RingLevel(5, 1)])
    assert model.now_ns == NETWORK.at_ns
    model.network = None
    assert model.now_ns == 5


def test_how_it_ended() -> None:
    model = model_of(finished_events())
    assert model.status.has_ended
    assert "key.pem" in model.ending()
    assert "580 were lost" in model.ending()
    model = model_of([EVENTS[0], ev.End(1, dict.fromkeys(("sent", "stored", "lost", "eaten"), 0))])
    assert model.ending() == "No upload was made, and no byte was lost."


def test_a_simulator_that_was_killed_has_not_said_how_it_ended() -> None:
    for events in (EVENTS, []):
        text = model_of(events).ending()
        assert text == "The simulator has gone, and has not said how its run ended."


def test_files_and_network_are_what_was_answered() -> None:
    assert model_of([]).files == FILES
