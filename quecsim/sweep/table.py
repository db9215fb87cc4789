"""The results as a file, CSV or Parquet: one row per cell, in the order of the grid."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from quecsim.errors import QuecsimError
from quecsim.sweep.axes import AXES
from quecsim.sweep.pool import need
from quecsim.sweep.work import CellResult

FORMATS = (".csv", ".parquet")


def check_format(out: Path) -> None:
    """Raises QuecsimError early: an ending that we do not write, or a library that is missing."""
    if out.suffix not in FORMATS:
        hint = "end the name in .csv or .parquet"
        raise QuecsimError(f"--output {out.name}: which format?", hint=hint)
    if out.suffix == ".parquet":
        need("pyarrow", "sweep", f"--output {out}")
    if not out.absolute().parent.is_dir():
        hint = "make it first"
        raise QuecsimError(f"there is no folder {out.absolute().parent}", hint=hint)


def row(result: CellResult) -> dict[str, Any]:
    """Column -> value; None where a column does not apply."""
    return {
        **{AXES[name].column: value for name, value in result.settings.items()},
        "runs": result.runs,
        "intact": result.intact,
        "verdict": result.verdict.value,
        "lost_bytes": result.lost_bytes,
        "first_lost_byte": result.first_lost,
        "model_ns": result.model_ns,
        "ring_peak_bytes": result.ring_peak_bytes,
        "rate_bytes_s": result.rate_bytes_s,
        "says": result.says,
    }


def write_table(out: Path, results: Sequence[CellResult]) -> None:
    """Write them all; the file is whole or not there."""
    part = out.with_name(out.name + ".part")
    rows = [row(result) for result in results]
    if out.suffix == ".parquet":
        arrow, parquet = (
            need("pyarrow", "sweep", "--output"),
            need("pyarrow.parquet", "sweep", "--output"),
        )
        columns = {name: [each[name] for each in rows] for name in rows[0]}
        types = [(name, arrow.string() if name in _TEXTS else arrow.int64()) for name in columns]
        parquet.write_table(arrow.table(columns, schema=arrow.schema(types)), part)
    else:
        with part.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    part.replace(out)


_TEXTS = ("flow", "stall", "verdict", "says")
