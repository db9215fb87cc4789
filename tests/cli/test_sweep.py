import csv
import json
import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from quecsim.cli.sweep import sweep
from quecsim.errors import QuecsimError
from quecsim.sweep.cell import Cell
from quecsim.sweep.work import CellResult, run_cell

SMALL = ("--size", "16384", "--chunk", "64,1024", "--gap", "0,20")


def run(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(sweep, arguments, standalone_mode=False)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.return_value == code
    return result


def test_a_heat_map_and_the_envelope_in_words() -> None:
    result = run(*SMALL, "--flow", "none,rtscts")
    assert "8 cells (2 flow x 2 chunk x 2 gap)" in result.stderr
    words = result.stdout
    assert "16384 bytes by AT+QFUPL to a Quectel EC200U, worst flash" in words
    assert (
        "Without flow control at 115200 baud: safe with chunks of 64 bytes and gaps of 20 ms; "
        "chunks of 1024 bytes are unsafe at every gap tried (first loss at byte 8192)."
    ) in words
    assert "With RTS/CTS at 115200 baud: every cell safe." in words
    assert "flash.erase_block_max_ms = 400" in words


def test_json_has_it_all() -> None:
    whole = json.loads(run(*SMALL, "--json").stdout)
    assert whole["axes"] == {"chunk": [64, 1024], "gap": [0, 20]}
    assert [cell["verdict"] for cell in whole["cells"]] == ["lost", "intact", "lost", "lost"]
    assert whole["safe_cells"] == 1
    assert len(whole["envelope"]) == 1
    assert whole["assumed"]


def test_a_scenario_with_its_own_upload() -> None:
    whole = json.loads(run("thread-57329", "--ring", "512,2048", "--json").stdout)
    assert whole["subject"] == "1188 bytes by AT+QFUPL to a Quectel EC200U, typical flash"
    assert [cell["verdict"] for cell in whole["cells"]] == ["lost", "intact"]


def test_a_device_by_its_name_as_with_check() -> None:
    whole = json.loads(run("m95", "--size", "1024", "--chunk", "64", "--json").stdout)
    assert "Quectel M95, worst flash" in whole["subject"]
    with pytest.raises(QuecsimError, match='no scenario is called "m96"'):
        run("m96", "--chunk", "64")


def test_seeds_draw_the_flash() -> None:
    text = run(*SMALL, "--repeat", "2").stdout
    assert "drawn flash" in text
    assert "Each cell was run 2 times, with the seeds 1 to 2" in text


def test_required_cells_decide_the_exit_code() -> None:
    run(*SMALL, "--require-safe", "chunk<=64,gap>=20")
    result = run(*SMALL, "--require-safe", "gap>=20", "--require-safe", "chunk=64", code=1)
    assert "--require-safe gap>=20: 1 cell is not safe" in result.stderr
    assert "chunk 1024, gap 20" in result.stderr


def test_a_file_of_the_users(tmp_path: Path) -> None:
    file = tmp_path / "mine.bin"
    file.write_bytes(bytes(range(256)) * 4)
    assert "1024 bytes by" in run("--file", str(file), "--chunk", "64").stdout
    with pytest.raises(QuecsimError, match="exclude each other"):
        run("--file", str(file), "--size", "5", "--chunk", "64")
    with pytest.raises(QuecsimError, match="cannot read"):
        run("--file", str(tmp_path / "none"), "--chunk", "64")


def test_results_and_picture_in_files(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    out, plot = tmp_path / "a.csv", tmp_path / "a.png"
    result = run(*SMALL, "--output", str(out), "--plot", str(plot))
    assert "a.csv: 4 rows" in result.stderr
    assert plot.read_bytes().startswith(b"\x89PNG")
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [row["intact"] for row in rows] == ["0", "1", "0", "0"]


class _Stopped:
    """A pool that gets Ctrl-C after some cells, and remembers which it ran."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.ran: list[int] = []

    def __call__(self, cells: Sequence[Cell], **_options: Any) -> Iterator[CellResult]:
        # The last ones first: the order of completion must not matter.
        for cell in reversed(cells):
            if len(self.ran) == self.most:
                raise KeyboardInterrupt
            self.ran.append(cell.index)
            yield run_cell(cell)


def test_a_stopped_sweep_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(*SMALL, "--output", str(tmp_path / "whole.csv"))
    out = tmp_path / "a.csv"
    first, second = _Stopped(3), _Stopped(9)
    monkeypatch.setattr("quecsim.sweep.pool.run_all", first)
    stopped = run(*SMALL, "--output", str(out), code=130)
    assert "stopped after 3 of 4 cells" in stopped.stderr
    assert "the same command goes on" in stopped.stderr
    assert not out.exists()
    monkeypatch.setattr("quecsim.sweep.pool.run_all", second)
    assert "3 cells are done already" in run(*SMALL, "--output", str(out)).stderr
    assert (first.ran, second.ran) == ([3, 2, 1], [0])
    assert out.read_text() == (tmp_path / "whole.csv").read_text()
    run(*SMALL, "--output", str(out))  # nothing left to do
    assert second.ran == [0]


def test_ctrl_c_lets_the_cell_end_that_is_under_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_all(cells: Sequence[Cell], **_options: Any) -> Iterator[CellResult]:
        for cell in cells:
            os.kill(os.getpid(), signal.SIGINT)
            yield run_cell(cell)

    monkeypatch.setattr("quecsim.sweep.pool.run_all", run_all)
    out = tmp_path / "a.csv"
    assert "stopped after 1 of 4 cells" in run(*SMALL, "--output", str(out), code=130).stderr


def test_another_sweep_does_not_go_on_here(tmp_path: Path) -> None:
    out = str(tmp_path / "a.csv")
    run(*SMALL, "--output", out)
    with pytest.raises(QuecsimError, match="belongs to another sweep"):
        run(*SMALL[:-1], "0,30", "--output", out)


def test_stopped_without_a_place_to_keep_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quecsim.sweep.pool.run_all", _Stopped(1))
    assert "nothing is kept (--output FILE keeps it)" in run(*SMALL, code=130).stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--chunk", "no"), "--chunk cannot be 'no'"),
        (("--chunk", "1..300", "--gap", "0..300"), "more than 20000 runs"),
        (("--require-safe", "x=1"), "--require-safe cannot be"),
        (("--output", "results.txt"), "which format"),
        (("--plot", "map.bmp"), "which format"),
        (("--host", "tests.sweep.uploaders:plain", "--chunk", "64"), "cannot be swept"),
        (("--host", "tests.sweep.uploaders:plain", "--ring", "64", "--ack"), "--ack makes no"),
        (("no-such-scenario", "--chunk", "64"), "no scenario is called"),
        (("--chunk", "64", "--require-safe", "chunk=7"), "no cell is like that"),
    ],
)
def test_mistakes_are_told_at_once(
    arguments: tuple[str, ...], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quecsim.sweep.pool.run_all", _Stopped(0))
    if "chunk=7" in arguments[-1]:
        monkeypatch.undo()  # known only when there are cells
    with pytest.raises(QuecsimError, match=message):
        run(*arguments)
