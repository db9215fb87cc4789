"""`quecsim sweep`: the same upload over a grid of settings, and which of them are safe.

Tables and words go to standard output, or `--json`; progress to standard error. Exit code 0: the
sweep was made. 1: cells that `--require-safe` asked for are not safe. 2: the user's mistake. 130:
Ctrl-C; what was done is kept in the side file of `--output`.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quecsim.cli import screen
from quecsim.cli.device_options import chosen, host_option, scenario_argument
from quecsim.cli.interrupt import Interrupt
from quecsim.cli.values import size
from quecsim.cli.words import Command, option
from quecsim.errors import QuecsimError
from quecsim.files import read_file

if TYPE_CHECKING:
    from quecsim.scenario.schema import Scenario
    from quecsim.sweep.cell import Cell, SweepJob
    from quecsim.sweep.grid import Grid
    from quecsim.sweep.journal import Journal
    from quecsim.sweep.work import CellResult

FELL_SHORT = 1
INTERRUPTED = 130
_AXES = ("chunk", "gap", "baud", "ring", "stall", "flow", "link", "latency", "packet")
_FEW_RUNS = 50  # below that, starting processes takes longer than the work


@click.command(cls=Command)
@scenario_argument
@click.option("--chunk", metavar="LIST", help="Sizes of a write: 64,256,1k.")
@click.option("--gap", metavar="LIST", help="Times from one write to the next: 0..100ms:20ms.")
@click.option("--baud", metavar="LIST", help="Rates of the line, on both ends.")
@click.option("--ring", metavar="LIST", help="Sizes of the device's receive ring: 4k,8k.")
@click.option("--stall", metavar="LIST", help="Stalls, as `quecsim run` has them, and none: "
              "none,every256:20..60ms:20ms.")  # fmt: skip
@click.option("--flow", metavar="LIST", help="Flow control on both ends: none,rtscts,xonxoff.")
@click.option("--link", metavar="LIST", help="Rates of the network's link, both ways: 10k,100k.")
@click.option("--latency", metavar="LIST", help="Its latency, one way: 30,100,300.")
@click.option("--packet", metavar="LIST", help="Sizes of packets, which stand in the dialogue of "
              "SCENARIO as {packet}.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), metavar="N", help="The first seed.")
@option("--repeat", old="--seeds", type=click.IntRange(1, 10_000), default=1, show_default=True,
        metavar="N", help="Run each cell N times, each with the next seed.")  # fmt: skip
@click.option("--flash", type=click.Choice(["typical", "worst", "drawn", "instant"]),
              help="How fast the flash is.  [default: as SCENARIO has it; worst without one; drawn "
              "with --repeat]")  # fmt: skip
@click.option("--ack", is_flag=True, help="ACK mode: wait for an `A` after each block.")
@click.option("--file", type=click.Path(path_type=Path), help="What is uploaded.")
@option("--size", "size_bytes", old="--bytes", type=size(1, 1 << 23),
        help="Upload so much.  [default: what SCENARIO uploads, or 64k]")  # fmt: skip
@host_option
@click.option("--jobs", type=click.IntRange(1, 512), metavar="N",
              help="Processes.  [default: one per CPU; few cells are run in this one]")  # fmt: skip
@click.option("--dask", metavar="ADDRESS", help="Run on the Dask cluster of this scheduler.")
@option("-o", "--output", old="--out", type=click.Path(path_type=Path), metavar="FILE",
        help="Results as .csv or .parquet; a sweep that was stopped goes on.")  # fmt: skip
@click.option("--plot", type=click.Path(path_type=Path), metavar="FILE",
              help="The heat map as .png or .svg.")  # fmt: skip
@click.option("--require-safe", "required", multiple=True, metavar="CELLS",
              help="Exit code 1 unless safe: all, or chunk<=512,gap>=40.")  # fmt: skip
@screen.quiet_option
@click.option("--json", "as_json", is_flag=True, help="The result as JSON on standard output.")
def sweep(**options: Any) -> int:
    """Which chunk sizes and delays are safe? Upload over a grid, in virtual time.

    Lists are numbers and ranges: 64,256,1024 or 0..100:20 or 0,10,20..100. Each combination is one
    upload to the device of SCENARIO (a file, the name of one that comes with quecsim, or a device);
    where that has a [journey] and no [claim], its dialogue is played instead. The answer is a heat
    map and the safe envelope in words. Without any list some usual chunks and gaps are
    tried, with and without RTS/CTS.
    """
    from quecsim.sweep.cell import make_cells
    from quecsim.sweep.grid import make_grid
    from quecsim.sweep.require import conditions

    for text in options["required"]:
        conditions(text)
    grid = make_grid({name: options[name] for name in _AXES}, options["repeat"])
    cells = make_cells(grid, _job(options))
    screen.say(f"{grid.size_text()}", "sweep")
    _check_outputs(options, grid)
    journal = _journal(options["output"], cells)
    results, is_whole = _run(cells, journal, options)
    return _finish(grid, cells, results, options) if is_whole else _stop(grid, results, journal)


def _job(options: dict[str, Any]) -> "SweepJob":
    """What all cells have in common."""
    from quecsim.sweep.cell import SweepJob
    from quecsim.sweep.user_host import find_host

    scenario = _scenario(options)
    data = _payload(scenario, options["file"], options["size_bytes"])
    host = find_host(options["host"]) if options["host"] else None
    if host is not None and options["ack"]:
        hint = "leave it out: whether your uploader uses ACK mode is its own business"
        raise QuecsimError("--ack makes no sense with --host", hint=hint)
    return SweepJob(scenario, data, ack=options["ack"], host=host)


def _scenario(options: dict[str, Any]) -> "Scenario":
    from quecsim.scenario.options import make_scenario

    flash = options["flash"]
    device, scenario = chosen(options["device"], options["scenario"])
    if flash is None and options["repeat"] > 1:
        flash = "drawn"
    elif flash is None and scenario is None:
        flash = "worst"
    return make_scenario(device, scenario, flash=flash, seed=options["seed"])


def _payload(scenario: "Scenario", file: Path | None, size_bytes: int | None) -> bytes | None:
    """The bytes to upload, if it is said which."""
    from quecsim.scenario.payload import firmware, payload_bytes

    if file is not None:
        return _read(file, size_bytes)
    if size_bytes is None:
        return None
    if scenario.claim is not None and scenario.claim.payload == "firmware":
        source = scenario.claim.source or scenario.device_profile.identity.revision
        return firmware(size_bytes, source, scenario.claim.target)
    bundle = payload_bytes("bundle")
    return (bundle * -(-size_bytes // len(bundle)))[:size_bytes]


def _read(file: Path, size_bytes: int | None) -> bytes:
    if size_bytes is not None:
        raise QuecsimError("--file and --size exclude each other", hint="give one of them")
    try:
        return read_file(file)
    except OSError as error:
        hint = "give the path of the file to upload"
        raise QuecsimError(f"cannot read {file}: {error.strerror}", hint=hint) from None


def _subject(cells: "Sequence[Cell]") -> str:
    """What is uploaded, how and to what, in one line."""
    first = cells[0]
    scenario, plan = first.scenario, first.plan
    if first.journey is not None:
        flash = scenario.flash.timing
        return (
            f"the dialogue of {scenario.name} with a {scenario.device_profile.title}, {flash} flash"
        )
    how = f"by {first.host.target}" if first.host else f"by {plan.via.command}"
    ack = " in ACK mode" if plan.ack and first.host is None else ""
    return (
        f"{len(plan.data)} bytes {how}{ack} to a {scenario.device_profile.title}, "
        f"{scenario.flash.timing} flash"
    )


def _check_outputs(options: dict[str, Any], grid: "Grid") -> None:
    """What cannot be written is told before anything is run."""
    if options["output"] is not None:
        from quecsim.sweep.table import check_format

        check_format(options["output"])
    if options["plot"] is not None:
        from quecsim.sweep.plot import check_plot

        check_plot(options["plot"], grid)


def _journal(out: Path | None, cells: "Sequence[Cell]") -> "Journal | None":
    if out is None:
        return None
    from quecsim.sweep.cell import fingerprint
    from quecsim.sweep.journal import Journal

    journal = Journal(out, fingerprint(cells), len(cells))
    if journal.done:
        screen.say(f"{len(journal.done)} cells are done already", "sweep")
    return journal


def _run(
    cells: "Sequence[Cell]", journal: "Journal | None", options: dict[str, Any]
) -> "tuple[list[CellResult], bool]":
    """Run what is not done yet: (results in the order of the grid, is that all of them)."""
    from quecsim.sweep.pool import run_all

    done = dict(journal.done) if journal else {}
    missing = [cell for cell in cells if cell.index not in done]
    runs = len(missing) * len(cells[0].seeds)
    jobs = options["jobs"] or (1 if runs < _FEW_RUNS else os.cpu_count() or 1)
    is_here = options["dask"] is None and (jobs == 1 or len(missing) == 1)
    try:
        with (
            _progress(len(cells), len(done)) as advance,
            Interrupt() if is_here else nullcontext() as interrupt,
        ):
            for result in run_all(missing, jobs=jobs, dask=options["dask"]):
                done[result.index] = result
                if journal is not None:
                    journal.add(result)
                advance()
                if interrupt is not None and interrupt.is_asked:
                    break
    except KeyboardInterrupt:
        pass
    finally:
        if journal is not None:
            journal.close()
    return [done[index] for index in sorted(done)], len(done) == len(cells)


@contextmanager
def _progress(total: int, done: int) -> Iterator[Callable[[], None]]:
    """A bar on standard error, if that is a terminal; called once for each cell."""
    if screen.is_quiet() or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("sweep", total=total, completed=done)
        yield lambda: bar.advance(task)


def _stop(grid: "Grid", results: "Sequence[CellResult]", journal: "Journal | None") -> int:
    """Ctrl-C: what is done is shown, and kept if there is a place for it."""
    if results:
        click.echo(_heat(grid, results))
    kept = f"kept in {journal.path}; the same command goes on" if journal else "nothing is kept"
    hint = "" if journal else " (--output FILE keeps it)"
    click.echo(
        f"\nquecsim sweep: stopped after {len(results)} of {grid.cell_count} cells; {kept}{hint}",
        err=True,
    )
    return INTERRUPTED


def _finish(
    grid: "Grid",
    cells: "Sequence[Cell]",
    results: "Sequence[CellResult]",
    options: dict[str, Any],
) -> int:
    """Write and tell everything; the exit code."""
    if options["output"] is not None:
        from quecsim.sweep.table import write_table

        write_table(options["output"], results)
        screen.say(f"{options['output']}: {len(results)} rows", "sweep")
    if options["plot"] is not None:
        from quecsim.sweep.plot import draw

        draw(options["plot"], grid, results, _subject(cells))
        screen.say(f"{options['plot']}: the heat map", "sweep")
    click.echo((_as_json if options["as_json"] else _as_text)(grid, cells, results))
    return _required(results, options["required"])


def _required(results: "Sequence[CellResult]", required: Sequence[str]) -> int:
    from quecsim.sweep.require import fell_short

    code = 0
    for text in required:
        short = fell_short(text, results)
        if short:
            code = FELL_SHORT
            first = ", ".join(f"{k} {v}" for k, v in short[0].settings.items() if v is not None)
            click.echo(
                f"quecsim sweep: --require-safe {text}: {_cells_are(len(short))} not safe, "
                f"the first of them {first}",
                err=True,
            )
    return code


def _cells_are(count: int) -> str:
    return "1 cell is" if count == 1 else f"{count} cells are"


def _heat(grid: "Grid", results: "Sequence[CellResult]") -> str:
    from rich.console import Console

    from quecsim.sweep.heat import heat_text

    console = Console()
    colour = console.is_terminal and console.color_system is not None and not console.no_color
    return heat_text(
        grid, results, colour=colour, width=max(console.width if console.is_terminal else 80, 80)
    )


def _as_text(grid: "Grid", cells: "Sequence[Cell]", results: "Sequence[CellResult]") -> str:
    from quecsim.sweep.envelope import envelope
    from quecsim.sweep.notes import assumed, notes

    leaned_on = assumed(results)
    head = f"{_subject(cells)}\n{_heat(grid, results)}"
    parts = [head, "\n".join(envelope(grid, results)), *notes(cells, results)]
    if leaned_on:
        parts.append("\n  ".join(["Assumed, not known:", *leaned_on]))
    return "\n\n".join(parts)


def _as_json(grid: "Grid", cells: "Sequence[Cell]", results: "Sequence[CellResult]") -> str:
    import json

    from quecsim.sweep.envelope import envelope
    from quecsim.sweep.notes import assumed, notes
    from quecsim.sweep.table import row

    whole = {
        "subject": _subject(cells),
        "axes": grid.axes,
        "seeds": grid.seeds,
        "safe_cells": sum(result.is_safe for result in results),
        "cells": [row(result) for result in results],
        "envelope": envelope(grid, results),
        "notes": notes(cells, results),
        "assumed": assumed(results),
    }
    return json.dumps(whole, indent=2)
