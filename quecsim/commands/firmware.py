"""The firmware on the device: its revision, a package for the next, and an upgrade in progress.

All of it is kept in system files on the flash, so that an image remembers it. A device whose
upgrade was torn by a power cut does not start any more ("cannot be restored", EC200x&EG912Y Series
FOTA Application Note V1.1, chapter 5), until somebody puts the firmware back from outside
(`restore`).
"""

from quecsim.firmware.package import is_revision
from quecsim.flash.labels import system_name
from quecsim.flash.ufs import OpenMode, Ufs, UfsError, UfsFile
from quecsim.profiles.schema import Profile

PACKAGE_LABEL = "FOTA:package"

_REVISION = "firmware-revision"
_UPGRADING = "firmware-upgrading"  # there while the old firmware is being overwritten
# There when a package waits for a restart: how many URCs it will say, and of a file its name.
_PENDING = "fota-pending"
_PACKAGE = system_name(PACKAGE_LABEL)

# How many messages the host may want of a download or an upgrade (EC200x&EG912Y Series FOTA
# Application Note V1.1, 3.2.1).
URC_COUNTS = (0, *range(5, 101))
_COUNTS = {str(count): count for count in URC_COUNTS}


def revision(ufs: Ufs, profile: Profile) -> str:
    """What ATI shows: the profile's revision, until an upgrade put another in its place."""
    stored = ufs.read_system_line(_REVISION) if profile.fota is not None else ""
    return stored if is_revision(stored) else profile.identity.revision


def is_broken(ufs: Ufs, profile: Profile) -> bool:
    """Power went during an upgrade, and left no firmware to start (`fota.cut_breaks`).

    What a damaged flash does not give out says nothing against the firmware, which is not on it.
    """
    try:
        breaks = profile.fota is not None and profile.fota.cut_breaks
        return breaks and ufs.system_size(_UPGRADING) is not None
    except UfsError:
        return False


def restore(ufs: Ufs) -> None:
    """Put the profile's firmware back, as a factory does."""
    drop_package(ufs)
    for name in (_REVISION, _UPGRADING):
        ufs.delete_system(name)


# the package


def create_package(ufs: Ufs) -> UfsFile:
    """A new and empty package file."""
    return ufs.create_system(_PACKAGE)


def open_package(ufs: Ufs, name: str = "") -> UfsFile:
    """The package, for reading: the file of that name, or the one that was downloaded."""
    return ufs.open(name, OpenMode.READ_ONLY) if name else ufs.open_system(_PACKAGE)


def drop_package(ufs: Ufs) -> None:
    """Remove the downloaded package, and what was to be done with it or a file."""
    ufs.delete_system(_PENDING)
    ufs.delete_system(_PACKAGE)


def postpone(ufs: Ufs, update_urcs: int, name: str = "") -> None:
    """The package waits for the next start: the file of that name, or the downloaded one."""
    what = f"{update_urcs} {name}" if name else str(update_urcs)
    ufs.write_system(_PENDING, what.encode("ascii"))


def pending(ufs: Ufs) -> tuple[int, str] | None:
    """How many UPDATING messages the upgrade says that waits for this start, and the name of its
    package's file ("": it was downloaded); None: none waits.
    """
    stored = ufs.read_system_line(_PENDING)  # "" also when power went before it was written
    count, _, name = stored.partition(" ")
    return (_COUNTS[count], name) if count in _COUNTS else None


# the upgrade


def begin_upgrade(ufs: Ufs) -> None:
    """The old firmware is being overwritten from here on."""
    ufs.write_system(_UPGRADING, b"1")


def end_upgrade(ufs: Ufs, new_revision: str) -> None:
    """The new firmware is whole, and the package has done its work."""
    ufs.write_system(_REVISION, new_revision.encode("ascii"))
    drop_package(ufs)
    ufs.delete_system(_UPGRADING)


def forget_upgrade(ufs: Ufs) -> None:
    """There is none: what a power cut has left of one goes, with its package."""
    drop_package(ufs)
    ufs.delete_system(_UPGRADING)
