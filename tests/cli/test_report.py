import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import quecsim
from quecsim.cli.report import report
from quecsim.demo.ways import CARGOES
from quecsim.errors import QuecsimError
from quecsim.fuzz.case import case_text, make_case, with_finding
from quecsim.fuzz.finding import Finding
from quecsim.report.builder import ReportBuilder
from quecsim.rig import Rig
from quecsim.scenario.build import rig_config
from quecsim.scenario.options import make_scenario
from quecsim.trace.event import Event, Lost
from quecsim.trace.jsonl import TraceWriter
from quecsim.units import s

CERTIFICATE = CARGOES[0].data()


def record(scenario: str, **options: Any) -> list[Event]:
    """A host streams the certificate, in virtual time."""
    made = make_scenario(scenario=scenario, **options)
    rig = Rig(made.profile(), rig_config(made))
    rig.start()
    rig.host_write(0, f'AT+QFUPL="ca.pem",{len(CERTIFICATE)}\r'.encode())
    rig.advance(s(1))
    rig.host_write(s(1), CERTIFICATE)
    rig.advance(s(10))
    rig.finish(s(10))
    return rig.take_events()


def write(path: Path, events: list[Event]) -> Path:
    with path.open("wb") as stream:
        TraceWriter(stream).write(events)
    return path


@pytest.fixture
def lossy(tmp_path: Path) -> Path:
    return write(tmp_path / "lossy.jsonl", record("thread-57329"))


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    return write(tmp_path / "whole.jsonl", record("typical-flash"))


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(report, [str(each) for each in arguments], standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return result


def test_a_loss_is_explained_and_is_a_failure(lossy: Path) -> None:
    result = run(lossy)
    assert result.return_value == 1
    assert "153 bytes lost; 1035 of 1188 stored" in " ".join(result.stdout.split())
    assert "1024..1176" in result.stdout
    assert "\x1b" not in result.stdout
    assert result.stderr == ""


def test_a_whole_file_is_none(whole: Path) -> None:
    result = run(whole)
    assert result.return_value == 0
    assert "all 1188 bytes are stored" in result.stdout


def test_json_is_the_report_of_the_same_events(lossy: Path) -> None:
    result = run(lossy, "--json")
    builder = ReportBuilder()
    builder.feed(record("thread-57329"))
    told, expected = json.loads(result.stdout), json.loads(builder.report().to_json())
    assert told["assumed"], "the record says what is assumed"
    assert told == expected
    assert result.return_value == 1


def test_the_picture_shows_the_loss(lossy: Path) -> None:
    lines = run(lossy, "--picture").stdout.splitlines()
    assert any(line.startswith("lost ") and "x" in line for line in lines)
    assert any(line.startswith("busy ") for line in lines)
    assert any("512┼" in line for line in lines), "the ring's size is known from the loss"


def test_the_picture_without_a_loss_has_the_devices_own_ring(tmp_path: Path) -> None:
    events = record("typical-flash", data_bytes=256, flash="worst")
    lines = run(write(tmp_path / "t.jsonl", events), "--picture").stdout.splitlines()
    assert any("4096┼" in line for line in lines)
    assert not any(line.startswith("lost ") for line in lines)


def test_no_picture_where_the_ring_was_never_used(tmp_path: Path) -> None:
    events = record("typical-flash", interface="usb")
    assert "No picture" in run(write(tmp_path / "t.jsonl", events), "--picture").stdout


def test_a_torn_trace_is_read_as_far_as_it_goes(lossy: Path) -> None:
    lossy.write_bytes(lossy.read_bytes()[:-200])
    result = run(lossy)
    assert result.return_value == 1
    assert "is torn, and was left out" in result.stderr
    assert "the trace ends before the run did" in result.stderr


def test_the_values_are_those_of_the_run_and_it_says_what_was_run(lossy: Path) -> None:
    """Not those that the device's profile has today."""
    told = " ".join(run(lossy).stdout.split())
    assert "uart.rx_ring_bytes=512; files.data_buffer_bytes=256;" in told
    assert told.endswith(
        "Quectel EC200U, UART at 115200 8N1, scenario thread-57329, seed 1 quecsim "
        + quecsim.__version__
    )


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"interface": "usb"}, "USB,"),
        ({"speed": "unlimited"}, "UART, unlimited,"),
        ({"ipr": 9600}, "UART at 9600 8N1,"),
    ],
)
def test_the_line(tmp_path: Path, options: dict[str, Any], line: str) -> None:
    path = write(tmp_path / "t.jsonl", record("typical-flash", **options))
    assert f"Quectel EC200U, {line}" in run(path).stdout


def test_a_record_whose_device_had_other_values(lossy: Path) -> None:
    """By another version: it is told without them."""
    lossy.write_text(lossy.read_text().replace('"rx_ring_bytes":512', '"ring_octets":512'))
    result = run(lossy)
    assert "not known to this quecsim" in result.stderr
    assert "153 bytes lost" in result.stdout
    assert "leans on" not in result.stdout
    assert result.return_value == 1


def test_mistakes(tmp_path: Path, whole: Path) -> None:
    with pytest.raises(QuecsimError, match="cannot be read: No such file"):
        run(tmp_path / "none.jsonl")
    (tmp_path / "text").write_text("hello\n")
    with pytest.raises(QuecsimError, match="no quecsim trace"):
        run(tmp_path / "text")
    with pytest.raises(QuecsimError, match="no place in JSON"):
        run(whole, "--json", "--picture")


def test_the_file_itself_is_compared_by_size_and_checksum(whole: Path, tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_bytes(CERTIFICATE)
    assert run(whole, "--file", file).return_value == 0
    file.write_bytes(b"X" + CERTIFICATE[1:])
    result = run(whole, "--file", file)
    assert result.return_value == 1
    text = " ".join(result.stdout.split())
    assert "wrong ca.pem: the size is right, but the checksum is 380d and not" in text
    with pytest.raises(QuecsimError, match="cannot read"):
        run(whole, "--file", tmp_path / "none")


def test_a_case_of_fuzz_tells_what_was_found(tmp_path: Path) -> None:
    case = make_case(make_scenario("ec200u"), CERTIFICATE)
    found = Finding("gave-up-early", frozenset(), "it left at once", advice="wait for OK")
    path = tmp_path / "gave-up-early.toml"
    path.write_text(case_text(with_finding(case, found, function="mine:upload")))
    for words in ((path,), (tmp_path,)):
        result = run(*words)
        assert result.return_value == 1
        assert "gave-up-early: it left at once -> wait for OK" in result.stdout
        assert f"run it again with: quecsim replay {path}" in result.stdout
    with pytest.raises(QuecsimError, match="has no report of its own"):
        run(path, "--json")


def test_a_folder_that_a_check_has_kept(lossy: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    lossy.rename(folder / "trace.jsonl")
    assert "153 bytes lost" in run(folder).stdout


def test_two_traces_are_compared(lossy: Path, whole: Path) -> None:
    result = run(lossy, whole)
    assert result.return_value == 0
    told = " ".join(result.output.split())
    assert told.startswith("ca.pem was lost (153 bytes) before, and is intact after.")
    assert "uart.rx_ring_bytes 512 4096" in told
    assert run(whole, lossy).return_value == 1


def test_two_traces_as_json(lossy: Path, whole: Path) -> None:
    found = json.loads(run(lossy, whole, "--json").output)
    assert found["before"] == str(lossy)
    assert {each["kind"] for each in found["differences"]} >= {"set-up", "outcome"}


@pytest.mark.parametrize("option", [["--picture"], ["--file", "x"]])
def test_what_is_about_one_trace_is_refused_with_two(
    lossy: Path, whole: Path, option: list[str]
) -> None:
    with pytest.raises(QuecsimError, match=f"{option[0]} takes one trace") as caught:
        run(lossy, whole, *option)
    assert str(whole) in caught.value.hint


def test_a_record_without_its_beginning_is_not_compared(lossy: Path, tmp_path: Path) -> None:
    late = write(tmp_path / "late.jsonl", record("thread-57329")[1:])
    with pytest.raises(QuecsimError, match="does not begin"):
        run(lossy, late)


def test_the_page_of_two_traces(lossy: Path, whole: Path, tmp_path: Path) -> None:
    page = tmp_path / "two.html"
    result = run(lossy, whole, "--html", page)
    assert "ca.pem was lost" in result.stdout
    assert "is intact after" in page.read_text()
    only = run(lossy, whole, "--html", "-")
    assert only.stdout.startswith("<!doctype html>")


def test_a_record_of_nothing_is_no_clean_run(tmp_path: Path) -> None:
    """What a run leaves that was killed at once: it must not read as `no byte was lost`."""
    nothing = write(tmp_path / "nothing.jsonl", [])
    torn = tmp_path / "torn.jsonl"
    torn.write_bytes(nothing.read_bytes() + b'{"type":"Start","at_ns":0,')
    for path in (nothing, torn):
        with pytest.raises(QuecsimError, match="nothing is on record") as caught:
            run(path)
        assert "record it again" in caught.value.hint


def test_while_an_upload_waits_for_bytes_that_are_lost_it_says_what_to_do(tmp_path: Path) -> None:
    """Whoever stops a run as soon as bytes are lost has the advice all the same."""
    events = record("thread-57329")
    lost = next(n for n, event in enumerate(events) if isinstance(event, Lost))
    result = run(write(tmp_path / "cut.jsonl", events[: lost + 1]))
    text = " ".join(result.stdout.split())
    assert "still waiting for 153 of 1188 bytes; 153 were lost" in text
    assert "use ACK mode, or RTS/CTS on both ends" in text
