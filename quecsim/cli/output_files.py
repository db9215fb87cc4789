"""The files that a run writes: each needs one of its own."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

import click

from quecsim.errors import QuecsimError

payload_option = click.option(
    "--trace-payload",
    type=click.Choice(["full", "digest"]),
    default="full",
    show_default=True,
    help="digest: leave out of the trace what the host uploads, which may be a key.",
)


def refuse_same(files: Mapping[str, str | None]) -> None:
    """`files` by their options; None: there is none. Raises QuecsimError where two are the same,
    by whatever name: the later would empty the earlier. What is no regular file (/dev/null, a
    pipe) may be shared.
    """
    seen: dict[str, str] = {}
    for option, path in files.items():
        if path is None or path == "-" or not _is_regular(path):
            continue
        other = seen.setdefault(os.path.realpath(path), option)
        if other != option:
            raise QuecsimError(
                f"{option} would write over {path}, the file of {other}",
                hint=f"give {option} a file of its own",
            )


def _is_regular(path: str) -> bool:
    """It is one, or can become one."""
    try:
        return stat.S_ISREG(Path(path).stat().st_mode)
    except OSError:
        return True
