"""What a check has kept of a failure, found again: the trace, and the judgement beside it.

A report of any trace looks here, and most were kept by nobody: what judges is imported for those
that were.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from quecsim.errors import QuecsimError

if TYPE_CHECKING:
    from quecsim.check.results import CheckRun

TRACE, OUTPUT, JUDGEMENT = "trace.jsonl", "program.log", "judgement.json"
"""The files of such a folder: the record, what the program said, what the check said."""

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


def judged_run(trace: Path) -> "CheckRun | None":
    """The run that a check has judged, where its judgement lies beside its trace."""
    if trace.name != TRACE:
        return None
    from quecsim.check.results import CheckRun

    try:
        return msgspec.json.decode((trace.parent / JUDGEMENT).read_bytes(), type=CheckRun)
    except (OSError, msgspec.DecodeError):  # none there, or by another version
        return None
