"""What a listener at the line makes of a run, beside what the device itself knew."""

from hypothesis import given

from quecsim.judge.conduct import ConductWatch
from quecsim.observed.heard import Happened, Heard
from quecsim.observed.observer import observed
from quecsim.render.dialogue import Dialogue
from quecsim.report.builder import ReportBuilder
from quecsim.report.model import Report, Verdict
from quecsim.run.recorded import recorded
from quecsim.trace import event as ev
from quecsim.trace.event import Event
from tests.laws.driver import Setup, Step, law, play
from tests.laws.strategies import cases
from tests.observed.listener import SOURCE, heard, listened_to, profile_of

_WEAK = ("+QFWRITE", "+QFOTADL")  # the device tells no checksum


def report_of(events: list[Event]) -> Report:
    builder = ReportBuilder()
    builder.feed(events)
    return builder.report()


def said(events: list[Event]) -> bytes:
    return b"".join(event.data for event in events if isinstance(event, ev.Sent))


@law(80)
@given(cases())
def test_no_byte_is_forgotten_and_none_is_in_two_places(case: tuple[Setup, list[Step]]) -> None:
    known = play(*case).events
    listened = listened_to(known)
    assert said(listened) == said(known)
    assert report_of(listened).counters.sent == report_of(known).counters.sent
    assert report_of(listened).counters.holds


@law(80)
@given(cases())
def test_what_is_called_intact_is_intact(case: tuple[Setup, list[Step]]) -> None:
    known = play(*case).events
    device = {each.name: each.verdict for each in report_of(known).uploads}
    for upload in report_of(listened_to(known)).uploads:
        if upload.verdict is Verdict.INTACT and upload.command not in _WEAK:
            assert device[upload.name] in (Verdict.INTACT, Verdict.SURPLUS)


@law(40)
@given(cases())
def test_everything_reads_such_a_record(case: tuple[Setup, list[Step]]) -> None:
    listened = listened_to(play(*case).events)
    dialogue, watch = Dialogue(), ConductWatch()
    assert dialogue.feed(listened) + dialogue.end()
    watch.feed(listened)
    watch.breaches()
    assert recorded(listened).wire.tap is not None


def _one_by_one(piece: Heard | Happened) -> list[Heard | Happened]:
    if not isinstance(piece, Heard):
        return [piece]
    return [Heard(piece.at_ns, piece.side, bytes((byte,))) for byte in piece.data]


def _meant(events: list[Event]) -> list[Event]:
    return [event for event in events if not isinstance(event, ev.HostBytes | ev.Sent | ev.Eaten)]


@law(80)
@given(cases())
def test_how_the_bytes_are_cut_changes_nothing(case: tuple[Setup, list[Step]]) -> None:
    known = play(*case).events
    pieces = [one for piece in heard(known) for one in _one_by_one(piece)]
    cut = list(observed(SOURCE, profile_of(known), pieces))
    whole = listened_to(known)
    assert said(cut) == said(whole)
    assert report_of(cut).counters == report_of(whole).counters
    assert _meant(cut) == _meant(whole)
