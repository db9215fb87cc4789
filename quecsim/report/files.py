"""Which files fell short: the last upload of each name decides, and writes by handle add up."""

from quecsim.report.model import Upload, Verdict

MOST_NAMES = 10_000
"""How many short files are told apart; one more can no longer be made good."""


class FileStates:
    """Fed with every finished upload; `fell_short` is the sum.

    Only short files are remembered, so that a long run of uploads that went well takes no room. A
    short file that is deleted stays one until it is uploaded again: its upload did fall short.
    """

    def __init__(self) -> None:
        self._short: set[str] = set()
        self._renewed: set[str] = set()  # of the short ones: opened or deleted since
        self._has_nameless = False
        self._has_more = False

    @property
    def fell_short(self) -> bool:
        """For any file, the last upload was not intact."""
        return self._has_nameless or self._has_more or bool(self._short)

    def renew(self, name: str) -> None:
        """The file was opened or deleted: earlier writes to it no longer count."""
        if name in self._short:
            self._renewed.add(name)

    def finish(self, upload: Upload, *, is_named: bool) -> None:
        """An upload is over. One that was refused without a name is made good by any other."""
        is_short = upload.verdict is not Verdict.INTACT
        if not is_named:
            self._has_nameless = True
            return
        self._has_nameless = self._has_nameless and is_short
        adds_up = upload.command == "+QFWRITE" and upload.name not in self._renewed
        self._renewed.discard(upload.name)
        if is_short:
            self._add(upload.name)
        elif not adds_up:
            self._short.discard(upload.name)

    def _add(self, name: str) -> None:
        if name in self._short or len(self._short) < MOST_NAMES:
            self._short.add(name)
        else:
            self._has_more = True
