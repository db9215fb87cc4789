"""Messages for people: one readable text each, without a traceback.

    QuecsimError            what the user can mend, and how: exit code 2
    InternalError           the simulator itself has failed: where the record is; exit code 70

The host's faults are result codes (`quecsim.at.results.AtError`); our own are assertions, which
become an InternalError where a program runs that is not to be blamed for it.
"""


def printable(text: str) -> str:
    """The text without what a terminal would obey: a file may have put it there."""
    return "".join(char if _is_plain(char) else repr(char)[1:-1] for char in text)


def _is_plain(char: str) -> bool:
    """Also a byte of a file's name that is no UTF-8 (`os.fsdecode`): output knows what to do."""
    return char.isprintable() or char in "\n\t" or "\udc80" <= char <= "\udcff"


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
        return printable(f"{place}{self.message}{advice}")


class InternalError(Exception):
    """An assertion of ours does not hold: the run is over, and says nothing about the host.

    `what` is the assertion and its place, `record` the trace up to there; empty: there is none.
    """

    def __init__(self, what: str, *, record: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.record = record

    def __str__(self) -> str:
        record = f"\n  the record up to there: {self.record}" if self.record else ""
        return (
            f"the simulator has failed: {self.what}{record}"
            "\n  This is a mistake of quecsim and not of your program: please report it, with the"
            " record."
        )
