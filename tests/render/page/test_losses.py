from dataclasses import replace

from quecsim.render.page import losses
from quecsim.render.page.losses import losses_view
from quecsim.run.recorded import recorded
from quecsim.trace.event import Event
from quecsim.trace.redact import Redactor
from tests.cli.test_report import CERTIFICATE, record
from tests.render.page.runs import many_losses


def test_a_loss_has_place_time_cause_bytes_and_difference() -> None:
    view = losses_view(recorded(record("thread-57329")))
    (loss,) = view.shown
    assert (loss.file, loss.where) == ("ca.pem", "bytes 1024\N{EN DASH}1176")
    assert (loss.cause, loss.count) == ("ring", 153)
    assert loss.bytes is not None
    marked = "".join(run.text for row in loss.bytes.rows for run in row.text if run.is_lost)
    assert CERTIFICATE[1024:1040].decode() in marked.replace("\N{MIDDLE DOT}", "\n")
    (stored,) = [line for line in loss.bytes.lines if line.mark == "+"]
    kept = "".join(run.text for run in stored.runs)
    line = CERTIFICATE.rfind(b"\n", 0, 1024) + 1
    assert kept == (CERTIFICATE[line:1024] + CERTIFICATE[1177:]).decode().strip()


def test_of_many_the_first_are_told_and_the_rest_counted() -> None:
    most, losses.MOST_SHOWN = losses.MOST_SHOWN, 5
    try:
        view = losses_view(recorded(many_losses()))
    finally:
        losses.MOST_SHOWN = most
    assert [loss.number for loss in view.shown] == [1, 2, 3, 4, 5]
    assert view.more == view.total - 5
    assert view.more_bytes == view.total_bytes - sum(loss.count for loss in view.shown)


def test_hidden_payload_shows_no_bytes() -> None:
    redactor = Redactor()
    events: list[Event] = [*redactor.feed(record("thread-57329")), *redactor.end()]
    view = losses_view(recorded(events))
    assert view.payload_hidden
    assert [loss.bytes for loss in view.shown] == [None]


def test_a_record_without_the_hosts_bytes_shows_none() -> None:
    made = recorded(record("thread-57329"))
    less = [event for event in made.events if type(event).__name__ != "HostBytes"]
    view = losses_view(replace(made, events=less))
    assert [loss.bytes for loss in view.shown] == [None]
