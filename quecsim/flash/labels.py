"""Labels: one name for each file of a device, whichever way the host spells it.

    x, UFS:x, ufs:/x            x               a file on the flash
    RAM:x, ram:/x               RAM:x           a file or certificate in memory
    NVRAM:CA0, nvram:ca0        NVRAM:CA0       a certificate, in the system file `nvram-ca0`

Only the names of slots are the same in capitals; all others are told apart by case.
"""

FLASH = "UFS"
MEMORY = "RAM"
SLOTS = "NVRAM"


def split_spelling(text: str) -> tuple[str, str]:
    """(storage, name) of what the host calls `text`; what names no known storage is on UFS."""
    storage, colon, name = text.partition(":")
    storage = storage.upper()
    if not colon or storage not in (FLASH, MEMORY, SLOTS):
        return FLASH, text.removeprefix("/")
    name = name.removeprefix("/")
    return storage, name.upper() if storage == SLOTS else name


def joined(storage: str, name: str) -> str:
    """The label of a file on that storage."""
    return name if storage == FLASH else f"{storage}:{name}"


def label_of(text: str) -> str:
    """The label of what the host calls `text`, whether or not there can be such a file."""
    return joined(*split_spelling(text))


def system_name(label: str) -> str:
    """The system file that holds what `label` (`NVRAM:CA0`, `FOTA:package`) names."""
    return label.lower().replace(":", "-")
