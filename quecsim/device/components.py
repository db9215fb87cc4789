"""The components that a device is made of, put together."""

from collections.abc import Callable, Sequence

from quecsim.at.clock import Clock, new_clock
from quecsim.at.context import Context, Control, Handles, Outside
from quecsim.at.effects import Steps
from quecsim.at.settings import Settings, factory_settings
from quecsim.at.spec import Catalogue
from quecsim.at.surroundings import Surroundings
from quecsim.commands import firmware
from quecsim.device.bearer_desk import BearerDesk
from quecsim.device.ble_desk import BleDesk
from quecsim.device.dataport import DataPort
from quecsim.device.flow_control import FlowControl
from quecsim.device.ledger import Ledger
from quecsim.device.lines import CommandLines
from quecsim.device.links import LinkDesk
from quecsim.device.reader import CommandReader
from quecsim.device.receiver import Receiver
from quecsim.device.responder import Responder
from quecsim.device.shared import Shared
from quecsim.device.transfers import Transfers
from quecsim.device.urcs import UrcDesk
from quecsim.device.wlan_desk import WlanDesk
from quecsim.faults.device_faults import DeviceFaults
from quecsim.flash.disk import Disk
from quecsim.flash.labels import FLASH, MEMORY
from quecsim.flash.nor import Nor
from quecsim.flash.ramdisk import RamDisk
from quecsim.flash.stall import AddedStall
from quecsim.flash.ufs import Ufs
from quecsim.flash.vault import Vault
from quecsim.profiles.schema import Profile
from quecsim.trace.recorder import Recorder
from quecsim.uart.port_kind import PortKind
from quecsim.uart.sender import Sender

_UNREAD = "the device fell asleep before it had read them"


class Components:
    """One device's components. They know the shared they sit on, and not each other."""

    def __init__(
        self,
        profile: Profile,
        catalogue: Catalogue,
        *,
        tx: Sender,
        nor: Nor,
        ufs: Ufs,
        stalls: Sequence[AddedStall],
        port: PortKind,
        record: Recorder,
        control: Control,
        may_speak: Callable[[], bool],
        outside: Outside,
        clock_s: int | None,
        has_network: bool,
        around: Surroundings,
    ) -> None:
        self.nor = nor
        self.control = control
        self._outside = outside
        self.powered: dict[str, tuple[int | str, ...]] = {}  # settings until the power goes
        self._catalogue = catalogue
        self.shared = _new_shared(profile, tx, record, port)
        shared = self.shared
        self._clock = _new_clock(shared, clock_s)
        self.bearer = BearerDesk(shared, control, self._clock, has_network=has_network).bearer
        self.wlan = None
        if profile.wifi is not None:
            self.wlan = WlanDesk(shared, control, profile.wifi, around).wlan
            self.wlan.has_network = has_network
        self.faults = DeviceFaults(shared, nor, record, self.data_taken)
        self.responder = Responder(
            shared,
            tx,
            record,
            profile.errors,
            faults=self.faults.replies,
        )
        self.reader = CommandReader(shared, self.responder)
        self.flow = FlowControl(shared)
        self.urcs = UrcDesk(shared, self.responder, may_speak)
        self.links = LinkDesk(shared, self.urcs)
        self.ble = BleDesk(shared, self.urcs, self.links)
        self.bearer.on_down.append(self.links.context_down)
        if self.wlan is not None:
            self.wlan.on_down.append(self.links.context_down)
        self.context = self.new_context(ufs, shared.settings, shared.settings.copy())
        self.transfers = Transfers(record, shared.ledger)
        self.data = DataPort(shared, stalls, self.faults, self.transfers, self.responder)
        self.lines = CommandLines(
            shared,
            catalogue,
            self.context,
            self.responder,
            self.transfers,
            self.faults.commands,
            self.faults.points,
        )

    def data_taken(self) -> int:
        """The bytes of data of the upload that runs; 0 without one."""
        return self.data.mode.taken if self.data.mode is not None else 0

    def new_context(self, ufs: Ufs, settings: Settings, kept: Settings) -> Context:
        """What commands see of a device that has just started."""
        profile = self.shared.profile
        ufs.owner = profile.identity.model
        return Context(
            profile,
            settings,
            kept,
            disks=_disks(profile, ufs),
            handles=Handles(profile.files.first_handle, profile.files.max_open_files),
            control=self.control,
            port_name=self.shared.port.urc_name,
            revision=firmware.revision(ufs, profile),
            outside=self._outside,
            powered=self.powered,
            vault=Vault(ufs, self.nor.seed) if profile.secure is not None else None,
            clock=self._clock,
            network=self.links,
            air=self.ble,
            bearer=self.bearer,
            wlan=self.wlan,
            commands=self._catalogue,
        )

    def be_up(self) -> None:
        """It has long been in its network."""
        self.bearer.be_up()
        if self.wlan is not None:
            self.wlan.station.be_up()

    def boot(self, delay_ns: int) -> None:
        """It looks for its network by itself, when it is ready in `delay_ns`."""
        self.bearer.boot(delay_ns)
        if self.wlan is not None:
            self.wlan.station.boot(delay_ns)

    def fall_asleep(self) -> None:
        """It sleeps: what it has heard of a line is gone, and its Wi-Fi may be."""
        shared = self.shared
        for offset, count in self.reader.reset():
            shared.receiver.lose(shared.now_ns, offset, count, "off", _UNREAD)
        shared.receiver.clear(shared.now_ns, "off", _UNREAD)
        if self.wlan is not None:
            self.wlan.fall_asleep()

    def wake_up(self) -> None:
        """It is awake again."""
        if self.wlan is not None:
            self.wlan.wake_up()

    def lose_network(self) -> None:
        """It goes down, and leaves its network."""
        self.bearer.go_dark()
        if self.wlan is not None:
            self.wlan.go_dark()

    def is_broken(self) -> bool:
        """There is no firmware that could start."""
        return firmware.is_broken(self.context.ufs, self.shared.profile)

    def firmware_state(self) -> str:
        """What the next start will find, in the words of the record; empty without upgrades."""
        if self.shared.profile.fota is None:
            return ""
        if self.is_broken():
            return "broken"
        return "whole" if firmware.pending(self.context.ufs) is None else "upgrade waits"

    def boot_job(self) -> Steps | None:
        """What the device does at the start, before it says that it is ready."""
        return self._catalogue.on_boot(self.context)


def _disks(profile: Profile, ufs: Ufs) -> dict[str, Disk]:
    """The storages of the FILE commands; what is in memory begins empty."""
    files = profile.files
    disks: dict[str, Disk] = {FLASH: ufs}
    if MEMORY in files.storages:
        disks[MEMORY] = RamDisk(files.ram_bytes, files.name_bytes)
    return disks


def _new_clock(shared: Shared, start_s: int | None) -> Clock:
    """The real-time clock, which goes on through restarts, and without power."""
    radio = shared.profile.radio
    network_date = None if radio is None else radio.network_time
    return new_clock(lambda: shared.now_ns, network_date, start_s)


def _new_shared(profile: Profile, tx: Sender, record: Recorder, port: PortKind) -> Shared:
    ledger, uart = Ledger(), profile.uart
    ring_bytes = port.ring_bytes(profile)
    receiver = Receiver(ring_bytes, uart.rts_off_bytes, uart.rts_on_bytes, ledger, record)
    settings = factory_settings(profile, port.urc_name)
    return Shared(profile, settings, port, record, ledger, tx, receiver)
