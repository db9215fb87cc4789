"""The profile that is written: it loads, says how each value is known, and runs."""

from pathlib import Path
from typing import Any

import pytest

from quecsim.commands.catalogue import load_device
from quecsim.probe.finding import Finding, not_measured
from quecsim.probe.profile_writer import Occasion, Written, profile_text
from quecsim.profiles.loader import load_profile, profile_names
from quecsim.profiles.schema import BootUrc, Profile
from tests.probe.test_probe import probe

WHEN = Occasion("2026-05-01", "/dev/ttyUSB2", "EC200UCNAAR03A16M08", "mine.jsonl")


def written(*findings: Finding, notes: tuple[str, ...] = (), like: str = "ec200u") -> Written:
    return profile_text(load_profile(like), findings, notes, WHEN)


def loaded(text: str, folder: Path) -> Profile:
    path = folder / "mine.toml"
    path.write_text(text)
    return load_device(str(path))


def test_a_value_says_when_on_what_and_how_it_was_measured(tmp_path: Path) -> None:
    finding = Finding("escape.before_ms", 510, "+++ works with 525 ms", 4, 495, 525)
    profile = loaded(written(finding).text, tmp_path)
    assert profile.escape.before_ms == 510
    known = profile.provenance["escape.before_ms"]
    assert known.how == "measured"
    assert known.source == (
        "probe of 2026-05-01, firmware EC200UCNAAR03A16M08: "
        "+++ works with 525 ms, 4 runs, from 495 to 525"
    )
    assert profile.provenance["escape.after_ms"].how == "documented"


def test_what_was_not_measured_is_listed_with_the_reason() -> None:
    told = written(not_measured("files.no_room", "the module does not say"), notes=("a note",))
    assert "#   files.no_room: the module does not say" in told.text.split("\n")
    assert "#   a note" in told.text.split("\n")
    assert "no_room =" not in told.text


MISFITS: dict[str, Finding] = {
    "beyond its range": Finding("at.line_bytes", 20, "x"),
    "of another kind": Finding("files.list_order", "backwards", "x"),
    "no such key": Finding("files.colour", "blue", "x"),
    "no such part": Finding("secure.write_timeout", "cme421", "x"),
    "no plain text": Finding("identity.model", "EC\x00\xff", "x"),
    "against a rule": Finding("uart.ifc_default", (1, 1), "x"),
}


@pytest.mark.parametrize("name", MISFITS)
def test_what_a_profile_cannot_hold_is_left_out_and_told(name: str, tmp_path: Path) -> None:
    misfit = MISFITS[name]
    good = Finding("files.surplus", "discard", "AT behind the data")
    told = written(misfit, good)
    profile = loaded(told.text, tmp_path)
    assert profile.files.surplus == "discard"
    assert [each.key for each in told.measured] == ["files.surplus"]
    assert told.missing == () or misfit.key in told.text


HOSTILE = ('quote " and \\', "line\nbreak\r\n[files]", "\x1b[2J", "\u2028 \ud800", '"""', "# = {")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str, tmp_path: Path) -> None:
    finding = Finding("at.cmee", 2, text)
    why = not_measured("at.echo", text)
    occasion = Occasion("2026-05-01", text, text, text, text)
    told = profile_text(load_profile("ec200u"), (finding, why), (text,), occasion)
    (tmp_path / "mine.toml").write_text(told.text, encoding="utf-8", errors="strict")
    profile = load_profile(tmp_path / "mine.toml")
    assert profile.at.cmee == 2
    assert profile.at.echo == load_profile("ec200u").at.echo


def test_records_in_a_value(tmp_path: Path) -> None:
    urcs = (BootUrc("RDY", 0), BootUrc("+CPIN: READY", 512))
    profile = loaded(written(Finding("boot.urcs", urcs, "a restart")).text, tmp_path)
    assert profile.boot.urcs == urcs


def value_of(profile: Profile, key: str) -> Any:
    part, _, name = key.partition(".")
    return getattr(getattr(profile, part), name)


@pytest.mark.parametrize("name", profile_names())
def test_the_profile_of_a_probed_device_is_that_device(name: str, tmp_path: Path) -> None:
    base = load_profile(name)
    probed, _ = probe(name, base, skip=["lines", "escape", "names"])
    told = profile_text(base, probed.findings.values(), probed.notes, WHEN)
    profile = loaded(told.text, tmp_path)
    assert len(told.measured) == len(probed.measured)
    for key in base.provenance:
        assert value_of(profile, key) == value_of(base, key), key
    measured = [key for key, known in profile.provenance.items() if known.how == "measured"]
    whole = {finding.key for finding in probed.measured if not finding.is_in_part}
    assert set(measured) >= whole


def test_a_table_of_which_a_part_was_measured_is_no_measured_one(tmp_path: Path) -> None:
    numbers = {**load_profile("ec200u").errors.numbers, "file_exists": 4077}
    found = Finding("errors.numbers", numbers, "provoked: file_exists", is_in_part=True)
    text = written(found).text
    known = loaded(text, tmp_path).provenance["errors.numbers"]
    assert known.how == "assumed"
    assert known.source.startswith("in part by a probe of")
    assert text.startswith("# Measured by")
    assert ": 0 values" in text.splitlines()[0]
