"""What the fuzzer finds in the example hosts, in virtual time: a bounded and fixed search."""

from itertools import chain, islice
from pathlib import Path

import pytest

from quecsim.fuzz.case import load_case, make_case, upload_of
from quecsim.fuzz.draw import drawn_cases
from quecsim.fuzz.finding import CaseRun, Finding
from quecsim.fuzz.first import first_cases
from quecsim.fuzz.hosts import FunctionHost, TimeUp
from quecsim.fuzz.search import Found, Search, SearchResult
from quecsim.fuzz.text import render
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Scenario, Stall
from quecsim.trace.event import Event
from tests.fuzz.uploaders import MISTAKES, right

BASE = make_scenario("ec200u")

# mistake -> (the cause that must be found, most bytes of its payload, most faults and stalls)
FOUND = {
    "no_wait_for_connect": ("data-before-connect", 1, 0),
    "ack_ignored": ("no-wait-for-ack", 1025, 0),
    "size_in_characters": ("failed-short", 4, 0),
    "println": ("failed-wrong", 2, 0),
    "no_compare": ("said-ok-but-lost-drop-bytes", 50, 1),
    "blind_retry": ("existing-file", 1, 1),
    "fixed_sleep": ("data-before-connect-connect-late", 1, 1),
}


def searched(name: str, folder: Path | None = None, cases: int = 80) -> SearchResult:
    host = FunctionHost({"right": right, **MISTAKES}[name], name)
    return Search(host, folder=folder, function=name).run(first_cases(BASE), cases)


def found(result: SearchResult, cause: str) -> Found:
    by_cause = {each.finding.slug: each for each in result.found}
    assert cause in by_cause, sorted(by_cause)
    return by_cause[cause]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_each_wrong_uploader_is_found_and_its_case_is_small(mistake: str, tmp_path: Path) -> None:
    """The case that is saved fails for the same cause, and the right uploader passes it."""
    cause, most_bytes, most_troubles = FOUND[mistake]
    one = found(searched(mistake, tmp_path), cause)
    _, payload = upload_of(one.case)
    assert len(payload) <= most_bytes
    troubles = len(one.case.faults) + len(one.case.stalls) + len(one.case.contents)
    assert troubles <= most_troubles
    saved = tmp_path / f"{cause}.toml"
    assert len(saved.read_text().splitlines()) < 30, "read at a glance"
    assert one.saved is not None
    assert one.saved.path == saved
    case = load_case(saved)
    again = FunctionHost(MISTAKES[mistake]).run(case).finding
    assert again is not None
    assert again.slug == cause
    assert FunctionHost(right).run(case).finding is None


def test_nothing_is_found_in_the_right_uploader() -> None:
    result = Search(FunctionHost(right)).run(
        chain(first_cases(BASE), islice(drawn_cases(BASE, seed=1), 60))
    )
    assert [each.finding for each in result.found] == []
    assert result.cases > 110
    assert set(result.coverage.fired) >= {
        "ack_late", "ack_lost", "bit_error", "connect_late", "drop_bytes", "echo_on", "error_reply",
        "power_cut", "reset", "split_reply", "urc",
    }, "faults that never fired prove nothing"  # fmt: skip


def test_a_search_is_repeatable() -> None:
    def run() -> list[str]:
        cases = chain(first_cases(BASE), drawn_cases(BASE, seed=5))
        result = Search(FunctionHost(MISTAKES["fixed_sleep"])).run(cases, 90)
        return [each.finding.slug for each in result.found]

    assert run() == run()


def test_the_same_cause_is_kept_once_and_counted() -> None:
    result = searched("no_wait_for_connect")
    assert len([each for each in result.found if each.finding.base == "data-before-connect"]) == 1
    assert found(result, "data-before-connect").seen > 50


def test_a_search_ends_when_it_is_told_to() -> None:
    told: list[int] = []
    search = Search(
        FunctionHost(right), is_over=lambda: len(told) >= 3, tell=lambda r: told.append(r.cases)
    )
    assert search.run(drawn_cases(BASE, seed=1)).cases == 3
    assert told == [1, 2, 3]


class Scripted:
    """A host whose runs fail as the script says, one after the other."""

    label = "scripted"

    def __init__(self, confirm: int, script: str) -> None:
        self.confirm = confirm
        self._script = iter(script)

    def run(self, case: Scenario) -> CaseRun:
        """F: it fails. C: Ctrl-C. T: no time is left. Else: it is right."""
        mark = next(self._script, ".")
        if mark == "C":
            raise KeyboardInterrupt
        if mark == "T":
            raise TimeUp
        return CaseRun(Finding("hurt", frozenset(), "It hurts.") if mark == "F" else None)

    def record(self, case: Scenario) -> tuple[CaseRun, list[Event]]:
        return self.run(case), []


def script(confirm: int, marks: str) -> Search:
    return Search(Scripted(confirm, marks), most_reducing_cases=1)


ONE = [make_case(BASE, b"payload")]


@pytest.mark.parametrize(
    ("marks", "fails"),
    [
        ("FFF" + ".." + "FFFFFFFFFF", "every time"),  # found, confirmed; a candidate; measured
        ("F.F" + ".." + "F.F.F.F.FF", "6 of 10 times"),
    ],
)
def test_how_often_a_flaky_host_fails_is_measured(marks: str, fails: str) -> None:
    (one,) = script(3, marks).run(ONE).found
    assert one.fails == fails
    assert upload_of(one.case)[1] == b"payload"


@pytest.mark.parametrize("marks", ["F..", "FFF" + ".." + ".........."])
def test_what_does_not_show_again_is_only_counted(marks: str) -> None:
    result = script(3, marks).run(ONE)
    assert (result.found, result.flaky) == ([], 1)


def test_a_candidate_counts_when_most_of_its_runs_fail() -> None:
    (one,) = script(3, "FFF" + "F.F" + "FFFFFFFFFF").run(ONE).found
    assert upload_of(one.case)[1] == b"a"


def test_ctrl_c_in_a_reduction_keeps_what_was_found() -> None:
    search = script(1, "F" + "C")
    with pytest.raises(KeyboardInterrupt):
        search.run(ONE)
    (one,) = search.result.found
    assert (one.fails, one.is_reduced) == ("every time", False), "its every run is the same"


def test_a_stop_ends_it_before_the_next_run_and_keeps_what_was_found() -> None:
    search = script(1, "F")
    search.is_stopped = lambda: search.result.runs > 0
    with pytest.raises(KeyboardInterrupt):
        search.run([*ONE, *ONE])
    (one,) = search.result.found
    assert (one.is_reduced, search.result.runs, search.result.cases) == (False, 1, 1)


def over_after(runs: int, confirm: int, marks: str, case: Scenario = ONE[0]) -> SearchResult:
    search = script(confirm, marks)
    search.most_reducing_cases = 100
    search.is_over = lambda: search.result.runs >= runs
    return search.run([case, case])


def test_the_end_of_the_time_ends_a_reduction_and_keeps_what_it_has_come_to() -> None:
    stalled = make_scenario("ec200u", stalls=[Stall(stall_ms=5, at_byte=1)])
    result = over_after(2, 1, "F" + "F", make_case(stalled, b"payload"))
    (one,) = result.found
    assert (one.fails, one.is_reduced, result.cases) == ("every time", False, 1)
    assert (one.case.stalls, upload_of(one.case)[1]) == ((), b"payload"), "one step was made"
    assert "not fully reduced (--max-time" in render(result, took_s=1.0, host="h")


def test_the_end_of_the_time_leaves_a_program_unmeasured() -> None:
    (one,) = over_after(4, 3, "FFF" + "F").found
    assert (one.fails, one.is_reduced) == ("not measured", False)
    assert upload_of(one.case)[1] == b"payload"


def test_the_end_of_the_time_before_it_is_confirmed() -> None:
    result = over_after(2, 3, "FF")
    assert (result.found, result.flaky, result.runs) == ([], 1, 2)


def test_a_run_that_is_cut_short_ends_the_search() -> None:
    result = script(3, "." + "T").run([*ONE, *ONE, *ONE])
    assert (result.cases, result.runs, result.found) == (1, 2, [])


def test_a_finding_that_cannot_be_saved_is_told_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("no folder")
    search = script(1, "F" + "." + "F")
    search.folder = tmp_path / "taken"
    (one,) = search.run(ONE).found
    assert one.saved is None
    assert "cannot write" in search.result.not_saved
