"""What a device says during a firmware upgrade: `+QIND: "FOTA","UPDATING",7` and the like.

    FotaStep, FotaUrc       one such message
    parse(line)             the message in a line, even with a damaged beginning; None if none
    FotaTalk                listens for them, and keeps what they say in an UploadResult

Around a reboot a UART loses or makes up bytes, so only the part from `"FOTA"` on must be whole.
Numbers of errors: EC200x&EG912Y Series FOTA Application Note V1.1, chapters 4.3 and 4.4; 505, 507,
552 and 553 are in its successor, the DFOTA upgrade guide V1.5.
"""

import re
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from quecsim.host.at_client import AtClient, Patience, is_final
from quecsim.host.data_phase import Progress
from quecsim.host.plan import UploadResult

URC = re.compile(r'"FOTA"\s*,\s*"\s*(\w+)\s*"(?:\s*,\s*(\d+))?')

MAX_UNREAD = 1000

FILE_ERRORS = {500: "the package did not arrive whole"}
UPGRADE_ERRORS = {
    504: "the upgrade failed",
    505: "the package was checked and is not good",
    506: "the MD5 of the package is wrong: bytes are missing or changed",
    507: "the package is for another firmware version",
    552: "the package is for another project",
    553: "the package is for another baseline",
}


class FotaStep(StrEnum):
    """The steps of an upgrade, in order."""

    FILESTART = "FILESTART"
    DOWNLOADING = "DOWNLOADING"
    FILEEND = "FILEEND"
    START = "START"
    UPDATING = "UPDATING"
    END = "END"


@dataclass(frozen=True, slots=True)
class FotaUrc:
    """One message; `number` is a progress or an error, None where there is none."""

    step: FotaStep
    number: int | None


def parse(line: str) -> FotaUrc | None:
    """The message in `line`, if there is one that we know."""
    match = URC.search(line)
    if match is None or match[1].upper() not in FotaStep.__members__:
        return None
    return FotaUrc(FotaStep(match[1].upper()), int(match[2]) if match[2] else None)


class FotaTalk:
    """What the device has said so far; `updated` is called with (number, highest number)."""

    def __init__(
        self, client: AtClient, result: UploadResult, update_urcs: int, updated: Progress
    ) -> None:
        self.client = client
        self.result = result
        self.update_urcs = update_urcs
        self.updated = updated
        self.refusal = ""
        self._unread: deque[FotaStep] = deque(maxlen=MAX_UNREAD)
        self._updates = 0

    @property
    def is_updated(self) -> bool:
        """Whether the last of the UPDATING messages has come."""
        return self.result.updating == 100 or 0 < self.update_urcs <= self._updates

    def await_step(self, steps: Collection[FotaStep], seconds: float) -> FotaStep | None:
        """The next of `steps` that the device tells of; None when none comes, or it refuses."""
        patience = Patience(seconds)
        while True:
            while self._unread:
                if (step := self._unread.popleft()) in steps:
                    return step
            if self.refusal or (line := self.client.read_line(patience)) is None:
                return None
            self._hear(line)

    def hear_waiting(self) -> bool:
        """Take in what has come already; whether the device wants no more bytes."""
        while (line := self.client.next_line()) is not None:
            self._hear(line)
        return bool(self.refusal) or FotaStep.FILEEND in self._unread

    def _hear(self, line: str) -> None:
        """Note what one line says."""
        urc, result = parse(line), self.result
        if urc is None:
            if is_final(line) and line != "OK" and not result.connected:
                self.refusal = line
            return
        self._unread.append(urc.step)
        match urc.step:
            case FotaStep.FILESTART:
                result.connected = True
            case FotaStep.DOWNLOADING:
                result.downloading = urc.number
            case FotaStep.FILEEND:
                result.file_error = urc.number
            case FotaStep.UPDATING:
                self._hear_update(urc.number or 0)
            case FotaStep.END:
                result.upgrade_error = urc.number
            case FotaStep.START:
                pass

    def _hear_update(self, number: int) -> None:
        """Note the progress. The number is a percentage, or counts up to what we asked for."""
        self.result.updating = number
        self._updates += 1
        counts = number == self._updates and self.update_urcs
        self.updated(number, self.update_urcs if counts else 100)
