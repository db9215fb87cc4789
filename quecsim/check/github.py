"""What GitHub Actions shows of a check: a table in the step's summary, and a line for each failure.

GitHub tells by its environment that it is there: GITHUB_STEP_SUMMARY is a file for Markdown, and
with GITHUB_ACTIONS set it reads lines that begin with `::error`. It shows no JUnit file by itself.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

from quecsim.check.many import Outcome
from quecsim.check.table import markdown, rows
from quecsim.errors import QuecsimError


def tell_github(
    outcomes: Sequence[Outcome], environment: Mapping[str, str], stream: TextIO
) -> None:
    """Tell it, where it is there. Raises QuecsimError where its summary cannot be written."""
    if path := environment.get("GITHUB_STEP_SUMMARY"):
        try:
            with Path(path).open("a", encoding="utf-8") as summary:
                summary.write(markdown(outcomes) + "\n")
        except OSError as error:
            hint = "GITHUB_STEP_SUMMARY names it; unset that, where this is not GitHub"
            raise QuecsimError(f"cannot write {path}: {error.strerror}", hint=hint) from None
    if environment.get("GITHUB_ACTIONS") == "true":
        for scenario, result, file, why in rows(outcomes):
            if not result.startswith("passed"):
                title = _property(f"quecsim check {scenario}")
                text = _data(f"{result}{f' ({file})' if file else ''}: {why}")
                print(f"::error title={title}::{text}", file=stream)


def _data(text: str) -> str:
    """As the documentation of workflow commands has it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
