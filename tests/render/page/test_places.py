from quecsim.render.page.places import lost_places
from quecsim.render.timeline.losses import losses
from quecsim.run.recorded import recorded
from quecsim.trace.event import Lost
from tests.cli.test_report import record
from tests.render.page.runs import many_losses


def test_a_loss_knows_its_upload_and_its_place_in_the_file() -> None:
    (place,) = lost_places(recorded(record("thread-57329")))
    assert place.upload is not None
    assert place.upload.name == "ca.pem"
    assert (place.number, place.loss.at_byte, place.loss.count) == (1, 1024, 153)


def test_they_are_those_of_the_report() -> None:
    made = recorded(many_losses())
    places = lost_places(made)
    assert [place.loss for place in places] == made.report.uploads[0].losses
    assert [place.number for place in places] == list(range(1, len(places) + 1))


OFF = Lost(
    at_ns=1, last_ns=2, offset=3, count=2, cause="off", ring_bytes=0, full_ns=0, drained_ns=0,
    doing="switched off", device_flow="off", host_flow="off",
)  # fmt: skip


def test_outside_of_uploads_they_have_no_file() -> None:
    events = record("thread-57329")
    first = lost_places(recorded([events[0], OFF, *events[1:]]))[0]
    assert first.upload is None
    assert first.loss.at_byte is None


def test_what_became_known_late_has_the_number_that_it_has_everywhere() -> None:
    events = [*record("thread-57329"), OFF]
    places = lost_places(recorded(events))
    assert [place.loss.first_ns for place in places] == [lost.at_ns for lost in losses(events)]
    assert [(place.number, place.loss.cause) for place in places] == [(1, "off"), (2, "ring")]
