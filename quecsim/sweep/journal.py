"""What of a sweep is done, kept in a side file, so that an interrupted sweep goes on.

`results.csv` has the side file `results.csv.cells`: a first line that names the sweep, then one
line of JSON for each finished cell, in the order they were finished. The last line may be cut
short, by a crash or a full disk: that cell is run again.
"""

from pathlib import Path
from typing import IO

import msgspec

from quecsim.errors import QuecsimError
from quecsim.files import read_file
from quecsim.sweep.work import CellResult

SUFFIX = ".cells"
_MOST_BYTES = 1 << 30


class _JournalHead(msgspec.Struct, frozen=True):
    sweep: str
    cells: int


class Journal:
    """The side file of the results file `out`; `done` is what it holds, by index.

    Raises QuecsimError if it belongs to another sweep, or if there are results without it.
    """

    def __init__(self, out: Path, sweep: str, cell_count: int) -> None:
        self.path = out.with_name(out.name + SUFFIX)
        self.done: dict[int, CellResult] = {}
        head = _JournalHead(sweep, cell_count)
        try:
            if self.path.exists():
                self._file = self._reopened(out, head)
            else:
                _check_absent(out)
                self._file = self.path.open("xb")
                self._write(head)
        except OSError as error:
            hint = "name another file with --output"
            raise QuecsimError(f"cannot write {self.path}: {error.strerror}", hint=hint) from None

    def add(self, result: CellResult) -> None:
        """Keep one more result."""
        self.done[result.index] = result
        self._write(result)

    def close(self) -> None:
        """Nothing more comes."""
        self._file.close()

    def _write(self, record: msgspec.Struct) -> None:
        self._file.write(msgspec.json.encode(record) + b"\n")
        self._file.flush()

    def _reopened(self, out: Path, head: _JournalHead) -> IO[bytes]:
        whole, _, _ = read_file(self.path, _MOST_BYTES).rpartition(b"\n")
        first, *rest = whole.split(b"\n")
        try:
            is_same = msgspec.json.decode(first, type=_JournalHead) == head
            results = [msgspec.json.decode(line, type=CellResult) for line in rest]
        except msgspec.DecodeError:
            is_same = False
        if not is_same:
            raise QuecsimError(
                f"{self.path} belongs to another sweep (or another version, payload or host)",
                hint=f"name another file with --output, or delete {out.name} and {self.path.name}",
            )
        self.done = {result.index: result for result in results}
        file = self.path.open("r+b")
        file.truncate(len(whole) + 1)
        file.seek(0, 2)
        return file


def _check_absent(out: Path) -> None:
    """Results without their side file are not ours to replace."""
    if out.exists():
        hint = "name another file with --output, or delete it"
        raise QuecsimError(f"{out} is there already", hint=hint)
