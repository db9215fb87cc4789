"""Saleae's Async Serial analyser: the table that Logic 2 exports, one row a byte,

    name,type,start_time,duration,data,error
    "host","data",0.0006025,0.000086,0x41

and the older export of Logic 1, one wire a file:

    Time [s],Value,Parity Error,Framing Error
    0.000019680000000,0x41,,
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from quecsim.captures.cells import cell_byte, is_decimal, is_numeric
from quecsim.captures.channels import reader
from quecsim.captures.file import CaptureFile
from quecsim.captures.opened import Opened, Options, Piece, Tally
from quecsim.captures.stamps import clock_ns, seconds_ns
from quecsim.errors import QuecsimError
from quecsim.trace.setup import Lack
from quecsim.units import S

_SAMPLE_ROWS = 500
_BITS = 10
_ONE_WIRE = "wire"


@dataclass(frozen=True, slots=True)
class Columns:
    """Where what stands; -1: nowhere. `parity` and `framing` are Logic 1's, `error` Logic 2's."""

    time: int
    data: int
    name: int = -1
    type: int = -1
    duration: int = -1
    error: int = -1
    parity: int = -1
    framing: int = -1
    count: int = 0


def columns(header: list[str]) -> Columns | None:
    """Those of a table of Saleae's; None: it is none."""
    place = {name.strip().lower(): index for index, name in enumerate(header)}
    if {"name", "type", "start_time", "data"} <= place.keys():
        return Columns(
            place["start_time"], place["data"], place["name"], place["type"],
            place.get("duration", -1), place.get("error", -1), count=len(header),
        )  # fmt: skip
    if {"time [s]", "value"} <= place.keys():
        return Columns(
            place["time [s]"], place["value"], parity=place.get("parity error", -1),
            framing=place.get("framing error", -1), count=len(header),
        )  # fmt: skip
    return None


def recognize(file: CaptureFile) -> int:
    """2: it is one, 0: it is none."""
    return 2 if columns(_row(file.head_lines()[0])) is not None else 0


def open_saleae(file: CaptureFile, options: Options) -> Opened:
    """Raises QuecsimError: no such table, or nobody can say which channel is the host."""
    found = columns(_row(file.head_lines()[0]))
    if found is None:
        raise QuecsimError(
            "this is no table of Saleae's", where=str(file.path),
            hint="in Logic 2: the three dots beside Data, Export Table; its first line is"
            " name,type,start_time,duration,data",
        )  # fmt: skip
    cells, is_clock = _sample(file, found)
    byte_ns = _BITS * S // options.baud if options.baud else 0
    read = partial(_pieces, file, found, is_decimal(cells), byte_ns)
    heard, sides = reader(read, options, str(file.path))
    lacks: list[Lack] = ["modem-lines", *([] if options.baud else ["line"])]  # type: ignore[list-item]
    notes = list(sides.notes)
    if not is_numeric(cells):
        lacks.append("exact-bytes")
        notes.append(
            "bytes are characters here; shown as hexadecimal before the export, none is lost"
        )
    return Opened(
        read=heard, lacks=tuple(lacks), baud=options.baud, has_byte_times=True, is_clock=is_clock,
        notes=tuple(notes),
    )  # fmt: skip


def _row(line: str) -> list[str]:
    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        return []


def _sample(file: CaptureFile, found: Columns) -> tuple[list[str], bool]:
    """The first cells with bytes, and whether times are moments of a clock."""
    cells, stamp = [], ""
    for row in _rows(file, found, Tally()):
        cells.append(row[found.data])
        stamp = stamp or row[found.time]
        if len(cells) == _SAMPLE_ROWS:
            break
    return cells, ":" in stamp


def _rows(file: CaptureFile, found: Columns, tally: Tally) -> Iterator[list[str]]:
    """The rows of bytes; what else analysers have written is left out."""
    lines = (line.decode(errors="replace") for line in file.whole_lines(tally))
    table = csv.reader(lines)
    row: list[str] | None = None
    try:
        next(table, None)
        for row in table:
            if len(row) < found.count - 1 or len(row) <= max(found.time, found.data):
                if row:
                    tally.bad(f"line {table.line_num}")
            elif found.type < 0 or row[found.type] == "data":
                yield row
    except csv.Error:
        tally.bad(f"line {table.line_num}")


def _pieces(
    file: CaptureFile, found: Columns, decimal: bool, byte_ns: int, tally: Tally
) -> Iterator[Piece]:
    number = 1
    for number, row in enumerate(_rows(file, found, tally), 2):
        try:
            stamp = row[found.time]
            at_ns = clock_ns(stamp) if ":" in stamp else seconds_ns(stamp)
            if found.duration >= 0:
                at_ns += seconds_ns(row[found.duration])
            else:
                at_ns += byte_ns
            byte = cell_byte(row[found.data], is_decimal=decimal)
        except ValueError:
            tally.bad(f"the row of byte {number - 1}")
            continue
        _count_errors(found, row, tally)
        yield Piece(at_ns, row[found.name] if found.name >= 0 else _ONE_WIRE, bytes((byte,)))


def _count_errors(found: Columns, row: list[str], tally: Tally) -> None:
    if found.error >= 0:
        if len(row) > found.error and (told := row[found.error]):
            if "parity" in told.lower():
                tally.parity_errors += 1
            else:
                tally.framing_errors += 1
        return
    if 0 <= found.parity < len(row) and row[found.parity]:
        tally.parity_errors += 1
    if 0 <= found.framing < len(row) and row[found.framing]:
        tally.framing_errors += 1
