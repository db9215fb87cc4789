from typing import Any

import pytest

from quecsim.errors import QuecsimError
from quecsim.scenario.loader import load_scenario
from quecsim.scenario.options import make_scenario
from quecsim.scenario.payload import payload_bytes
from quecsim.sweep.cell import Cell, SweepJob, fingerprint, make_cells
from quecsim.sweep.grid import make_grid
from quecsim.sweep.notes import line_ns, notes, pace_bytes_s
from quecsim.sweep.user_host import find_host
from quecsim.sweep.work import CellResult, run_cell
from quecsim.testing.claims import run_claim

WORST = make_scenario("ec200u", flash="worst")
SMALL = bytes(range(256)) * 64


def cells(job: SweepJob | None = None, seeds: int = 1, **axes: str) -> list[Cell]:
    return make_cells(make_grid(axes, seeds), job or SweepJob(WORST, SMALL))


def run(job: SweepJob | None = None, seeds: int = 1, **axes: str) -> list[CellResult]:
    return [run_cell(cell) for cell in cells(job, seeds, **axes)]


def test_a_cell_of_a_scenario_is_its_claim() -> None:
    scenario = load_scenario("thread-57329")
    (cell,) = run(SweepJob(scenario), chunk="1024")
    (upload,) = run_claim(scenario).report.uploads
    assert (cell.verdict, cell.lost_bytes) == ("lost", upload.lost)
    assert cell.first_lost == upload.losses[0].at_byte
    assert cell.ring_peak_bytes == upload.ring_peak_bytes == 512
    assert upload.end_ns is not None
    assert cell.model_ns == upload.end_ns - upload.begin_ns
    assert cell.says


def test_slower_is_safer_and_flow_control_is_safe() -> None:
    results = run(chunk="1024", gap="0,200", flow="none,rtscts")
    assert [result.is_safe for result in results] == [False, True, True, True]
    lost = results[0]
    assert 0 < lost.lost_bytes < len(SMALL)
    assert lost.first_lost is not None
    assert lost.ring_peak_bytes == 4096
    assert 0 < results[1].rate_bytes_s < 1024 * 5 + 100  # a chunk every 200 ms


def test_ack_mode_is_safe() -> None:
    (result,) = run(SweepJob(WORST, SMALL, ack=True), chunk="1024", flow="none")
    assert result.is_safe


def test_the_same_cell_gives_the_same_answer() -> None:
    assert run(chunk="64,1024", gap="0,10") == run(chunk="64,1024", gap="0,10")


def test_each_seed_is_a_flash_of_its_own() -> None:
    drawn = SweepJob(make_scenario("ec200u", flash="drawn"), SMALL + SMALL)
    (result,) = run(drawn, 6, chunk="1024")
    assert result.runs == 6
    assert 0 < result.intact < 6
    assert result.verdict == "lost"
    firsts = [run_cell(each).intact for each in _one_seed_each(drawn)]
    assert sum(firsts) == result.intact


def _one_seed_each(job: SweepJob) -> list[Cell]:
    from dataclasses import replace

    (cell,) = cells(job, 6, chunk="1024")
    return [replace(cell, seeds=(seed,)) for seed in cell.seeds]


def test_settings_are_told_swept_or_not() -> None:
    (cell,) = cells(stall="every256:40", ring="512")
    assert cell.settings == {
        "flow": "none", "stall": "every256:40", "baud": 115_200, "ring": 512,
        "chunk": 1024, "gap": 0,
    }  # fmt: skip
    assert cell.scenario.profile().uart.rx_ring_bytes == 512


def test_no_stall_takes_the_scenarios_away() -> None:
    none, some = cells(SweepJob(load_scenario("thread-57329")), stall="none,1:45")
    assert none.scenario.stalls == ()
    assert [stall.stall_ms for stall in some.scenario.stalls] == [45]


def test_a_rate_is_that_of_both_ends() -> None:
    slow, fast = run(baud="57600,115200", flow="rtscts", chunk="1024")
    assert slow.is_safe
    assert fast.is_safe
    assert slow.model_ns > fast.model_ns


@pytest.mark.parametrize(
    ("axes", "message"),
    [({"baud": "12345"}, "does not take AT.IPR=12345"), ({"flow": "xonxoff"}, "does not take")],
)
def test_what_the_device_cannot_do(axes: dict[str, str], message: str) -> None:
    with pytest.raises(QuecsimError, match=message):
        make_cells(make_grid(axes), SweepJob(WORST, SMALL))


def test_ack_is_only_for_qfupl() -> None:
    with pytest.raises(QuecsimError, match="--ack makes no sense"):
        cells(SweepJob(load_scenario("ec200t-15-kbps"), ack=True), chunk="30")


def test_the_fingerprint_is_of_all_that_decides() -> None:
    first = fingerprint(cells(chunk="64,256"))
    assert first == fingerprint(cells(chunk="64,256"))
    others: list[Any] = [
        cells(chunk="64,255"),
        cells(chunk="64,256", seeds=2),
        cells(SweepJob(WORST, SMALL[:-1]), chunk="64,256"),
        cells(SweepJob(WORST, SMALL, ack=True), chunk="64,256"),
        cells(SweepJob(make_scenario("ec200u"), SMALL), chunk="64,256"),
        cells(
            SweepJob(WORST, SMALL, host=find_host("tests.sweep.uploaders:paced")), chunk="64,256"
        ),
    ]
    assert len({first, *map(fingerprint, others)}) == len(others) + 1


# the user's own uploader


def test_a_user_host_is_swept_over_its_own_arguments() -> None:
    job = SweepJob(WORST, SMALL, host=find_host("tests.sweep.uploaders:paced"))
    results = run(job, chunk="64,1024", gap="0,20")
    ours = run(chunk="64,1024", gap="0,20")
    assert [result.is_safe for result in results] == [False, True, False, False]
    assert [result.is_safe for result in ours] == [result.is_safe for result in results]
    assert [result.verdict for result in results] == ["lost", "intact", "lost", "lost"]


def test_a_user_host_against_the_device() -> None:
    job = SweepJob(WORST, SMALL, host=find_host("tests.sweep.uploaders:plain"))
    small, large = run(job, ring="1024,16384")
    assert not small.is_safe
    assert large.is_safe
    assert large.settings["chunk"] is None


def test_a_host_that_fails_by_itself_is_quoted() -> None:
    job = SweepJob(WORST, SMALL, host=find_host("tests.sweep.uploaders:broken"))
    made = cells(job, ring="4096")
    results = [run_cell(cell) for cell in made]
    assert (results[0].verdict, results[0].trouble) == ("none", "failed")
    assert results[0].says == "RuntimeError: no idea what to do"
    assert "In 1 cell the host failed by itself" in notes(made, results)[0]


# the notes


def test_the_pace_is_the_gaps_or_the_lines() -> None:
    slow, fast = run(chunk="64,1024", gap="64", flow="rtscts")
    assert pace_bytes_s(slow) == 1000
    assert pace_bytes_s(fast) == 11_520
    assert line_ns(1024, 115_200) == 88_888_888


def test_a_gap_that_changes_nothing_is_told() -> None:
    made = cells(chunk="1024", gap="80")
    (note,) = notes(made, [run_cell(cell) for cell in made])
    assert "1024 bytes take 88.9 ms at 115200 baud" in note
    made = cells(chunk="1024", gap="100")
    assert notes(made, [run_cell(cell) for cell in made]) == []


def test_the_advice_of_the_guides_is_compared_for_upgrades() -> None:
    made = cells(SweepJob(load_scenario("ec200t-15-kbps")), chunk="30", gap="1,2")
    results = [run_cell(cell) for cell in made]
    assert [result.is_safe for result in results] == [False, True]
    assert notes(made, results)[-1] == (
        "The FOTA guides advise 15 KB/s to a host without flow control: 1 cell without it "
        "kept to that, all safe (fastest safe pace 15.0 KB/s, slowest unsafe pace 30.0 KB/s)."
    )
    made = cells(SweepJob(load_scenario("ec200t-15-kbps")), chunk="16384", gap="1000,1200")
    results = [run_cell(cell) for cell in made]
    assert "1 cell without it kept to that, 1 not safe (slowest unsafe" in notes(made, results)[-1]
    made = cells(SweepJob(load_scenario("ec200t-15-kbps")), chunk="30", gap="1", flow="rtscts")
    assert not any("advise" in note for note in notes(made, [run_cell(cell) for cell in made]))


def test_xon_xoff_is_safe_where_both_ends_have_it() -> None:
    """The driver of a host with XON/XOFF obeys them, and keeps them from the program."""
    job = SweepJob(make_scenario("m95", flash="worst"), payload_bytes("bundle")[:20_000], ack=True)
    results = run(job, flow="none,xonxoff", ring="512", stall="every1000:100")
    assert [result.is_safe for result in results] == [True, True], results[1].says
    streamed = run(SweepJob(job.scenario, job.data), flow="none,xonxoff", ring="512")
    assert [result.is_safe for result in streamed] == [False, True], streamed[1].says


def test_a_host_at_a_rate_of_its_own_is_never_safe() -> None:
    host = find_host("tests.sweep.uploaders:slow")
    (cell,) = run(SweepJob(make_scenario("ec200u"), SMALL[:500], host=host), ring="4096")
    assert not cell.is_safe
    assert cell.says.startswith("the host sent at 9600 8N1, the device listened at 115200 8N1")
