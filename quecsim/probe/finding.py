"""What a step of a probe has found out about one value of a profile, or why it could not."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """`value` of the profile's `key` (`files.upload_timeout`), in the terms of its schema.

    `method` says in a few words how it was measured, in `runs` tries. A value that is a number may
    be known to lie from `low` to `high`. A `value` of None was not measured: `why_not` says why.
    `is_in_part`: only some of a table was, and the rest is the nearest profile's.
    """

    key: str
    value: Any
    method: str
    runs: int = 1
    low: Any = None
    high: Any = None
    why_not: str = ""
    is_in_part: bool = False

    @property
    def is_measured(self) -> bool:
        """Whether there is a value."""
        return not self.why_not


def not_measured(key: str, why_not: str) -> Finding:
    """`key` could not be measured."""
    return Finding(key, None, "", 0, why_not=why_not)


class NotMeasuredError(Exception):
    """What a step is about cannot be measured on this module; the message says why."""


class SilentError(NotMeasuredError):
    """The module does not answer any more."""


class ModuleRestartedError(NotMeasuredError):
    """The module has gone through a reset: all is as after its start."""
