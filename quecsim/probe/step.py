"""One step of a probe: what it will do to the module, and the findings that come of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from quecsim.probe.bench import Bench
from quecsim.probe.finding import Finding

Run: TypeAlias = Callable[[Bench], Iterator[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a step needs of the module: `storage_bytes` free at a time, `written_bytes` in all (the
    flash wears), the `settings` that it changes and puts back (`AT+CMEE`), whether it restarts it.
    """

    storage_bytes: int = 0
    written_bytes: int = 0
    settings: tuple[str, ...] = ()
    restarts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`name` is what --only and --skip take, `title` says what it will do to the module.

    It takes about `seconds`. `keys` are those of the profile that it may find; what it has not
    found when it ends by an error is told as not measured. `run` raises NotMeasuredError where the
    module lacks what it needs. All that it changes is put back before the next one.
    """

    name: str
    title: str
    seconds: int
    keys: tuple[str, ...]
    run: Run
    needs: Needs = Needs()
    is_long: bool = False
