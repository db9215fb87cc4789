"""The files that `quecsim report` writes: which part of the run, and what can go wrong."""

from pathlib import Path

import pytest

from quecsim.cli import report_files
from quecsim.cli.report_files import Output
from quecsim.errors import QuecsimError
from quecsim.trace.redact import Redactor
from tests.cli.test_report import CERTIFICATE, record, run, write


@pytest.fixture
def lossy(tmp_path: Path) -> Path:
    return write(tmp_path / "lossy.jsonl", record("thread-57329"))


def refusal(*arguments: str | Path) -> str:
    with pytest.raises(QuecsimError) as refused:
        run(*arguments)
    return str(refused.value)


def test_each_output_has_its_file_and_the_report_is_told_all_the_same(
    lossy: Path,
    tmp_path: Path,
) -> None:
    result = run(lossy, "--svg", tmp_path / "a.svg", "--png", tmp_path / "a.png")
    assert result.return_value == 1
    assert "153 bytes lost" in result.stdout
    assert f"wrote {tmp_path / 'a.svg'}" in result.stderr
    assert (tmp_path / "a.svg").read_bytes().startswith(b"<?xml")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_standard_output_has_the_file_alone(lossy: Path) -> None:
    result = run(lossy, "--svg", "-")
    assert result.stdout_bytes.startswith(b"<?xml")
    assert result.stdout_bytes.rstrip().endswith(b"</svg>")


def test_two_outputs_have_two_places(lossy: Path, tmp_path: Path) -> None:
    told = refusal(lossy, "--svg", tmp_path / "a", "--png", f"{tmp_path}/./a")
    assert told.startswith("--svg and --png cannot both be")
    assert "standard output" in refusal(lossy, "--svg", "-", "--png", "-")


def test_the_record_itself_is_never_written_over(lossy: Path) -> None:
    before = lossy.read_bytes()
    (lossy.parent / "link").symlink_to(lossy)
    assert "would write over the record" in refusal(lossy, "--svg", lossy)
    assert "would write over the record" in refusal(lossy, "--svg", lossy.parent / "link")
    assert lossy.read_bytes() == before


@pytest.mark.parametrize(
    ("place", "told"),
    [("no/a.svg", "there is no folder"), (".", "Is a directory"), ("/dev/full", "No space left")],
)
def test_a_file_that_cannot_be_written_is_told(
    lossy: Path,
    tmp_path: Path,
    place: str,
    told: str,
) -> None:
    there = sorted(tmp_path.iterdir())
    message = refusal(lossy, "--svg", tmp_path / place)
    assert message.startswith("cannot write ")
    assert told in message
    assert sorted(tmp_path.iterdir()) == there


def test_a_missing_package_is_named(lossy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = Output("svg", "", "not_installed:write", extra="report")
    others = [output for output in report_files.OUTPUTS if output.name != "svg"]
    monkeypatch.setattr(report_files, "OUTPUTS", (*others, missing))
    assert refusal(lossy, "--svg", "x") == (
        "--svg needs not_installed\n  pip install 'quecsim[report]'"
    )


def test_a_part_of_the_run_is_drawn(lossy: Path, tmp_path: Path) -> None:
    parts = (
        ("--around-loss", "1"),
        ("--from", "1"),
        ("--to", "500ms"),
        ("--from", "0", "--to", "2"),
    )
    made = set()
    for number, part in enumerate(parts):
        run(lossy, "--svg", tmp_path / str(number), *part)
        made.add((tmp_path / str(number)).read_bytes())
    assert len(made) == len(parts)


@pytest.mark.parametrize(
    ("part", "told"),
    [
        (("--around-loss", "2"), "there is 1 loss"),
        (("--around-loss", "1", "--to", "2"), "has its own beginning"),
        (("--from", "2", "--to", "1"), "--to must be behind --from"),
        (("--from", "2", "--to", "2"), "--to must be behind --from"),
        (("--from", "99"), "nothing is left from 99.000 s on"),
    ],
)
def test_a_part_that_is_not_there_is_told(
    lossy: Path,
    tmp_path: Path,
    part: tuple[str, ...],
    told: str,
) -> None:
    assert told in refusal(lossy, "--svg", tmp_path / "a.svg", *part)
    assert not (tmp_path / "a.svg").exists()


def test_without_a_loss_there_is_nothing_around_it(tmp_path: Path) -> None:
    whole = write(tmp_path / "whole.jsonl", record("typical-flash"))
    assert "nothing was lost" in refusal(whole, "--svg", tmp_path / "a", "--around-loss", "1")


def test_what_the_record_lacks_can_be_given(tmp_path: Path) -> None:
    redactor = Redactor()
    kept = [*redactor.feed(record("thread-57329")), *redactor.end()]
    hidden = write(tmp_path / "hidden.jsonl", kept)
    (tmp_path / "ca.pem").write_bytes(CERTIFICATE)
    result = run(hidden, "--vcd", tmp_path / "without.vcd")
    assert "no TXD and no RXD: the record holds digests" in result.stderr
    result = run(hidden, "--vcd", tmp_path / "with.vcd", "--payload", tmp_path / "ca.pem")
    assert "TXD" not in result.stderr
    whole = write(tmp_path / "whole.jsonl", record("thread-57329"))
    run(whole, "--vcd", tmp_path / "whole.vcd")
    assert (tmp_path / "with.vcd").read_bytes() == (tmp_path / "whole.vcd").read_bytes()
    assert "they need one of" in refusal(hidden, "--payload", tmp_path / "ca.pem")
    assert "it cannot be read" in refusal(hidden, "--svg", "x", "--payload", tmp_path / "no")


def test_a_case_of_a_search_holds_no_record(tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_text("")
    told = refusal(tmp_path, "--svg", tmp_path / "a.svg")
    assert told.startswith("--svg: a case of `quecsim fuzz` holds no record")
    assert not (tmp_path / "a.svg").exists()


def test_a_part_is_for_files(lossy: Path) -> None:
    assert "they need one of --html, --svg, --png, --vcd" in refusal(lossy, "--from", "1")
