"""Run the benchmarks: `python -m benchmarks [--quick] [--json] [NAME ...]`."""

import argparse
import json
import platform
import signal
import sys
from collections.abc import Iterator
from importlib import import_module
from types import FrameType

from benchmarks import compare
from benchmarks.measure import Measurement
from benchmarks.sizes import FULL, QUICK, TINY, Sizes

_PATIENCE_S = 600  # a bound for a benchmark that hangs
_LONGER_S = {"blind": 3600}

# name -> module, imported when it is measured: an older tree may lack what another one needs
BENCHMARKS = {
    "virtual": "virtual_time",
    "tracing": "tracing",
    "sessions": "sessions",
    "bulk": "bulk",
    "roundtrip": "round_trip",
    "startup": "start_up",
    "idle": "idle",
    "pacing": "pacing",
    "rfc2217": "rfc2217",
    "log": "live_log",
    "page": "page",
    "ptys": "many_ptys",
    "network": "network",
    "sockets": "sockets",
    "gatt": "gatt",
    "ble": "ble",
    "reports": "reports",
    "tap": "tap",
    "explain": "explain",
    "blind": "blind",
}


def main() -> int:
    """0: all needs are met; 1: one is missed. See `compare` for what follows that word."""
    if sys.argv[1:2] == ["compare"]:
        return compare.main(sys.argv[2:])
    options = _options()
    sizes = TINY if options.tiny else QUICK if options.quick else FULL
    signal.signal(signal.SIGALRM, _give_up)
    results: list[Measurement] = []
    for name in options.names or BENCHMARKS:
        signal.alarm(_LONGER_S.get(name, _PATIENCE_S))
        for result in _measured(name, sizes):
            print(f"{result.name}: {result.value:.4g} {result.unit}", file=sys.stderr)
            results.append(result)
    signal.alarm(0)
    if options.json:
        print(json.dumps({"python": platform.python_version(), "machine": platform.platform(),
                          "results": [result.as_dict() for result in results]}))  # fmt: skip
    else:
        _show(results)
    return 0 if all(result.is_met for result in results) else 1


def _measured(name: str, sizes: Sizes) -> Iterator[Measurement]:
    measured: Iterator[Measurement] = import_module(f"benchmarks.{BENCHMARKS[name]}").measure(sizes)
    return measured


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="less of everything: about a minute")
    size.add_argument("--tiny", action="store_true", help="only show that each one runs")
    parser.add_argument("--json", action="store_true", help="the results as JSON")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark {unknown[0]!r}; there are {', '.join(BENCHMARKS)}")
    return options


def _show(results: list[Measurement]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("", "measured", "", "need", "aim", "", "from")
    table.columns[1].justify = "right"
    for result in results:
        marks = ("" if mark is None else f"{mark:g}" for mark in (result.need, result.aim))
        value = f"{result.value:.4g}"
        table.add_row(result.name, value, result.unit, *marks, result.verdict, result.detail)
    width = None if sys.stdout.isatty() else 160
    Console(width=width).print(table)


def _give_up(_number: int, _frame: FrameType | None) -> None:
    raise TimeoutError("a benchmark has hung")


if __name__ == "__main__":
    sys.exit(main())
