"""The folder of findings: one file for each cause, `quecsim-findings/<cause>.toml`.

A file that is there is replaced only by a smaller case of the same cause.
"""

from dataclasses import dataclass
from itertools import count
from pathlib import Path

from quecsim.errors import QuecsimError
from quecsim.files import create_private
from quecsim.fuzz.case import case_text, load_case
from quecsim.fuzz.reduce import size
from quecsim.scenario.schema import Scenario

DEFAULT_FOLDER = Path("quecsim-findings")


@dataclass(frozen=True, slots=True)
class Saved:
    """Where a case lies. `is_new` is False where one at least as small was there already."""

    path: Path
    is_new: bool


def save(case: Scenario, folder: Path) -> Saved:
    """Write the case of a finding into `folder`. Raises QuecsimError where that cannot be."""
    assert case.case is not None
    path = _place(case, folder)
    if _is_as_small(path, case):
        return Saved(path, is_new=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with create_private(path) as file:
            file.write(case_text(case).encode())
    except OSError as error:
        raise QuecsimError(
            f"cannot write {path}: {error.strerror}", hint="name another folder with --findings"
        ) from None
    return Saved(path, is_new=True)


def _place(case: Scenario, folder: Path) -> Path:
    """`<cause>.toml`; with a number where another host's case, or no case, has that name."""
    assert case.case is not None
    for number in count(1):
        ending = "" if number == 1 else f"-{number}"
        path = folder / f"{case.case.cause}{ending}.toml"
        old = _old(path)
        if not path.exists() or (old is not None and _host_of(old) == _host_of(case)):
            return path
    raise AssertionError("numbers do not end")


def _is_as_small(path: Path, case: Scenario) -> bool:
    old = _old(path)
    return old is not None and size(old) <= size(case)


def _old(path: Path) -> Scenario | None:
    """The case that is there; None where there is none that could be read."""
    try:
        return load_case(path)
    except QuecsimError:
        return None


def _host_of(case: Scenario) -> tuple[object, object]:
    assert case.case is not None
    return case.case.function, case.case.program
