"""Two revisions on one machine, in turn: `python -m benchmarks compare --against PATH_OR_REV`.

Both are measured by the benchmarks of this tree, but for those that reach into the package: a tree
brings its own of them. One round of this tree follows one of the other,
again and again, so that what else the machine does hits both; the ratios are taken round by round.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measure import median_ratio, spread

_TOP = Path(__file__).parents[1]
_PATIENCE_S = 3600
_REACHES_IN = re.compile(r"^(from|import) quecsim\b", re.MULTILINE)
_Results = dict[str, dict[str, Any]]


def main(arguments: list[str]) -> int:
    """0: measured; 2: the other revision cannot be had, or does not run."""
    options = _options(arguments)
    with (
        tempfile.TemporaryDirectory(prefix="quecsim-compare-") as folder,
        _tree(options.against, Path(folder) / "tree") as other,
    ):
        ours = _bench(Path(folder) / "this", _TOP)
        theirs = _bench(Path(folder) / "other", other)
        rounds = []
        for number in range(options.rounds):
            print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
            rounds.append((_measure(ours, options), _measure(theirs, options)))
    compared = list(_compared(rounds))
    if options.json:
        print(json.dumps(compared))
    else:
        _show(compared)
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks compare", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="benchmarks; all without any")
    parser.add_argument(
        "--against", required=True, metavar="PATH_OR_REV", help="a tree or a commit"
    )
    parser.add_argument("--rounds", type=int, default=3, help="of each; the median counts (3)")
    parser.add_argument("--json", action="store_true", help="the results as JSON")
    parser.add_argument("--quick", action="store_const", const="--quick", dest="size")
    parser.add_argument("--tiny", action="store_const", const="--tiny", dest="size")
    return parser.parse_args(arguments)


@contextmanager
def _tree(against: str, place: Path) -> Iterator[Path]:
    """The other tree: the folder of that name, or the commit, checked out at `place`."""
    if (Path(against) / "quecsim").is_dir():
        yield Path(against).resolve()
        return
    git = ["git", "-C", str(_TOP), "worktree"]
    made = subprocess.run([*git, "add", "--detach", str(place), against], capture_output=True)
    if made.returncode:
        _fail(
            f"{against} is neither a tree of quecsim nor a commit: {made.stderr.decode().strip()}"
        )
    try:
        yield place
    finally:
        subprocess.run([*git, "remove", "--force", str(place)], check=False, capture_output=True)


def _bench(place: Path, tree: Path) -> Path:
    """A folder with the benchmarks beside the package of `tree`."""
    place.mkdir()
    shutil.copytree(_TOP / "benchmarks", place / "benchmarks")
    for file in (tree / "benchmarks").glob("*.py"):
        if _REACHES_IN.search(file.read_text()):
            shutil.copyfile(file, place / "benchmarks" / file.name)
    (place / "quecsim").symlink_to(tree / "quecsim", target_is_directory=True)
    return place


def _measure(place: Path, options: argparse.Namespace) -> _Results:
    size = [options.size] if options.size else []
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--json", *size, *options.names],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(place)},
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
    )
    if not done.stdout:
        last = done.stderr.strip().splitlines()[-1:] or ["it says nothing"]
        _fail(f"{place.name} tree: {last[0]}")
    return {result["name"]: result for result in json.loads(done.stdout)["results"]}


def _compared(rounds: list[tuple[_Results, _Results]]) -> Iterator[dict[str, Any]]:
    for name, result in rounds[0][0].items():
        pairs = [
            (ours[name]["value"], theirs[name]["value"])
            for ours, theirs in rounds
            if name in ours and name in theirs
        ]
        measured = [pair for pair in pairs if pair[1]]
        yield {
            "name": name,
            "unit": result["unit"],
            "is_more_better": result["is_more_better"],
            "this": median(ours for ours, _ in pairs) if pairs else result["value"],
            "other": median(theirs for _, theirs in pairs) if pairs else None,
            "ratio": median_ratio(measured) if measured else None,
            "spread": spread(measured) if measured else "",
        }


def _show(compared: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("", "this", "other", "", "this / other", "better is", "")
    for row in compared:
        other = "" if row["other"] is None else f"{row['other']:.4g}"
        ratio = "" if row["ratio"] is None else f"{row['ratio']:.3g}"
        way = "more" if row["is_more_better"] else "less"
        table.add_row(
            row["name"], f"{row['this']:.4g}", other, row["unit"], ratio, way, row["spread"]
        )
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def _fail(text: str) -> None:
    print(f"benchmarks: {text}", file=sys.stderr)
    sys.exit(2)
