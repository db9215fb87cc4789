"""What a listener at the line makes of a run, beside what the device itself knew."""

from hypothesis import given
from hypothesis import strategies as st

from quecsim.judge.conduct import ConductWatch
from quecsim.observed.heard import Happened, Heard, Side
from quecsim.observed.observer import observed
from quecsim.profiles.loader import load_profile
from quecsim.render.dialogue import Dialogue
from quecsim.report.builder import ReportBuilder
from quecsim.report.model import Report, Verdict
from quecsim.run.recorded import recorded
from quecsim.trace import event as ev
from quecsim.trace.event import Event
from quecsim.units import ms, s
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


# What no simulated device says, and no program sends: a listener hears all that a line can carry.
_HOST = st.sampled_from([
    b"AT\r", b'at+qfupl="a",5\r\n', b'AT+QFUPL="x",10,5,1\r', b"hello", b"AT+QFWRITE=1,5\r",
    b'AT+QFOPEN="b\x1b[31m",0\r', b"AT+QFCLOSE=\xb2\r", b"AT+QISEND=0\r", b"AT+QISEND=0,4\r",
    b"hi\x1a", b"+++", b"ATO\r", b'ATE0;+QFDWL="a"\r', b"AT+QFREAD=1,8\r", b'AT+QSECWRITE="a",5\r',
    b"AT+QFOTADL=5\r", b"A/", b"\n", b"ATV0\r", b"ATQ1\r", b"AT+QIRD=0,9\r", b"\x08", bytes(20),
    b'AT+QFUPL="a",5;+QFUPL="b",6\r', b'AT+QMTPUB=0,0,0,0,"t"\r',
])  # fmt: skip
_DEVICE = st.sampled_from([
    b"\r\nOK\r\n", b"\r\nERROR\r\n", b"\r\nCONNECT\r\n", b"CONNECT 8\r\n", b"> ", b"A", b"AAA",
    b"\r\n+QFUPL: 5,0\r\n", b"+QFUPL: %s,1\r\n" % (b"9" * 5000), b"+CME ERROR: \xb2\r\n",
    b"+CME ERROR: %s\r\n" % (b"9" * 30), b"\r\nRDY\r\n", b"NO CARRIER\r\n", b"+QIRD: 5\r\n",
    b"+QIRD: 10,5,5\r\n", b'+QIURC: "recv",0,3\r\n', b"+QFWRITE: 3,5\r\n", b"+QFOPEN: 1\r\n",
    b'+QIND: "FOTA","FILESTART"\r\n', b'+QIND: "FOTA","FILEEND",5\r\n', b"AT\r", b"0\r", b"4\r",
    b"+QFDWL: 3,AB\r\n", b"\r", b"\n", b"\xff\x1b[2J",
])  # fmt: skip
_SAID = st.one_of(
    st.tuples(st.just("host"), _HOST), st.tuples(st.just("device"), _DEVICE),
    st.tuples(st.sampled_from(["host", "device"]), st.binary(min_size=1, max_size=20)),
)  # fmt: skip
_TALKS = st.lists(st.tuples(st.sampled_from([0, 1, ms(10), ms(300), s(6)]), _SAID), max_size=30)


@law(150)
@given(_TALKS, st.sampled_from(["ec200u", "bg95", "m95"]))
def test_whatever_is_said_is_on_record_once_however_it_is_cut(
    talk: list[tuple[int, tuple[Side, bytes]]], device: str
) -> None:
    at_ns, pieces = 0, []
    for pause_ns, (side, data) in talk:
        at_ns += pause_ns
        pieces.append(Heard(at_ns, side, data))
    profile = load_profile(device)
    whole = list(observed(SOURCE, profile, pieces))
    cut = list(observed(SOURCE, profile, [one for each in pieces for one in _one_by_one(each)]))
    assert report_of(whole).counters.holds
    assert said(whole) == b"".join(each.data for each in pieces if each.side == "device")
    assert _decided(cut) == _decided(whole)


def _decided(events: list[Event]) -> list[Event]:
    """Without what is told as it comes."""
    kinds = ev.Forwarded | ev.Swallowed
    return [event for event in _meant(events) if not isinstance(event, kinds)]
