from pathlib import Path

import pytest

from quecsim.errors import QuecsimError
from quecsim.fuzz.case import load_case, make_case, upload_of, with_finding
from quecsim.fuzz.finding import Finding
from quecsim.fuzz.store import save
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Scenario

FINDING = Finding("trusted-short-upload", frozenset({"ring"}), "It was \xfcble.", "Look.", 5, 7)


def found(payload: bytes, function: str = "mine:upload") -> Scenario:
    return with_finding(
        make_case(make_scenario("ec200u"), payload), FINDING, function=function, fails="every time"
    )


def test_a_case_is_a_file_named_by_its_cause_and_complete(tmp_path: Path) -> None:
    saved = save(found(b"\x00\xffpayload"), tmp_path / "new" / "folder")
    assert saved.is_new
    assert saved.path.name == "trusted-short-upload-ring.toml"
    case = load_case(saved.path)
    assert upload_of(case) == ("UFS:ca.pem", b"\x00\xffpayload")
    assert case.case is not None
    assert case.case.found == "It was \xfcble."
    assert (case.case.at_ns, case.case.at_byte, case.case.fails) == (5, 7, "every time")
    assert case.case.function == "mine:upload"
    assert case.check.expect == "honest", "so that quecsim check judges it as the fuzzer did"


def test_only_a_smaller_case_takes_its_place(tmp_path: Path) -> None:
    save(found(b"middle"), tmp_path)
    larger = save(found(b"much larger"), tmp_path)
    assert not larger.is_new
    assert upload_of(load_case(larger.path))[1] == b"middle"
    smaller = save(found(b"s"), tmp_path)
    assert smaller.is_new
    assert upload_of(load_case(smaller.path))[1] == b"s"
    assert len(list(tmp_path.iterdir())) == 1


def test_another_hosts_case_is_left_alone(tmp_path: Path) -> None:
    first = save(found(b"a", "one:upload"), tmp_path)
    second = save(found(b"b", "two:upload"), tmp_path)
    assert second.path.name == "trusted-short-upload-ring-2.toml"
    assert upload_of(load_case(first.path))[1] == b"a"


def test_a_folder_that_cannot_be_is_the_users_mistake(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(QuecsimError, match="cannot write"):
        save(found(b"a"), tmp_path / "file")


def test_a_scenario_without_a_case_is_none(tmp_path: Path) -> None:
    plain = tmp_path / "plain.toml"
    plain.write_text('title = "t"\nshows = "s"\n')
    with pytest.raises(QuecsimError, match=r"no case[\s\S]*\[case\]"):
        load_case(plain)
