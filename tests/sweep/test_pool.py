"""The same cell gives the same answer in this process, in several, and on a cluster."""

import importlib
import multiprocessing
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from quecsim.errors import QuecsimError
from quecsim.scenario.options import make_scenario
from quecsim.sweep.cell import Cell, SweepJob, make_cells
from quecsim.sweep.grid import make_grid
from quecsim.sweep.pool import batches, need, run_all
from quecsim.sweep.user_host import UserHost
from quecsim.sweep.work import CellResult


def dask_module() -> Any:
    """Skipped where it is not installed, unless nothing may be."""
    if "QUECSIM_TEST_ALL" in os.environ:
        return importlib.import_module("distributed")
    return pytest.importorskip("distributed")


def cells() -> list[Cell]:
    drawn = make_scenario("ec200u", flash="drawn")
    grid = make_grid({"chunk": "64,1024", "gap": "0,10", "flow": "none,rtscts"}, seeds=3)
    return make_cells(grid, SweepJob(drawn, bytes(range(256)) * 128))


def in_order(results: Iterator[CellResult]) -> list[CellResult]:
    return sorted(results, key=lambda result: result.index)


@pytest.fixture(scope="module")
def expected() -> list[CellResult]:
    results = in_order(run_all(cells()))
    assert len({result.is_safe for result in results}) == 2, "the sweep should have both kinds"
    return results


def test_two_processes(expected: list[CellResult]) -> None:
    assert in_order(run_all(cells(), jobs=2)) == expected


@pytest.fixture
def cluster() -> Iterator[Any]:
    with dask_module().LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=":0"
    ) as made:
        yield made


def test_a_cluster(cluster: Any, expected: list[CellResult]) -> None:
    assert in_order(run_all(cells(), dask=cluster.scheduler_address)) == expected


def test_a_cluster_without_workers() -> None:
    with (
        dask_module().LocalCluster(n_workers=0, processes=False, dashboard_address=":0") as made,
        pytest.raises(QuecsimError, match="has no workers"),
    ):
        list(run_all(cells(), dask=made.scheduler_address))


def test_no_cluster_there(monkeypatch: pytest.MonkeyPatch) -> None:
    dask_module()
    monkeypatch.setattr("quecsim.sweep.pool._REACH_S", 1)
    with pytest.raises(QuecsimError, match=r"no Dask scheduler at tcp://127.0.0.1:1"):
        list(run_all(cells(), dask="tcp://127.0.0.1:1"))


def test_what_is_not_installed_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(QuecsimError, match="--dask needs distributed") as caught:
        need("distributed", "dask", "--dask")
    assert "quecsim[dask]" in caught.value.hint


def test_batches_hold_each_cell_once() -> None:
    made = cells()
    for workers in (1, 3, 100):
        portions = batches(made, workers)
        assert [cell.index for portion in portions for cell in portion] == list(range(len(made)))
    assert max(map(len, batches(made * 100, 2))) == 8


def test_what_goes_wrong_in_a_process_is_raised_here() -> None:
    made = cells()
    host = UserHost("tests.sweep.no_such_module:upload", frozenset(), "")
    broken = [replace(cell, host=host) for cell in made]
    with pytest.raises(QuecsimError, match="cannot import") as caught:
        list(run_all(broken, jobs=2))
    assert caught.value.hint


def test_a_process_that_dies_is_told() -> None:
    broken = [
        replace(cell, host=UserHost("tests.sweep.uploaders:dies", frozenset(), ""))
        for cell in cells()
    ]
    with pytest.raises(QuecsimError, match="has died"):
        list(run_all(broken, jobs=2))


def test_no_process_is_left_behind() -> None:
    results = run_all(cells(), jobs=2)
    next(results)
    assert len(multiprocessing.active_children()) == 2
    results.close()  # type: ignore[attr-defined]
    assert multiprocessing.active_children() == []


def test_nothing_to_do() -> None:
    assert list(run_all([], jobs=2)) == []
