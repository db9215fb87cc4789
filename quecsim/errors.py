"""The user's mistakes: one readable message each, that says what to do next.

    QuecsimError            anything the user can mend: shown without a traceback, exit code 2

The host's faults are result codes (`quecsim.at.results.AtError`); our own are assertions.
"""


class QuecsimError(Exception):
    """A mistake in what the user asked for.

    `message` says what is wrong, `where` in which file and line (or option), `hint` what to do.
    """

    def __init__(self, message: str, *, hint: str = "", where: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f"\n  {self.hint}" if self.hint else ""
        return f"{place}{self.message}{advice}"
