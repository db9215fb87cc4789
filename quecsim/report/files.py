"""Which files fell short: the last upload of each name decides, and writes by handle add up."""

from collections.abc import Sequence

from quecsim.report.model import Upload, Verdict
from quecsim.trace.kinds import WRITE_BY_HANDLE

MOST_NAMES = 10_000
"""How many short files are told apart; one more can no longer be made good."""


_THERE = (Verdict.INTACT, Verdict.SURPLUS)


def is_there(upload: Upload) -> bool:
    """All that was announced is stored, as the host sent it."""
    return upload.verdict in _THERE


def same_file(uploads: Sequence[Upload]) -> Sequence[Upload]:
    """The last of `uploads`, and the writes by handle before it into the file that was open."""
    last = uploads[-1]
    if last.write <= 1:
        return uploads[-1:]
    writes = uploads[-last.write :]
    is_one = all((u.name, u.write) == (last.name, n) for n, u in enumerate(writes, 1))
    return writes if is_one else uploads[-1:]


def deciding(uploads: Sequence[Upload]) -> Upload:
    """Of the uploads of one file that which says what became of it: the last one, or of several
    writes by handle the last that fell short.
    """
    return next((each for each in reversed(same_file(uploads)) if not is_there(each)), uploads[-1])


def by_file(uploads: Sequence[Upload]) -> list[list[Upload]]:
    """Uploads one by one, but for writes by handle into one file that all went well together."""
    files: list[list[Upload]] = []
    for upload in uploads:
        before = files[-1] if files else []
        if upload.write > 1 and before and _goes_on(before[-1], upload):
            before.append(upload)
        else:
            files.append([upload])
    return files


def _goes_on(before: Upload, upload: Upload) -> bool:
    is_next = (before.name, before.write + 1) == (upload.name, upload.write)
    return is_next and before.verdict is upload.verdict is Verdict.INTACT


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
        """Of some file, the last upload did not bring all of it."""
        return self._has_nameless or self._has_more or bool(self._short)

    def renew(self, name: str) -> None:
        """The file was opened or deleted: earlier writes to it no longer count."""
        if name in self._short:
            self._renewed.add(name)

    def finish(self, upload: Upload, *, is_named: bool) -> None:
        """An upload is over. One that was refused without a name is made good by any other."""
        is_short = upload.verdict not in _THERE
        if not is_named:
            self._has_nameless = True
            return
        self._has_nameless = self._has_nameless and is_short
        adds_up = upload.command == WRITE_BY_HANDLE and upload.name not in self._renewed
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
