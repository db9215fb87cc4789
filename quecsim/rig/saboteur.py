"""Does the faults of a run: arms each where it belongs, and what is due by the clock itself."""

from collections.abc import Sequence

from quecsim.device import Device
from quecsim.errors import QuecsimError
from quecsim.faults.rules import checked
from quecsim.faults.spec import (
    BitError,
    Break,
    DiskFull,
    DropBytes,
    ExistingFile,
    Fault,
    InsertBytes,
    LineFault,
    PowerCutFault,
    ResetFault,
    RtsStuck,
    UrcFault,
)
from quecsim.flash.labels import FLASH, split_spelling
from quecsim.flash.ufs import Ufs, UfsError, check_name
from quecsim.rig.agenda import Agenda
from quecsim.rig.hold import HostHold
from quecsim.rig.inbound import Inbound
from quecsim.rig.outbound import Outbound
from quecsim.trace.event import FaultInjected
from quecsim.trace.recorder import Recorder
from quecsim.units import format_ns, ms

FILLER = "filler.bin"
_FIRST_BYTES = 1 << 12


class Saboteur:
    """Owns the agenda of a rig. `is_idle`: the run has no fault, so there is nothing to ask."""

    def __init__(
        self,
        device: Device,
        inbound: Inbound,
        outbound: Outbound,
        hold: HostHold,
        agenda: Agenda,
        record: Recorder,
    ) -> None:
        self.is_idle = True
        self._device = device
        self._trouble = device.trouble
        self._tally = device.trouble.tally
        self._inbound = inbound
        self._outbound = outbound
        self._hold = hold
        self._agenda = agenda
        self._record = record

    def begin(self, now_ns: int, faults: Sequence[Fault]) -> None:
        """The faults of a scenario; what has to be on the flash is there already."""
        for fault in faults:
            self._arm(self._tally.add(checked(fault)), fault, now_ns)

    def inject(self, now_ns: int, fault: Fault) -> int:
        """One more, which counts times and bytes from now. Returns its number.

        Raises QuecsimError where it cannot be.
        """
        ufs = self._device.context.ufs
        _check_file(ufs, checked(fault))
        with self._trouble.cuts.paused():
            prepare(ufs, [fault])
        index = self._tally.add(fault)
        self._record.add(FaultInjected(now_ns, index, fault))
        self._arm(index, fault, now_ns)
        return index

    def next_ns(self) -> int | None:
        """When something is due."""
        if self.is_idle:
            return None
        agenda_ns, noise_ns = self._agenda.next_ns(), self._outbound.next_ns()
        if agenda_ns is None or noise_ns is None:
            return noise_ns if agenda_ns is None else agenda_ns
        return min(agenda_ns, noise_ns)

    def act(self, now_ns: int) -> None:
        """Do what is due now."""
        self._outbound.collect(now_ns)
        if self._agenda.next_ns() == now_ns:
            self._agenda.act()

    def follow(self) -> None:
        """The device has come to where a fault takes its power, or has it start anew."""
        for fault in self._trouble.power.take():
            self._do_power(self._device.now_ns, fault)

    def points(self) -> dict[str, int]:
        """What the run has had so far that a fault could hit."""
        return {
            "byte": self._inbound.passed,
            "byte_to_host": self._outbound.passed,
            **self._tally.points,
            "flash_op": self._trouble.cuts.done,
        }

    def _arm(self, index: int, fault: Fault, now_ns: int) -> None:
        self.is_idle = False
        at_ms = getattr(fault, "at_ms", None)
        if at_ms is not None:
            self._agenda.add(now_ns + ms(at_ms), lambda at_ns: self._at_time(at_ns, index, fault))
        elif isinstance(fault, BitError | DropBytes | InsertBytes | Break):
            self._arm_line(index, fault)
        elif isinstance(fault, RtsStuck):
            self._arm_rts(index, fault, now_ns + ms(fault.from_ms))
        else:
            self._device.arm(index, fault)

    def _arm_line(self, index: int, fault: LineFault) -> None:
        way = self._inbound if fault.direction == "to_device" else self._outbound
        way.noise.arm(index, fault, way.passed)

    def _arm_rts(self, index: int, fault: RtsStuck, from_ns: int) -> None:
        go = fault.state == "go"
        self._agenda.add(from_ns, lambda at_ns: self._hold.stick(at_ns, index, go=go))
        if fault.for_ms is not None:
            end_ns = from_ns + ms(fault.for_ms)
            self._agenda.add(end_ns, lambda at_ns: self._hold.come_loose(at_ns, index))

    def _at_time(self, now_ns: int, index: int, fault: Fault) -> None:
        place = f"at {format_ns(now_ns)}"
        if isinstance(fault, Break):
            way = self._inbound if fault.direction == "to_device" else self._outbound
            host = " to the host" if fault.direction == "to_host" else ""
            what = f"a break of {fault.break_ms} ms {place}{host}"
            self._tally.fire(index, now_ns, what)
            way.break_line(now_ns, fault.break_ms)
        elif isinstance(fault, UrcFault):
            self._device.send_urc(index, fault.text, now_ns, place)
        elif isinstance(fault, PowerCutFault | ResetFault):
            self._power_at(now_ns, index, fault, place)

    def _power_at(
        self, now_ns: int, index: int, fault: PowerCutFault | ResetFault, place: str
    ) -> None:
        device = self._device
        can = device.can_reset if isinstance(fault, ResetFault) else device.has_power
        if can:
            self._trouble.power.happen(index, fault, now_ns, place)
            self._trouble.power.take()
            self._do_power(now_ns, fault)

    def _do_power(self, now_ns: int, fault: PowerCutFault | ResetFault) -> None:
        if isinstance(fault, ResetFault):
            self._device.reset(now_ns)
            return
        self._device.lose_power(now_ns)
        if fault.off_ms is not None:
            self._agenda.add(now_ns + ms(fault.off_ms), self._device.power_back)


def _check_file(ufs: Ufs, fault: Fault) -> None:
    """Raises QuecsimError for a file that cannot be put there; changes nothing on the flash."""
    if not isinstance(fault, ExistingFile):
        return
    name, data = _file(fault)
    hint = "name another file, or a smaller one"
    try:
        check_name(name, ufs.name_bytes)
    except UfsError as error:
        raise QuecsimError(f"{fault.kind} cannot be: {error}", hint=hint) from None
    if any(file.name == name for file in ufs.open_files()):
        raise QuecsimError(f"{fault.kind} cannot be: {fault.name} is open", hint=hint)
    if len(data) > ufs.free_bytes():
        raise QuecsimError(f"{fault.kind} cannot be: there is no room for it", hint=hint)


def _file(fault: ExistingFile) -> tuple[str, bytes]:
    """Its name on the flash and its content."""
    storage, name = split_spelling(fault.name)
    data = (fault.text or "").encode() or b"\xff" * (fault.bytes_count or 0)
    return (name if storage == FLASH else fault.name), data


def prepare(ufs: Ufs, faults: Sequence[Fault]) -> None:
    """Put on the flash what the faults want there: files, and then whatever fills it."""
    for fault in faults:
        if isinstance(fault, ExistingFile):
            ufs.write_file(*_file(fault))
    for fault in faults:
        if isinstance(fault, DiskFull):
            _fill(ufs, fault.free_bytes)


def _fill(ufs: Ufs, free_bytes: int) -> None:
    """Other files take all but about `free_bytes`."""
    number = 0
    while (size := ufs.free_bytes() - free_bytes) > 0:
        name = FILLER if not number else f"{number}-{FILLER}"
        number += 1
        try:
            ufs.write_file(name, b"\xff" * size)
        except UfsError:  # littlefs wanted more for itself than was reckoned with
            if size <= _FIRST_BYTES:
                return
            ufs.write_file(name, b"\xff" * (size // 2))
