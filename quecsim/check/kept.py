"""What a check has kept of a failure, found again: the trace, and the judgement beside it."""

from pathlib import Path

import msgspec

from quecsim.check.attempt import TRACE
from quecsim.check.results import CheckRun
from quecsim.check.series import JUDGEMENT
from quecsim.errors import QuecsimError

_MOST_NAMED = 5


def trace_of(path: Path) -> Path:
    """The trace in a folder that a check has kept; a file is one itself.

    Raises QuecsimError for a folder without one, and for one that holds several such folders.
    """
    if not path.is_dir():
        return path
    if (path / TRACE).is_file():
        return path / TRACE
    kept = sorted(each.parent for each in path.glob(f"*/{TRACE}"))
    if len(kept) == 1:
        return kept[0] / TRACE
    if kept:
        named = ", ".join(str(each) for each in kept[:_MOST_NAMED])
        more = ", ..." if len(kept) > _MOST_NAMED else ""
        hint = f"name one of them: {named}{more}"
        raise QuecsimError(f"{path} holds {len(kept)} kept failures", hint=hint)
    hint = f"a folder that `quecsim check` has kept holds {TRACE}; `quecsim run --trace` writes one"
    raise QuecsimError(f"{path} holds no trace", hint=hint)


def judged_run(trace: Path) -> CheckRun | None:
    """The run that a check has judged, where its judgement lies beside its trace."""
    if trace.name != TRACE:
        return None
    try:
        return msgspec.json.decode((trace.parent / JUDGEMENT).read_bytes(), type=CheckRun)
    except (OSError, msgspec.DecodeError):  # none there, or by another version
        return None
