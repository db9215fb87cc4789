"""The record of a real device, told: what its host did wrong, and what nobody can say."""

from pathlib import Path

import pytest

from quecsim.checksum import checksum, checksum_text
from quecsim.errors import QuecsimError
from quecsim.judge.conduct_rules import RULES
from quecsim.observed.heard import Happened, Heard, Source
from quecsim.observed.observer import observed
from quecsim.profiles.loader import load_profile
from quecsim.render.page.document import page_html
from quecsim.render.text import render_text
from quecsim.report.comparison import Run, compare
from quecsim.report.model import Report, Verdict
from quecsim.run.recorded import recorded
from quecsim.run.replay import replay
from quecsim.trace.event import Event
from quecsim.trace.setup import Lack
from quecsim.units import ms

UPLOAD = b'AT+QFUPL="UFS:ca.pem",1208,60\r'
DATA = bytes(1208)


def record(*lacks: Lack, is_hasty: bool = False) -> list[Event]:
    connect = Heard(ms(20), "device", b"\r\nCONNECT\r\n")
    data = Heard(ms(10 if is_hasty else 30), "host", DATA)
    heard: list[Heard | Happened] = [
        Heard(ms(1), "host", UPLOAD),
        *sorted((connect, data), key=lambda each: each.at_ns),
        Heard(ms(60_000), "device", b"\r\n+QFUPL: 389,041E\r\n\r\n+CME ERROR: 421\r\n"),
    ]
    source = Source(words="tap of a port", baud=115200, frame="8N1", lacks=lacks)
    return list(observed(source, load_profile("ec200u"), heard))


def told(events: list[Event]) -> Report:
    return recorded(events).report


def kinds(report: Report) -> set[str]:
    return {each.kind for each in report.advice}


def test_what_the_host_did_wrong_is_in_the_report() -> None:
    assert "data-before-connect" in kinds(told(record(is_hasty=True)))
    assert "data-before-connect" not in kinds(told(record()))


def test_without_times_nobody_is_blamed_for_haste() -> None:
    report = told(record("times", is_hasty=True))
    assert "data-before-connect" not in kinds(report)
    assert any("data-before-connect" in a.seen for a in report.advice if a.kind == "not-judged")


@pytest.mark.parametrize("lack", ["host-bytes", "device-bytes"])
def test_with_one_side_alone_no_rule_is_judged(lack: Lack) -> None:
    report = told(record(lack, is_hasty=True))
    assert not kinds(report) & set(RULES)


def test_the_text_says_that_nobody_saw_inside_and_assumes_nothing() -> None:
    report = told(record("modem-lines"))
    text = " ".join(render_text(report, colour=False).split())
    assert "819 bytes lost; 389 of 1208 stored" in text
    assert "tap of a port" in text
    assert "lacks: modem-lines" in text
    assert report.assumed == []


def test_its_page_and_its_wires_can_be_drawn() -> None:
    made = recorded(record())
    assert made.wire.tap is not None
    assert b"".join(run.data for run in made.wire.tap.to_device.runs()) == UPLOAD + DATA
    assert "a real device" in page_html(made)


def test_without_times_the_wires_cannot() -> None:
    assert recorded(record("times")).wire.tap is None


def test_it_cannot_be_run_again() -> None:
    with pytest.raises(QuecsimError, match="real device"):
        replay(record())


def test_two_of_them_are_compared_without_values_that_nobody_knows() -> None:
    one, other = record(), record(is_hasty=True)
    found = compare(Run("a", one, told(one)), Run("b", other, told(other)))
    assert all("set-up" not in each.what for each in found.differences)


def test_a_record_survives_its_file(tmp_path: Path) -> None:
    from quecsim.trace.jsonl import TraceWriter, read_trace

    path = tmp_path / "tap.jsonl"
    with path.open("wb") as file:
        TraceWriter(file).write(record())
    assert read_trace(path)[1] == record()


def hole(offset: int, count: int) -> list[Event]:
    """An upload of text in which these bytes did not arrive."""
    data = bytes(range(32, 127)) * 12
    came = data[:offset] + data[offset + count :]
    said = f"\r\n+QFUPL: {len(came)},{checksum_text(checksum(came))}\r\n\r\n+CME ERROR: 421\r\n"
    heard = [
        Heard(ms(1), "host", f'AT+QFUPL="a.txt",{len(data)},5\r'.encode()),
        Heard(ms(20), "device", b"\r\nCONNECT\r\n"),
        Heard(ms(30), "host", data),
        Heard(ms(6000), "device", said.encode()),
    ]
    source = Source(words="tap of a port", baud=115200, frame="8N1")
    return list(observed(source, load_profile("ec200u"), heard))


def test_which_bytes_are_missing_is_told_where_size_and_checksum_tell_it() -> None:
    (found,) = [each for each in told(hole(512, 37)).advice if each.kind == "explained"]
    assert found.name == "a.txt"
    assert "37 bytes" in found.seen
    assert found.advice


def test_nothing_is_explained_where_all_came() -> None:
    assert "explained" not in kinds(told(hole(0, 0)))


def test_a_log_without_the_data_gives_the_count_alone_and_leads_on_to_the_file() -> None:
    said = b"\r\n+QFUPL: 389,041E\r\n\r\n+CME ERROR: 421\r\n"
    heard = [Heard(0, "host", UPLOAD), Heard(0, "device", b"\r\nCONNECT\r\n" + said)]
    source = Source(words="log.txt", lacks=("times", "host-bytes", "exact-bytes"))
    report = told(list(observed(source, load_profile("ec200u"), heard)))
    (upload,) = report.uploads
    assert (upload.stored, upload.size, upload.lost, upload.inserted) == (389, 1208, 0, 0)
    assert upload.is_unheard
    assert "none was lost" not in upload.sentence
    assert report.counters.holds
    assert any("quecsim explain FILE 389,41e" in each.advice for each in report.advice)
    assert not kinds(report) & {"size-too-large", "chars-counted", "explained"}


def test_a_log_whose_line_ends_are_not_known_calls_nothing_lost() -> None:
    heard = [
        Heard(0, "host", b'AT+QFUPL="a",9\r'),
        Heard(0, "device", b"\r\nCONNECT\r\n"),
        Heard(0, "host", b"line\r\nb\r\n"),
        Heard(0, "device", b"\r\n+QFUPL: 9,1234\r\n\r\nOK\r\n"),
    ]
    source = Source(words="log.txt", lacks=("times", "exact-bytes"))
    report = told(list(observed(source, load_profile("ec200u"), heard)))
    assert (report.uploads[0].verdict, report.uploads[0].lost) == (Verdict.INTACT, 0)
    assert "not heard as it was" in report.uploads[0].sentence
    assert report.counters.holds
