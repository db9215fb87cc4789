"""When the simulator itself fails: the record up to there is kept, and one message says whose fault
it is. Whoever runs a host program stops it.
"""

import contextlib
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from quecsim.errors import InternalError, QuecsimError
from quecsim.live.simulator import Simulator
from quecsim.trace.jsonl import TraceWriter


@contextmanager
def failures_told(simulator: Simulator, trace: str | Path | None = None) -> Iterator[None]:
    """What fails inside is raised as InternalError; `trace` is where the record is anyway."""
    try:
        yield
    except (
        QuecsimError,
        OSError,
    ):  # the user's mistake; a full disk, or nobody who reads
        raise
    except Exception as error:
        with contextlib.suppress(Exception):  # what has happened before is told, if it can be
            simulator.collect()
        raise InternalError(_what(error), record=_record(simulator, trace)) from error


def _what(error: Exception) -> str:
    place = traceback.extract_tb(error.__traceback__)[-1]
    text = str(error).partition("\n")[0]
    said = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return f"{said} ({Path(place.filename).name}, line {place.lineno}, in {place.name})"


def _record(simulator: Simulator, trace: str | Path | None) -> str:
    """The place of the record; empty where it cannot be written."""
    if trace is not None:
        return str(trace)
    with contextlib.suppress(OSError):
        number, path = tempfile.mkstemp(prefix="quecsim-failure-", suffix=".jsonl")
        with open(number, "wb") as file:  # noqa: PTH123 - it is open already
            TraceWriter(file).write(event for _, event in simulator.log.since())
        return path
    return ""
