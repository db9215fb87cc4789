"""`disk_full`: other files take nearly all of the flash's storage."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from quecsim.at.results import AtError, Cme
from quecsim.faults.armed import Armed
from quecsim.faults.fault import Fault, Options
from quecsim.faults.places import Places
from quecsim.faults.places.commands import CommandFaults, EffectFault
from quecsim.flash.ufs import Ufs, UfsError, UfsFault

FreeBytes = Annotated[int, Meta(ge=0, le=1 << 30)]
FILLER = "filler.bin"
_FIRST_BYTES = 1 << 12
_FULL = (Cme.NO_SPACE, Cme.DRIVE_FULL)


class DiskFull(Fault, frozen=True, kw_only=True, tag="disk_full"):
    """Other files leave about `free_bytes` of the flash's storage, from the start on.

    It counts as fired when a command meets the full storage.
    """

    FILLS_STORAGE: ClassVar[bool] = True
    CAN_RECUR: ClassVar[bool] = False
    ORDER: ClassVar[int] = 130
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = ({"free_bytes": 0}, {"free_bytes": 1000})
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = ({"free_bytes": (0, 1000, 10_000)},)

    free_bytes: FreeBytes = 0

    def words(self) -> str:
        """As in `about 5 bytes of the storage are free`."""
        return f"about {self.free_bytes} bytes of the storage are free"

    def prepare(self, ufs: Ufs) -> None:
        """Fill it with files that nobody else has."""
        while (size := ufs.free_bytes() - self.free_bytes) > 0:
            if not _fill(ufs, size):
                return

    def arm(self, armed: Armed, places: Places) -> None:
        """From the next command on."""
        places.commands.watch(_FullStorage(armed, places.commands))


def _fill(ufs: Ufs, size: int) -> bool:
    """One file of about `size` bytes; False where there is no room for another of any use."""
    number, name = 0, FILLER
    while ufs.stat(name) is not None:
        number += 1
        name = f"{number}-{FILLER}"
    while True:
        try:
            ufs.write_file(name, b"\xff" * size)
        except UfsError as error:  # littlefs wanted more for itself than was reckoned with
            if error.kind is not UfsFault.NO_SPACE:
                raise
            size //= 2
            if size < _FIRST_BYTES // 2:
                return False
        else:
            return True


@dataclass(slots=True)
class _FullStorage(EffectFault):
    armed: Armed
    commands: CommandFaults

    def failed(self, error: AtError | UfsError) -> None:
        shared = self.commands.shared
        if isinstance(error, UfsError):
            is_full = error.kind is UfsFault.NO_SPACE
        else:
            is_full = error.cme in (shared.profile.files.no_room_error, *_FULL)
        if is_full:
            self.armed.fire(shared.now_ns, "a command met the full storage")
