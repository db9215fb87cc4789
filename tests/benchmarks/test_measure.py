"""The statistics and the verdicts of the benchmarks."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SOURCE = Path(__file__).parents[2] / "benchmarks" / "measure.py"


@pytest.fixture(scope="module")
def measure() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmarks_measure", SOURCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("value", "more", "verdict"),
    [(0.7, True, "aim"), (0.4, True, "need"), (0.2, True, "missed"),
     (0.2, False, "aim"), (0.5, False, "missed")],
)  # fmt: skip
def test_verdicts(measure: ModuleType, value: float, more: bool, verdict: str) -> None:
    made = measure.Measurement("x", value, "", "", 0.3, 0.6 if more else 0.25, more)
    assert made.verdict == verdict
    assert made.is_met == (verdict != "missed")


def test_a_figure_without_a_mark_is_always_met(measure: ModuleType) -> None:
    made = measure.Measurement("x", 1.0, "s")
    assert made.is_met
    assert made.verdict == ""


def test_percentile_and_ratio(measure: ModuleType) -> None:
    assert measure.percentile(list(range(100)), 99) == 99
    assert measure.percentile([3.0, 1.0, 2.0], 50) == 2.0
    assert measure.median_ratio([(2.0, 1.0), (9.0, 3.0), (100.0, 1.0)]) == 3.0
