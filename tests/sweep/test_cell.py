"""Cells that play a dialogue: rates of the line and the link, latencies, sizes of packets."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from quecsim.errors import QuecsimError
from quecsim.report.model import Verdict
from quecsim.scenario.loader import load_scenario
from quecsim.scenario.options import make_scenario
from quecsim.sweep.cell import SweepJob, fingerprint, make_cells
from quecsim.sweep.grid import make_grid
from quecsim.sweep.work import run_cell

BROKER = """
[[service]]
host = "broker.example"
port = 1883

[journey]
within_ms = {within_ms}
dialogue = '''
> AT+QMTOPEN=0,"broker.example",1883
< OK
< +QMTOPEN: 0,0
> AT+QMTCONN=0,"meter-{{packet}}"
< OK
< +QMTCONN: 0,0,0
'''
"""


def job(tmp_path: Path, text: str) -> SweepJob:
    file = tmp_path / "mine.toml"
    file.write_text(text)
    return SweepJob(load_scenario(str(file)))


def test_a_dialogue_that_goes_to_its_end_is_safe(tmp_path: Path) -> None:
    grid = make_grid({"latency": "30,2s", "packet": "7"})
    cells = make_cells(grid, job(tmp_path, BROKER.format(within_ms=3000)))
    near, far = (run_cell(cell) for cell in cells)
    assert (near.is_safe, near.settings["latency"], near.settings["packet"]) == (True, 30, 7)
    assert (far.is_safe, far.verdict) == (False, Verdict.WRONG)
    assert far.says == "line 3 of the journey (< +QMTOPEN: 0,0): nothing came"
    assert near.model_ns < far.model_ns
    assert fingerprint(cells[:1]) != fingerprint(cells[1:])


def test_the_link_is_that_of_the_cell(tmp_path: Path) -> None:
    text = BROKER.format(within_ms=60_000).replace("{packet}", "7")
    slow, fast = make_cells(make_grid({"link": "20,100k"}), job(tmp_path, text))
    assert slow.scenario.network.up_bytes_per_s == 20
    assert run_cell(slow).model_ns > 2 * run_cell(fast).model_ns


@pytest.mark.parametrize(
    ("axes", "text", "message"),
    [
        ({"packet": "7"}, "", "--packet: nothing in mine depends on it"),
        ({"link": "1k"}, BROKER.format(within_ms=1), r"the dialogue of mine has \{packet\}"),
    ],
)
def test_what_cannot_be_swept(
    tmp_path: Path, axes: dict[str, str | None], text: str, message: str
) -> None:
    with pytest.raises(QuecsimError, match=message):
        make_cells(make_grid(axes), job(tmp_path, text))


def test_a_device_without_a_link_has_none_to_sweep() -> None:
    made = make_scenario("fcm242d")
    bare = replace(made, device_profile=replace(made.device_profile, link=None))
    with pytest.raises(QuecsimError, match="has no link to sweep"):
        make_cells(make_grid({"link": "1k"}), SweepJob(bare))
