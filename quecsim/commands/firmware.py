"""The firmware that the device runs: its revision, and whether an upgrade was torn by a power cut.

Kept in system files on the flash, so that an image remembers it. A device whose upgrade was torn
does not start any more ("cannot be restored", EC200x&EG912Y Series FOTA Application Note V1.1,
chapter 5), until somebody puts the firmware back from outside (`restore`).
"""

from quecsim.flash.ufs import Ufs
from quecsim.profiles.schema import Profile

_REVISION = "firmware-revision"
_UPGRADING = "firmware-upgrading"


def revision(ufs: Ufs, profile: Profile) -> str:
    """What ATI shows: the profile's revision, until an upgrade put another in its place."""
    stored = ufs.read_system(_REVISION) if profile.fota is not None else None
    return profile.identity.revision if stored is None else stored.decode("ascii")


def begin_upgrade(ufs: Ufs) -> None:
    """The old firmware is being overwritten from here on."""
    ufs.write_system(_UPGRADING, b"1")


def end_upgrade(ufs: Ufs, new_revision: str | None) -> None:
    """The firmware is whole again: a new one, or (None) the old one."""
    if new_revision is not None:
        ufs.write_system(_REVISION, new_revision.encode("ascii"))
    ufs.delete_system(_UPGRADING)


def is_broken(ufs: Ufs, profile: Profile) -> bool:
    """Power went during an upgrade: there is no firmware to start."""
    return profile.fota is not None and ufs.system_size(_UPGRADING) is not None


def restore(ufs: Ufs) -> None:
    """Put the profile's firmware back, as a factory does."""
    ufs.delete_system(_UPGRADING)
    ufs.delete_system(_REVISION)
