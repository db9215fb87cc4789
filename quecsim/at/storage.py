"""What the FILE commands share: where a file is, its names, and the storage's errors as +CME."""

from collections.abc import Callable
from dataclasses import dataclass

from quecsim.at.context import Context
from quecsim.at.results import AtError, Cme
from quecsim.flash.disk import Disk
from quecsim.flash.labels import FLASH, MEMORY, joined, split_spelling, system_name
from quecsim.flash.names import check_name, check_pattern, sayable
from quecsim.flash.ufs import Ufs, UfsError, UfsFault
from quecsim.profiles.schema import Files

SOURCE = "BG96 FILE AT Commands Manual V1.0"
_WIRELESS_SOURCE = "FCM242D&FGM842D AT Commands Manual"
PREFIX = f"{FLASH}:"

_CME = {
    UfsFault.NOT_FOUND: Cme.FILE_NOT_FOUND,
    UfsFault.EXISTS: Cme.FILE_EXISTS,
    UfsFault.NO_SPACE: Cme.NO_SPACE,
    UfsFault.ALREADY_OPEN: Cme.ALREADY_OPEN,
    UfsFault.BAD_NAME: Cme.INVALID_FILE_NAME,
    UfsFault.READ_ONLY: Cme.FILE_READ_ONLY,
    UfsFault.INVALID: Cme.INVALID_INPUT,
    UfsFault.OPEN_FAILED: Cme.OPEN_FAILED,
    UfsFault.READ_FAILED: Cme.READ_FAILED,
    UfsFault.WRITE_FAILED: Cme.WRITE_FAILED,
    UfsFault.DELETE_FAILED: Cme.DELETE_FAILED,
    UfsFault.LIST_FAILED: Cme.LIST_FAILED,
    UfsFault.COUNT_FAILED: Cme.DISK_INFO_FAILED,
    UfsFault.CORRUPT: Cme.OPEN_FAILED,
}


def file_source(cellular_only: str = "") -> Callable[[Context], str]:
    """The document of a FILE command that cellular and Wi-Fi devices have; what else is known of
    the `cellular_only` goes with the manual of those.
    """
    cellular = f"{SOURCE}; {cellular_only}" if cellular_only else SOURCE
    return lambda context: cellular if context.profile.wireless is None else _WIRELESS_SOURCE


def at_error(error: UfsError) -> AtError:
    """The result code that a storage error becomes."""
    return AtError(_CME[error.kind])


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file is, or would be: on which storage (`UFS`, `RAM`), under which name."""

    disk: Disk
    storage: str
    name: str

    @property
    def label(self) -> str:
        """The name by which the device keeps the file apart from all others that can be said."""
        return joined(self.storage, sayable(self.name))


def plain_name(text: str) -> str:
    """`UFS:x`, `ufs:/x` and `x` are the same file: without storage and leading slash."""
    storage, name = split_spelling(text)
    return name if storage == FLASH else text


def split_name(context: Context, text: str) -> tuple[str, str]:
    """(storage, plain name); names without a storage that the device has are on the flash."""
    storage, name = split_spelling(text)
    return (storage, name) if storage in context.disks else (FLASH, text)


def place_of(context: Context, text: str) -> Place:
    """Where the file of that name is or would be. Raises AtError 406 for a name that cannot be.

    Storages that the device does not have (`SD:`) leave a colon, which no name may hold.
    """
    storage, name = split_name(context, text)
    try:
        check_file_name(context.profile.files, name, storage)
    except UfsError as error:
        raise at_error(error) from None
    return Place(context.disks[storage], storage, name)


def pattern_of(context: Context, text: str) -> tuple[str, str]:
    """(storage, pattern) of what a list is asked for. Raises AtError 406 where it can be no name,
    whatever stands for its `*` and `?`.
    """
    storage, pattern = split_name(context, text)
    files = context.profile.files
    try:
        check_pattern(
            pattern or "*", files.name_bytes, has_directories=_has_directories(files, storage)
        )
    except UfsError as error:
        raise at_error(error) from None
    return storage, pattern or "*"


def check_file_name(files: Files, name: str, storage: str = FLASH) -> None:
    """Raise `UfsError` (BAD_NAME) unless a file of that device can be called so."""
    check_name(name, files.name_bytes, has_directories=_has_directories(files, storage))


def name_hint(files: Files) -> str:
    """What a user may call a file on UFS."""
    slash = "" if _has_directories(files, FLASH) else "/ "
    return f'Use UFS: and 1 to {files.name_bytes} characters without {slash}\\ : * ? " < > |.'


def _has_directories(files: Files, storage: str) -> bool:
    return storage == FLASH and files.directories != "none"


def surviving_bytes(ufs: Ufs, label: str) -> int:
    """How much of the file with that label is on the flash, after the power has gone."""
    storage, colon, _ = label.partition(":")
    try:
        if not colon:
            return ufs.stat(label) or 0
        return 0 if storage == MEMORY else ufs.system_size(system_name(label)) or 0
    except UfsError:  # it may be there, but nothing gives it out
        return 0


def listed_name(context: Context, label: str) -> str:
    """A file's label as QFLST and QFOPEN? print it."""
    has_prefix = context.profile.files.list_prefix and ":" not in label
    return f"{PREFIX}{label}" if has_prefix else label
