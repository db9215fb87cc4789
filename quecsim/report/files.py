"""Which files fell short: the last upload of each name decides, and writes by handle add up."""

from quecsim.report.model import Upload, Verdict


class FileStates:
    """Fed with every finished upload; `fell_short` is the sum."""

    def __init__(self) -> None:
        self._is_short: dict[str, bool] = {}
        self._is_renewed: set[str] = set()
        self._has_nameless = False

    @property
    def fell_short(self) -> bool:
        """For any file, the last upload was not intact."""
        return self._has_nameless or any(self._is_short.values())

    def renew(self, name: str) -> None:
        """The file was opened or deleted: earlier writes to it no longer count."""
        self._is_renewed.add(name)

    def finish(self, upload: Upload, *, is_named: bool) -> None:
        """An upload is over. One that was refused without a name is made good by any other."""
        is_short = upload.verdict is not Verdict.INTACT
        if not is_named:
            self._has_nameless = True
            return
        self._has_nameless = self._has_nameless and is_short
        adds_up = upload.command == "+QFWRITE" and upload.name not in self._is_renewed
        self._is_renewed.discard(upload.name)
        before = self._is_short.get(upload.name, False)
        self._is_short[upload.name] = is_short or (adds_up and before)
