"""`quecsim import`: what it says, what it writes, and what it refuses."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quecsim.cli.import_command import import_
from quecsim.cli.report import report
from quecsim.errors import QuecsimError
from quecsim.trace import event as ev
from quecsim.trace.jsonl import read_trace
from tests.captures.test_saleae import HEADER, logic_1, row, table
from tests.captures.wire import said, wire_bytes


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(import_, [str(each) for each in arguments], standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return result


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "session.csv"
    path.write_text(table({"host": "TX", "device": "RX"}))
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "session.jsonl"


@pytest.mark.parametrize("words", [[], ["auto"], ["saleae"]])
def test_a_capture_becomes_a_record(csv: Path, out: Path, words: list[str]) -> None:
    result = run(*words, csv, "-o", out)
    assert result.return_value == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith("session.csv (saleae): ")
    assert f"  host    {len(said(wire_bytes(), 'host'))} bytes" in lines
    assert "  line    115200 8N1" in lines
    assert lines[-1] == f"Next: quecsim report {out}"
    _, events = read_trace(out)
    start = events[0]
    assert isinstance(start, ev.Start)
    assert start.observed is not None
    assert start.observed.lacks == ("modem-lines",)


def test_packed_and_as_json(csv: Path, tmp_path: Path) -> None:
    out = tmp_path / "session.jsonl.gz"
    facts = json.loads(run(csv, "-o", out, "--json").stdout)
    assert facts["host_bytes"] == len(said(wire_bytes(), "host"))
    assert facts["lacks"][0]["lack"] == "modem-lines"
    assert facts["baud"] == 115200
    assert out.read_bytes().startswith(b"\x1f\x8b")
    assert len(read_trace(out)[1]) > 10


def test_two_files(tmp_path: Path, out: Path) -> None:
    for side in ("host", "device"):
        (tmp_path / side).write_text(logic_1(side))
    result = run("--host-file", tmp_path / "host", "--device-file", tmp_path / "device", "-o", out)
    assert "host and device (saleae)" in result.stdout


def test_another_device(csv: Path, out: Path) -> None:
    run(csv, "-o", out, "--profile", "m95")
    start = read_trace(out)[1][0]
    assert isinstance(start, ev.Start)
    assert start.device == "m95"


def test_nonsense_is_told_with_exit_code_1(tmp_path: Path, out: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [row(at_ns, "x", f"0x{byte ^ 0xA5:02X}") for at_ns, _, byte in wire_bytes()]
    path.write_text(HEADER + "".join(rows))
    result = run(path, "-o", out)
    assert result.return_value == 1
    assert "wrong baud rate" in result.stdout


def test_the_capture_is_not_written_over(csv: Path) -> None:
    before = csv.read_bytes()
    with pytest.raises(QuecsimError, match="would write over"):
        run(csv, "-o", csv)
    assert csv.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["FILE"], "missing -o"),
        (["-o", "OUT"], "which capture"),
        (["saleee", "FILE", "-o", "OUT"], 'no format "saleee"'),
        (["nowhere.csv", "-o", "OUT"], "cannot be read"),
        (["FILE", "--host-file", "FILE", "-o", "OUT"], "goes without"),
        (["FILE", "-o", "-", "--json"], "standard output"),
    ],
)
def test_mistakes_are_told(csv: Path, out: Path, arguments: list[str], told: str) -> None:
    places = {"FILE": str(csv), "OUT": str(out)}
    with pytest.raises(QuecsimError, match=told):
        run(*[places.get(each, each) for each in arguments])
    assert not out.exists()


@pytest.mark.parametrize("content", [b"", b"\xff\xfeA\0T\0", bytes(range(256)) * 9])
def test_no_capture_at_all(tmp_path: Path, out: Path, content: bytes) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(content)
    with pytest.raises(QuecsimError):
        run(path, "-o", out)
    assert not out.exists()


def test_formats_are_listed() -> None:
    assert "saleae" in run("--formats").output
    assert json.loads(run("--formats", "--json").stdout)[0]["name"] == "saleae"


EXAMPLES = Path(__file__).parents[2] / "examples/captures"


@pytest.mark.parametrize("name", [path.name for path in sorted(EXAMPLES.iterdir())])
def test_what_reads_records_reads_these(tmp_path: Path, out: Path, name: str) -> None:
    """The report, its JSON, the dialogue, and files for other programs."""
    run(EXAMPLES / name, "-o", out)
    for options in ([], ["--json"], ["--dialogue"], ["--picture"]):
        result = CliRunner().invoke(report, [str(out), *options], standalone_mode=False)
        assert result.exception is None, result.exception
        assert result.return_value in (0, 1)
        assert result.stdout.strip()
    for option in ("--html", "--svg", "--csv", "--vcd", "--perfetto"):
        made = tmp_path / option.strip("-")
        result = CliRunner().invoke(report, [str(out), option, str(made)], standalone_mode=False)
        assert result.exception is None, (option, result.exception)
        assert made.stat().st_size > 100


def test_the_byte_that_the_line_has_swallowed_is_found(out: Path) -> None:
    """From every capture of that session alike."""
    for name in ("saleae.csv", "sigrok.json", "interceptty.log", "usbmon.pcapng"):
        run(EXAMPLES / name, "-o", out)
        result = CliRunner().invoke(report, [str(out)], standalone_mode=False)
        assert result.return_value == 1
        assert "sensors.txt: 1 byte lost; 159 of 160 stored" in result.stdout, name
        assert "1 byte is missing, from byte 66 or 98 on" in result.stdout, name


@pytest.mark.parametrize("name", ["forum.txt", "picocom.log", "wire-device.csv"])
def test_data_that_nobody_heard_is_no_noise_and_no_mistake(out: Path, name: str) -> None:
    """The log has not what the host sent behind CONNECT: nothing is said of that."""
    run(EXAMPLES / name, "-o", out)
    told = ""
    for options in ([], ["--dialogue"]):
        told += CliRunner().invoke(report, [str(out), *options], standalone_mode=False).stdout
    assert "not heard as it was" in " ".join(told.split())
    assert not any(words in told for words in ("NOISE", "noise", "none was lost", "larger than"))
