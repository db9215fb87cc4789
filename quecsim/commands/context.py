"""What a command's handler can see and do: settings, storage, open files, the device's levers."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Protocol

from quecsim.at.results import AtError, Cme
from quecsim.commands.settings import Settings
from quecsim.flash.ufs import Ufs, UfsFile
from quecsim.profiles.schema import Fota, Profile, Radio, Secure


class Control(Protocol):
    """The device's levers that commands may pull."""

    def restart(self, now_ns: int) -> None:
        """Restart the device (AT+CFUN=1,1)."""

    def power_down(self, now_ns: int, *, announce: bool) -> None:
        """Switch off (AT+QPOWD); `announce` prints the farewell."""

    def apply_line(self, now_ns: int) -> None:
        """Make the line follow the settings (AT+IPR, AT+ICF, AT+IFC)."""

    def send_urc_later(self, now_ns: int, delay_ns: int, text: str) -> None:
        """Send an unsolicited result code at `now_ns + delay_ns`."""

    def cancel_urcs(self, now_ns: int, texts: Collection[str]) -> None:
        """Forget those of `texts` that are not due yet."""


@dataclass(slots=True)
class OpenFile:
    """A file opened with AT+QFOPEN. `name` is with its storage, unless that is UFS."""

    name: str
    mode: int
    file: UfsFile


@dataclass(slots=True)
class Handles:
    """The files that are open, by the number the host knows them by."""

    first: int
    most: int
    files: dict[int, OpenFile] = field(default_factory=dict)

    def add(self, opened: OpenFile) -> int:
        """Give it the lowest free number."""
        assert len(self.files) < self.most
        number = next(n for n in range(self.first, self.first + self.most) if n not in self.files)
        self.files[number] = opened
        return number

    @property
    def is_full(self) -> bool:
        """No more files can be opened."""
        return len(self.files) >= self.most

    def get(self, number: int) -> OpenFile:
        """The open file. Raises AtError 416 for a number that is not in use."""
        if number not in self.files:
            raise AtError(Cme.INVALID_HANDLE)
        return self.files[number]

    def is_open(self, name: str) -> bool:
        """True if the file of that name is open under any number."""
        return any(opened.name == name for opened in self.files.values())


@dataclass(slots=True)
class Context:
    """One device's state as its commands see it.

    `disks` are the storages of the FILE commands by their prefix; "UFS" is always there. `revision`
    is that of the firmware that runs now.
    """

    profile: Profile
    settings: Settings
    kept: Settings
    disks: dict[str, Ufs]
    handles: Handles
    control: Control
    port_name: str
    revision: str
    functionality: int = 1

    @property
    def ufs(self) -> Ufs:
        """The storage on the flash."""
        return self.disks["UFS"]


# Parts of a profile that a command's family makes sure of (quecsim.profiles.rules).


def radio(context: Context) -> Radio:
    """The cellular part."""
    assert context.profile.radio is not None
    return context.profile.radio


def fota(context: Context) -> Fota:
    """The firmware upgrade."""
    assert context.profile.fota is not None
    return context.profile.fota


def secure(context: Context) -> Secure:
    """The certificate store."""
    assert context.profile.secure is not None
    return context.profile.secure
