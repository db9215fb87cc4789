"""What the FILE commands share: names, and the storage's errors as +CME numbers."""

from quecsim.at.results import AtError, Cme
from quecsim.commands.context import Context
from quecsim.flash.ufs import UfsError, UfsFault, check_name

SOURCE = "BG96 FILE AT Commands Manual V1.0"
PREFIX = "UFS:"

_CME = {
    UfsFault.NOT_FOUND: Cme.FILE_NOT_FOUND,
    UfsFault.EXISTS: Cme.FILE_EXISTS,
    UfsFault.NO_SPACE: Cme.NO_SPACE,
    UfsFault.TOO_MANY_OPEN: Cme.MAX_OPEN_FILES,
    UfsFault.ALREADY_OPEN: Cme.ALREADY_OPEN,
    UfsFault.BAD_NAME: Cme.INVALID_FILE_NAME,
    UfsFault.READ_ONLY: Cme.FILE_READ_ONLY,
    UfsFault.INVALID: Cme.INVALID_INPUT,
    UfsFault.IO: Cme.WRITE_FAILED,
    UfsFault.CORRUPT: Cme.OPEN_FAILED,
}


def at_error(error: UfsError) -> AtError:
    """The result code that a storage error becomes."""
    return AtError(_CME[error.kind])


def plain_name(text: str) -> str:
    """`UFS:x`, `ufs:/x` and `x` are the same file: without storage and leading slash."""
    name = text[len(PREFIX) :] if text[: len(PREFIX)].upper() == PREFIX else text
    return name.removeprefix("/")


def file_name(context: Context, text: str) -> str:
    """The name of a file that can exist. Raises AtError 406 for one that cannot.

    Other storages (`RAM:`, `SD:`) hold a colon, which no name may.
    """
    name = plain_name(text)
    try:
        check_name(name, context.profile.files.name_bytes)
    except UfsError as error:
        raise at_error(error) from None
    return name


def listed_name(context: Context, name: str) -> str:
    """A name as QFLST and QFOPEN? print it."""
    return f"{PREFIX}{name}" if context.profile.files.list_prefix else name
