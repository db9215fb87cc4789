"""Where cells are run: in this process, in several of this machine, or on a Dask cluster.

`run_all` yields results in whatever order they are done; each is the same wherever it was made.
"""

import multiprocessing
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any

import quecsim
from quecsim.errors import QuecsimError
from quecsim.sweep.cell import Cell
from quecsim.sweep.work import CellResult, run_cell, run_cells

_MOST_IN_A_BATCH = 8
_BATCHES_PER_WORKER = 8
_REACH_S = 10


def run_all(
    cells: Sequence[Cell], *, jobs: int = 1, dask: str | None = None
) -> Iterator[CellResult]:
    """Run all cells by `jobs` processes, or on the cluster at `dask`; results as they come."""
    if not cells:
        return iter(())
    if dask is not None:
        return _on_cluster(cells, dask)
    if jobs == 1 or len(cells) == 1:
        return map(run_cell, cells)
    return _by_processes(cells, min(jobs, len(cells)))


def batches(cells: Sequence[Cell], workers: int) -> list[list[Cell]]:
    """Cells in portions: enough of them to keep all busy, few enough to travel cheaply."""
    size = max(1, min(_MOST_IN_A_BATCH, len(cells) // (workers * _BATCHES_PER_WORKER)))
    return [list(cells[start : start + size]) for start in range(0, len(cells), size)]


def _by_processes(cells: Sequence[Cell], jobs: int) -> Iterator[CellResult]:
    """Each worker gets a batch, and the next one when it has answered."""
    waiting = deque(batches(cells, jobs))
    workers = _start_workers(jobs)
    idle, busy = list(workers), list[_Worker]()
    try:
        while waiting or busy:
            while waiting and idle:
                busy.append(idle.pop())
                busy[-1].line.send(waiting.popleft())
            ready = wait([worker.line for worker in busy])
            for worker in [worker for worker in busy if worker.line in ready]:
                yield from worker.answer()
                busy.remove(worker)
                idle.append(worker)
    finally:
        for worker in workers:
            worker.stop()


@dataclass(frozen=True, slots=True)
class _Worker:
    """A process and our end of the pipe to it."""

    process: SpawnProcess
    line: "Connection[list[Cell], list[CellResult] | Exception]"

    def answer(self) -> list[CellResult]:
        """What it has to say; raises what went wrong there."""
        try:
            answer = self.line.recv()
        except EOFError:
            hint = "give fewer --jobs; if that does not help, --jobs 1 shows what it is"
            raise QuecsimError("a process of the sweep has died", hint=hint) from None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def stop(self) -> None:
        """At once: it holds nothing that we want."""
        self.process.kill()
        self.process.join()
        self.line.close()


def _start_workers(jobs: int) -> list[_Worker]:
    """New interpreters, deaf to Ctrl-C from their first moment: that is the parent's business."""
    can_block = hasattr(signal, "pthread_sigmask")  # inherited; not on Windows
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if can_block else None
    try:
        return [_start_worker() for _ in range(jobs)]
    finally:
        if before is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start_worker() -> _Worker:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _serve(line: "Connection[list[CellResult] | Exception, list[Cell]]") -> None:
    """A worker's life: batches in, results out, until the other end is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            batch = line.recv()
        except EOFError:
            return
        try:
            line.send(run_cells(batch))
        except Exception as error:
            line.send(error)


# the cluster


def _on_cluster(cells: Sequence[Cell], address: str) -> Iterator[CellResult]:
    distributed = need("distributed", "dask", "--dask")
    client = _connect(distributed, address)
    futures: list[Any] = []
    try:
        workers = _check_workers(client, address)
        portions = batches(cells, workers)
        futures = client.map(run_cells, portions, pure=False)
        done = distributed.as_completed(futures, loop=client.loop, with_results=True)
        for _, results in done:
            yield from results
    finally:
        client.cancel(futures)
        client.close()


def need(module: str, extra: str, option: str) -> Any:
    """A module of one of our extras. Raises QuecsimError where it is not installed."""
    try:
        return import_module(module)
    except ImportError:
        hint = f"pip install 'quecsim[{extra}]'"
        raise QuecsimError(f"{option} needs {module.partition('.')[0]}", hint=hint) from None


def _connect(distributed: Any, address: str) -> Any:
    try:
        return distributed.Client(address, timeout=_REACH_S, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise QuecsimError(
            f"no Dask scheduler at {address}: {error or type(error).__name__}",
            hint="give the address that `dask scheduler` prints, for instance tcp://10.0.0.5:8786",
        ) from None


def _check_workers(client: Any, address: str) -> int:
    """How many threads the workers have; every worker must have this quecsim."""
    threads: dict[str, int] = client.nthreads()
    if not threads:
        hint = f"start one: dask worker {address}"
        raise QuecsimError(f"the cluster at {address} has no workers", hint=hint)
    hint = f"install quecsim {quecsim.__version__} on every worker"
    try:
        versions = set(client.run(version).values())
    except Exception as error:
        raise QuecsimError(f"a worker cannot load quecsim: {error}", hint=hint) from None
    if versions != {quecsim.__version__}:
        other = ", ".join(sorted(versions - {quecsim.__version__}))
        raise QuecsimError(f"a worker has quecsim {other}", hint=hint)
    return sum(threads.values())


def version() -> str:
    """Which quecsim runs here."""
    return quecsim.__version__
