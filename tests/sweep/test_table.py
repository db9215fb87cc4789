import csv
from pathlib import Path
from typing import Any

import pytest

from quecsim.errors import QuecsimError
from quecsim.sweep.pool import need
from quecsim.sweep.table import check_format, row, write_table
from tests.sweep.made import made

_, RESULTS = made(lambda p: int(p["gap"]) > 0, chunk="64,256", gap="0,40")


def test_csv(tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    write_table(out, RESULTS)
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [(each["chunk_bytes"], each["gap_ms"], each["verdict"]) for each in rows] == [
        ("64", "0", "lost"), ("64", "40", "intact"), ("256", "0", "lost"), ("256", "40", "intact"),
    ]  # fmt: skip
    assert rows[1]["first_lost_byte"] == ""
    assert rows[0]["first_lost_byte"] == "4096"
    assert list(tmp_path.iterdir()) == [out]


def test_parquet_has_the_same(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    parquet: Any = need("pyarrow.parquet", "sweep", "")
    out = tmp_path / "a.parquet"
    write_table(out, RESULTS)
    assert parquet.read_table(out).to_pylist() == [row(result) for result in RESULTS]


@pytest.mark.parametrize("name", ["a", "a.xlsx", "nowhere/a.csv"])
def test_what_cannot_be_written_is_told_early(name: str, tmp_path: Path) -> None:
    with pytest.raises(QuecsimError):
        check_format(tmp_path / name)
