"""What a command's handler can see and do: settings, storage, open files, the device's levers."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from quecsim.at.bearer import Bearer
from quecsim.at.ble import Air
from quecsim.at.clock import Clock
from quecsim.at.effects import Steps
from quecsim.at.network import Named, Network
from quecsim.at.results import AtError, Cme, Tcpip
from quecsim.at.settings import Settings
from quecsim.at.wlan import Wlan
from quecsim.flash.disk import Disk, DiskFile
from quecsim.flash.ufs import Ufs
from quecsim.flash.vault import Vault
from quecsim.profiles.schema import (
    Ble,
    Certificates,
    Fota,
    Ftp,
    Mqtt,
    Profile,
    Radio,
    Secure,
    TcpIp,
    Wifi,
    Wireless,
)

if TYPE_CHECKING:
    from quecsim.at.spec import Command


class Control(Protocol):
    """The device's levers that commands may pull."""

    def restart(self, now_ns: int) -> None:
        """Restart the device (AT+CFUN=1,1)."""

    def power_down(self, now_ns: int, *, announce: bool) -> None:
        """Switch off (AT+QPOWD); `announce` prints the farewell."""

    def sleep(self, now_ns: int, *, is_deep: bool) -> None:
        """Sleep until a pin goes up (AT+QSCLK); out of a deep sleep it starts anew."""

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
    file: DiskFile


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


@dataclass(frozen=True, slots=True)
class Outside:
    """What the device cannot know by itself.

    `accepted_packages`: firmware packages that are not in our format, the MD5 of the file as 32 hex
    digits to the revision that it brings. `protocol_download(context, length)` goes on where the
    documents leave off: it drives the data of AT+QFOTADL="FILE:<length>",2 after the 010003.
    """

    accepted_packages: Mapping[str, str] = field(default_factory=dict)
    protocol_download: "Callable[[Context, int], Steps] | None" = None


def _still_clock() -> Clock:
    return Clock(lambda: 0)


def _no_bearer() -> Bearer:
    return Bearer(None, None)


@dataclass(slots=True)
class Context:
    """One device's state as its commands see it.

    `disks` are the storages of the FILE commands by their prefix; "UFS" is always there. `revision`
    is that of the firmware that runs now; `outside` is what the run knows better than the device.
    `vault` holds the certificates, where the device has a place of their own for them.
    `tcpip_error` is how the last TCP/IP command ended. `session` holds what lasts until a restart,
    whatever AT&W, ATZ and AT&F do; `powered` what lasts until the power goes.
    `network` is the device's side of the border, `air` that of Bluetooth LE, `clients` those that
    commands have made so far, by name. `bearer`, `wlan` and `clock` go through restarts. `commands`
    are all that the device has.
    """

    profile: Profile
    settings: Settings
    kept: Settings
    disks: dict[str, Disk]
    handles: Handles
    control: Control
    port_name: str
    revision: str
    outside: Outside = field(default_factory=Outside)
    vault: Vault | None = None
    functionality: int = 1
    tcpip_error: Tcpip = Tcpip.NONE
    messages_sent: int = 0
    session: dict[str, tuple[int | str, ...]] = field(default_factory=dict)
    powered: dict[str, tuple[int | str, ...]] = field(default_factory=dict)
    clock: Clock = field(default_factory=_still_clock)
    bearer: Bearer = field(default_factory=_no_bearer)
    wlan: Wlan | None = None
    network: Network | None = None
    air: Air | None = None
    clients: dict[str, Named] = field(default_factory=dict)
    commands: "Iterable[Command]" = ()

    @property
    def ufs(self) -> Ufs:
        """The storage on the flash."""
        disk = self.disks["UFS"]
        assert isinstance(disk, Ufs)
        return disk


# Parts of a profile that a command's family makes sure of (quecsim.profiles.rules).


def radio(context: Context) -> Radio:
    """The cellular part."""
    assert context.profile.radio is not None
    return context.profile.radio


def tcpip(context: Context) -> TcpIp:
    """The device's own TCP/IP."""
    assert context.profile.tcpip is not None
    return context.profile.tcpip


def calendar_s(context: Context) -> int:
    """What the device's clock says, in seconds since 1970, UTC."""
    return context.clock.calendar_s()


def is_registered(context: Context) -> bool:
    """At home, or roaming."""
    return context.bearer.is_registered


def fota(context: Context) -> Fota:
    """The firmware upgrade."""
    assert context.profile.fota is not None
    return context.profile.fota


def mqtt(context: Context) -> Mqtt:
    """The MQTT clients."""
    assert context.profile.mqtt is not None
    return context.profile.mqtt


def secure(context: Context) -> Secure:
    """The certificate store."""
    assert context.profile.secure is not None
    return context.profile.secure


def certificates(context: Context) -> Certificates:
    """What AT+QSSLCERT takes."""
    assert context.profile.certificates is not None
    return context.profile.certificates


def ftp(context: Context) -> Ftp:
    """The FTP commands."""
    assert context.profile.ftp is not None
    return context.profile.ftp


def vault(context: Context) -> Vault:
    """The certificates themselves."""
    assert context.vault is not None
    return context.vault


def network(context: Context) -> Network:
    """The device's side of the border."""
    assert context.network is not None
    return context.network


def air(context: Context) -> Air:
    """The device's side of Bluetooth LE."""
    assert context.air is not None
    return context.air


def bluetooth(context: Context) -> Ble:
    """What its Bluetooth LE is like."""
    assert context.profile.ble is not None
    return context.profile.ble


def wireless(context: Context) -> Wireless:
    """The Wi-Fi and Bluetooth part."""
    assert context.profile.wireless is not None
    return context.profile.wireless


def wifi(context: Context) -> Wifi:
    """What its Wi-Fi is like."""
    assert context.profile.wifi is not None
    return context.profile.wifi


def wlan(context: Context) -> Wlan:
    """Where its Wi-Fi stands."""
    assert context.wlan is not None
    return context.wlan
